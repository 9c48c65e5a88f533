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

"""3xx, the first part: what the index refuses in a file itself."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP301',
        title='The project cannot have this name',
        severity='error',
        what=(
            'The Name in the metadata, or the one that the deliverable file '
            'gives a new project, holds something else than ASCII letters, '
            'digits and "._-", or begins or ends with one of the three; or '
            'the project is new and is called like a module of the standard '
            'library.'
        ),
        why=(
            'PyPI refuses such names (`is an invalid value for Name`, '
            '`conflict with Python Standard Library module name`).'
        ),
        remedy="Choose another name in the package's configuration.",
    ),
    Page(
        code='OSP307',
        title='The wheel is for a platform that the index does not take',
        severity='error',
        what=(
            'A tag in the name of a wheel names a platform that is none of '
            'any, win, macosx, manylinux, musllinux, ios, android and '
            'pyodide; most often a bare linux_x86_64.'
        ),
        why=(
            'A wheel that was built on one Linux runs on others only if it '
            'keeps to an agreed set of libraries. PyPI refuses the rest '
            '(`has an unsupported platform tag`); the role that uploads today '
            'skips them silently.'
        ),
        remedy=(
            'Leave the wheel out and publish the sdist alone, or repair it '
            'with auditwheel.'
        ),
    ),
    Page(
        code='OSP308',
        title='The core metadata is not valid',
        severity='error',
        what=(
            'A field of the metadata is malformed, stands there twice, is '
            'unknown, or is newer than the Metadata-Version says; a '
            'classifier does not exist or is deprecated; Summary is longer '
            'than 512 characters or has several lines; an address or URL is '
            'none; License stands beside License-Expression; a License-File '
            'is not in the file.'
        ),
        why=(
            'Twine stops at malformed fields, and PyPI refuses every one of '
            'these (`See https://packaging.python.org/specifications/'
            'core-metadata`). It checks the first file of a release before '
            'it stores anything, but each further file on its own.'
        ),
        remedy=(
            'Mend the field in pyproject.toml or setup.cfg and release the '
            'next version. A classifier that is newer than this machine needs '
            'a newer trove-classifiers here.'
        ),
    ),
    Page(
        code='OSP309',
        title='The description does not render',
        severity='error',
        what=(
            'Description-Content-Type is none of text/x-rst, text/markdown '
            'and text/plain, or readme_renderer cannot render the '
            'description. Without a content type it is reStructuredText.'
        ),
        why=(
            'PyPI refuses a file whose description does not render (`The '
            'description failed to render`). Directives of Sphinx in README '
            'are the usual reason; the review job checks with `twine check`, '
            'but on another commit than the tag may be on.'
        ),
        remedy=(
            'Mend README so that `twine check` passes, or name its content '
            'type, and release the next version.'
        ),
    ),
    Page(
        code='OSP310',
        title='There would be a second sdist',
        severity='error',
        what=(
            'Two of the given files are sdists, or the index lists an sdist '
            'of the release under another name.'
        ),
        why='PyPI answers `Only one sdist may be uploaded per release.`',
        remedy=(
            'Publish the one sdist that was built from the ordered commit; if '
            'another one is on the index already, find out who put it there.'
        ),
    ),
    Page(
        code='OSP311',
        title='The file name is not in its normalised form',
        severity='error',
        what=(
            'An sdist is not called exactly NAME-VERSION.tar.gz, or a wheel '
            "does not begin with NAME, where NAME is the project's name in "
            'lower case with every run of "._-" as one underscore.'
        ),
        why=(
            'PyPI refuses `oslo.demo-1.2.0.tar.gz` and says that it should be '
            '`oslo_demo-1.2.0.tar.gz` (PEP 625, PEP 427). setuptools before '
            '69.3 builds such names.'
        ),
        remedy=(
            'Build with setuptools 69.3 or later; renaming the file changes '
            "neither its top-level directory nor its signature's name."
        ),
    ),
    Page(
        code='OSP312',
        title='The file may be too large for the index',
        severity='error',
        what=(
            'A file that is to be uploaded is larger than 100 MiB, which is '
            'what PyPI takes unless it has raised the limit for the project. '
            'It is a note where the index lists a larger file of the project '
            'than that: then the limit has been raised.'
        ),
        why=(
            'PyPI answers `File too large. Limit for project … is 100 MB`. '
            'Wheels go first, so a large sdist would be refused once the '
            'wheel is stored and leave half a release. No client can read '
            "a project's limit, so this asks for a person once; afterwards "
            'the index shows the larger file.'
        ),
        remedy=(
            "Look at the project's settings on PyPI. If its limit is high "
            'enough, waive OSP312 for the project in the policy, with that as '
            'the reason; else make the file smaller or ask PyPI for more.'
        ),
    ),
    Page(
        code='OSP313',
        title='The version is local or a dependency is a URL',
        severity='error',
        what=(
            'The version has a local part (`1.2.0+local1`), or Requires-Dist, '
            'Provides-Dist or Obsoletes-Dist names a URL instead of a '
            'version.'
        ),
        why=(
            'PyPI refuses both (`The use of local versions in … is not '
            'allowed`, `Can\'t have direct dependency`): what it serves is '
            'to be installable from it.'
        ),
        remedy=(
            'Build from the tagged commit, without local changes, and depend '
            'on released versions.'
        ),
    ),
    Page(
        code='OSP315',
        title='Attestations need a Trusted Publisher',
        severity='error',
        what=(
            'Attestations are to be uploaded (`--attestations`) and the '
            'credential is an API token or a password.'
        ),
        why=(
            'PyPI answers `Attestations are only supported when using Trusted '
            'Publishing`. Zuul is none of its publishers, so an OpenStack '
            'release has OpenPGP signatures instead.'
        ),
        remedy='Leave --attestations out.',
    ),
    Page(
        code='OSP324',
        title='Rules of PyPI were left out',
        severity='note',
        what=(
            'The policy says that the index is a plain one, so the refusals '
            'that only PyPI makes were not looked for: names, platforms, '
            'metadata, description, age of the release, size.'
        ),
        why=(
            'Other indexes have other rules. What was not checked is said, so '
            'that nobody takes a pass there for one on PyPI.'
        ),
        remedy=(
            'Nothing, if the index is a plain one; else set `index: pypi` in '
            'the policy.'
        ),
    ),
)
