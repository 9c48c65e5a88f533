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

"""2xx: what the reader of a distribution saw."""

from __future__ import annotations

from openstack_publish.rules.catalogue import distribution_contents
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP201',
        title='The file is no whole sdist or wheel',
        severity='error',
        what=(
            'The file is empty, cut off, no gzipped tar or zip archive at '
            'all, or an archive that unpackers understand differently: data '
            'after its end or between its members, a zip whose members '
            'disagree with its central directory, encrypted members, or a '
            'compression that installers lack. It is unknown where the file '
            'could not be read from disk.'
        ),
        why=(
            'PyPI refuses most of these (`Invalid distribution file`, `ZIP '
            'archive not accepted`), but some only after other files of the '
            'release were stored. Archives that two programs read in two '
            'ways were used to hide files from scanners.'
        ),
        remedy=(
            'Build the file again, or fetch it again from where it was built, '
            'and compare its sha256 with that of the original.'
        ),
    ),
    Page(
        code='OSP202',
        title='The file has no core metadata',
        severity='error',
        what=(
            'An sdist has no PKG-INFO directly in its top-level directory, or '
            'a wheel has no METADATA in its .dist-info directory.'
        ),
        why=(
            'Name and version of a distribution are what its metadata say. '
            'PyPI refuses files without (`PKG-INFO not found at …`).'
        ),
        remedy=(
            'Build the file with a current build back end; a tarball made by '
            '`git archive` is no sdist.'
        ),
    ),
    Page(
        code='OSP203',
        title='The file has more than one core metadata',
        severity='error',
        what=(
            'An sdist has more than one name at its top or two PKG-INFO '
            'files there, or a wheel has more than one .dist-info directory.'
        ),
        why=(
            'Which of them holds depends on the program that reads. A second '
            'one can make an installer see another name or version than '
            'whoever checked the file.'
        ),
        remedy=(
            'Build the file again from a clean tree, and look for what put '
            'the second one there.'
        ),
    ),
    Page(
        code='OSP204',
        title='The core metadata is not UTF-8',
        severity='error',
        what='PKG-INFO or METADATA holds bytes that are no UTF-8.',
        why=(
            'The core metadata specification demands UTF-8. Some readers '
            'guess another encoding and others drop the field, so PyPI, '
            'twine and pip would see different values.'
        ),
        remedy=(
            'Find the field by the byte that the message names, save its '
            "source (often README or an author's name) as UTF-8, and build "
            'again.'
        ),
    ),
    Page(
        code='OSP205',
        title='RECORD does not describe the wheel',
        severity='error',
        what=(
            'The RECORD of a wheel is missing or no CSV, names a file that is '
            'not there, lacks one that is, or has another digest or size than '
            'the member has.'
        ),
        why=(
            'Installers verify what they unpack by RECORD. PyPI refuses a '
            'wheel without one, and warned about wheels that differ from '
            'theirs before it set out to refuse them. A wheel that was '
            'changed after it was built shows here.'
        ),
        remedy=(
            'Build the wheel again, and never change one by hand; '
            '`python -m wheel pack` writes a new RECORD if it must be.'
        ),
    ),
    Page(
        code='OSP206',
        title='The file unpacks to too much',
        severity='error',
        what=(
            'An archive has more than 100,000 members, 32 MiB of names or '
            '1 GiB of content, one header of more than 1 MiB, a metadata file '
            'of more than 10 MiB or 2,000 fields, or is a wheel of more than '
            '64 MiB unpacked that unpacks to more than 50 times its size. It '
            'is not read any further then.'
        ),
        why=(
            'A small file that unpacks to very much stops the machines that '
            "read it. The ratio is PyPI's own (`File exceeds compression "
            'ratio of 50`); the other limits are far above what any release '
            'of OpenStack holds.'
        ),
        remedy=(
            'Look at what the build put into the file (test data, virtual '
            'environments, git history) and leave it out.'
        ),
    ),
    Page(
        code='OSP207',
        title='A member of the file is not safe to unpack',
        severity='error',
        what=(
            'A member has an absolute path, a path with "..", a backslash, a '
            'drive letter or a control character, of more than 4,096 '
            'characters or 100 directories, no UTF-8 name, the name of '
            'another member (or one that differs from it only by case or by '
            'how Unicode writes an accent), or is a device, a pipe, a sparse '
            'file, a link out of the top-level directory, or lies behind a '
            'link. Links that stay inside an sdist are accepted; in wheels '
            'there are none.'
        ),
        why=(
            'Such members write outside the directory that somebody unpacks '
            'into, or make two programs unpack different files. Installers '
            'refuse them since PEP 706.'
        ),
        remedy=(
            'Find in the source tree or the build what made this member, '
            'remove it there, and build again.'
        ),
    ),
    Page(
        code='OSP208',
        title='pbr.json is malformed',
        severity='error',
        what=(
            'The pbr.json of a distribution is no JSON object with a text '
            '`git_version` and a true or false `is_release`, or there are '
            'several of them for the project.'
        ),
        why=(
            'pbr writes there which commit was built; it is what ties the '
            'file to the commit that the deliverable file orders. One that '
            'cannot be read says nothing, which must not pass for a match.'
        ),
        remedy='Build the file again with pbr, from a clean clone.',
    ),
    Page(
        code='OSP209',
        title='The file is named for something else than it is',
        severity='error',
        what=(
            'The name of the file is not of the form of an sdist (PEP 625) or '
            'wheel (PEP 427), or gives another project or version than the '
            'metadata inside.'
        ),
        why=(
            "pip and PyPI go by the file's name until they open the file. "
            'PyPI refuses a difference (`Start filename for …`, `Version in '
            'filename should be …`); a renamed file is how one release was '
            'taken for another.'
        ),
        remedy='Publish the file under the name that the build gave it.',
    ),
    Page(
        code='OSP210',
        title='The files are not of one release',
        severity='error',
        what=(
            'Two of the given files have different names or versions in '
            'their metadata, or the same file name.'
        ),
        why=(
            'One run publishes one release: one order, one receipt, one '
            'decision. A leftover of an earlier build in the directory is the '
            'usual reason.'
        ),
        remedy=(
            'Empty the directory before the build, or name the files of the '
            'one release.'
        ),
    ),
    Page(
        code='OSP211',
        title='The wheel does not fit its name',
        severity='error',
        what=(
            'The .dist-info directory of a wheel is not called like the file, '
            'the file WHEEL in it is missing or of another major version than '
            "1, or its tags are not those of the file's name."
        ),
        why=(
            'PyPI looks for `NAME-VERSION.dist-info/WHEEL` by the name of the '
            'file and refuses a renamed wheel (`WHEEL not found at …`). '
            'Installers choose a wheel by the tags in its name.'
        ),
        remedy=(
            'Publish the wheel under the name that the build gave it; '
            '`python -m wheel tags` changes both name and content.'
        ),
    ),
    Page(
        code='OSP212',
        title='The file changed after it was checked',
        severity='error',
        what=(
            'Right before it was to be used, a file no longer had the bytes '
            'that were read and checked at the beginning of the run.'
        ),
        why=(
            'Everything that was found out is true of the bytes that were '
            'read. A file that is replaced between check and upload is an '
            'accident of two jobs in one directory, or an attack.'
        ),
        remedy=(
            'Find out what wrote to the directory during the run; then run '
            'again over files that nobody else can write to.'
        ),
    ),
    Page(
        code='OSP213',
        title='The files of the release describe it differently',
        severity='warning',
        what=(
            'Two files of the release differ in Summary, Description, '
            'Description-Content-Type, Classifier, Requires-Dist, '
            'Requires-Python or License-Expression.'
        ),
        why=(
            'PyPI shows for a release what the first file says and never '
            'changes that. With wheels first, what only the sdist says is '
            'never shown, and tools that resolve dependencies get other '
            'answers from the sdist than from the wheel.'
        ),
        remedy=(
            'Build the wheel from the sdist (`python -m build` does so by '
            'itself), and look at what in the build depends on where it runs.'
        ),
    ),
    *distribution_contents.PAGES,
)
