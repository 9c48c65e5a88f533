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

"""1xx, with --source-tree: the distributions held against the commit."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP115',
        title='A file of the sdist is not as the ordered commit has it',
        severity='error',
        what=(
            'A file of the sdist has the path of a file in the tree of the '
            'ordered commit, and other content. Contents are compared as git '
            'stores them, by their blob ids. A setup.cfg may differ by what '
            'setuptools makes of it: written anew, with the section '
            '[egg_info]. Modules of the tree that the sdist lacks are noted. '
            'It is unknown where the files of the sdist cannot be read.'
        ),
        why=(
            'A builder that was broken into changes what it builds: version, '
            'pbr.json and signature are right, the code is not. The sources '
            'of xz 5.6.0 were such a case: what was in the tarball was in no '
            'commit.'
        ),
        remedy=(
            'Do not publish. Build again on another machine and compare; '
            '"git hash-object FILE" prints the blob id of a file. If the '
            'project changes the file when it is built, waive the code in '
            'the policy, with the reason.'
        ),
    ),
    Page(
        code='OSP116',
        title='A file of the sdist is in no commit',
        severity='error',
        what=(
            'A file of the sdist is not in the tree of the ordered commit, '
            'and is none of those that setuptools, pbr and reno are known to '
            'make: PKG-INFO, the files of the one .egg-info directory, '
            'AUTHORS, ChangeLog, RELEASENOTES.rst and '
            'releasenotes/notes/reno.cache. Files of submodules are in no '
            'tree of this repository, and hard links are never taken.'
        ),
        why=(
            'What nobody reviewed is added where it is not seen: a test '
            'file, a conftest.py, a script of the build. An untidy work tree '
            'does the same without intent.'
        ),
        remedy=(
            'Look at the file. Build again from a fresh clone of the ordered '
            'commit. If the project makes the file when it is built, waive '
            'the code in the policy, with the reason.'
        ),
    ),
    Page(
        code='OSP117',
        title='A file of the wheel does not come from the source',
        severity='error',
        what=(
            'A file of the wheel is not in the sdist, or has other content '
            'there; without an sdist the tree of the ordered commit stands '
            'for it. A module must have its own path there, below the '
            'directory that packages lie in. Data files, headers and '
            'licenses must have the content of a file of the same name. A '
            'script of Python may have another first line, and pbr\'s '
            'scripts for WSGI must be what pbr writes. Metadata in .dist-info '
            'is generated. It is unknown where the files of the wheel cannot '
            'be read.'
        ),
        why=(
            'Everybody reviews the sdist and everybody installs the wheel. A '
            'module or a .pth file that is in the wheel alone runs on the '
            'machines of all users. Compiled extensions and modules that are '
            'generated cannot be told from that.'
        ),
        remedy=(
            'Do not publish. Build the wheel again from the sdist, on '
            'another machine, and compare. If the project generates the file '
            'when it is built, waive the code in the policy, with the reason.'
        ),
    ),
    Page(
        code='OSP118',
        title='The source tree does not show the ordered commit',
        severity='error',
        what=(
            'The repository given with --source-tree does not hold the '
            'ordered commit, holds another kind of object under its hash, or '
            'has an object whose content does not have the hash that it is '
            'stored under. It is unknown where git cannot be run, refuses '
            'to read the repository, or a limit is reached.'
        ),
        why=(
            'The ordered hash stands for every file of the commit. Each '
            'object that leads from it to the files is hashed again, so that '
            'replaced or edited objects cannot stand for what was ordered.'
        ),
        remedy=(
            'Give a full clone of the ordered repository and fetch the '
            'commit ("git fetch origin HASH"); "git fsck" finds damaged '
            'objects. If git speaks of dubious ownership, run as the owner '
            'of the clone or set safe.directory.'
        ),
    ),
    Page(
        code='OSP119',
        title='The metadata has what the ordered commit does not declare',
        severity='error',
        what=(
            'A distribution requires a project that no requirements in the '
            'tree of the ordered commit name, or has an entry point that the '
            'tree does not declare. Looked at are requirements*.txt, '
            'tools/pip-requires, setup.cfg, pyproject.toml, and the strings '
            'in setup.py; for extras also files such as '
            'test-requirements.txt. Names are compared, versions are not.'
        ),
        why=(
            'Metadata is generated, so a changed one has no original that it '
            'differs from. A requirement that was slipped in installs '
            'somebody else\'s code beside every untouched module, and an '
            'entry point lets installed code be called.'
        ),
        remedy=(
            'Do not publish. Compare METADATA and entry_points.txt with the '
            'repository. If the project declares it in another place, waive '
            'the code in the policy, with the reason.'
        ),
    ),
)
