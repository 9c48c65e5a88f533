# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""2xx, continued: what lies inside and hardly belongs there."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP214',
        title='The wheel installs a .pth file',
        severity='warning',
        what=(
            'A wheel puts a file whose name ends in .pth directly into '
            'site-packages. The -nspkg.pth that setuptools once made for '
            'namespace packages is one, too.'
        ),
        why=(
            'Python reads each such file whenever it starts and runs the '
            'lines that begin with `import`, whether or not the package is '
            'ever used. Nothing else that a wheel holds runs without being '
            'called for.'
        ),
        remedy=(
            'Read the file. Where it is not meant to be there, publish '
            'nothing and look at how the machine that built the wheel came '
            'by it; for a namespace package use one without __init__.py '
            '(PEP 420).'
        ),
    ),
    Page(
        code='OSP215',
        title="The wheel installs modules beside the project's own",
        severity='warning',
        what=(
            'A wheel installs a top-level module or package that is neither '
            'called like the project (oslo_i18n, novaclient for '
            'python-novaclient, xstatic for every XStatic package, each also '
            'with _tests) nor in the sdist of the release, or one of a name '
            'that no project owns, such as tests or tools. It is unknown '
            'where there is no sdist beside the wheel.'
        ),
        why=(
            'What lies beside the project can take the place of a module of '
            'the standard library or of another project. A package `tests` '
            'is an accident of automatic discovery, and the one that is '
            'installed last replaces the others; a module that is not in the '
            'sdist came from the machine that built the wheel.'
        ),
        remedy=(
            'Compare the wheel with the sdist. Name the packages that are to '
            'be installed in setup.cfg or pyproject.toml, and build again.'
        ),
    ),
    Page(
        code='OSP216',
        title='A file inside looks like it holds a secret',
        severity='warning',
        what=(
            'A file of the distribution holds what looks like an API token '
            'of PyPI, GitHub, GitLab, Slack or AWS, or a private key with '
            'its key material. Archives inside the distribution are not '
            'looked into; at most 1,000 places are named.'
        ),
        why=(
            'What is on PyPI is copied within minutes and cannot be called '
            'back. Tests of projects that handle keys hold some that were '
            'made for them; therefore this refuses nothing.'
        ),
        remedy=(
            'Look at each file that is named. A secret that is in use must '
            'be revoked, whether or not the release is published; a key for '
            'tests may stay.'
        ),
    ),
    Page(
        code='OSP217',
        title='The file holds bytecode',
        severity='warning',
        what=(
            'An sdist or a wheel holds a .pyc or .pyo file, or a directory '
            '__pycache__.'
        ),
        why=(
            'Python runs bytecode without looking at the source beside it '
            'when it seems to be of the same age, so that what runs is not '
            'what was reviewed. Builds do not make any; it is left over from '
            'a tree in which the code had run.'
        ),
        remedy='Build the file again from a clean clone.',
    ),
)
