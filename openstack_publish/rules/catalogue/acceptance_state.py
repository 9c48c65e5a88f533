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

"""3xx, the second part: refusals for what the index holds already."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP302',
        title='The index has other bytes under this file name',
        severity='error',
        what=(
            'The index lists a file of the same name whose sha256 is another '
            'one than that of the given file.'
        ),
        why=(
            "PyPI never replaces a file (`File already exists`), and twine's "
            '--skip-existing passes over it as if it were ours. A release job '
            'that runs again builds other bytes from the same tag, so that '
            'tarballs, signatures and PyPI no longer agree.'
        ),
        remedy=(
            'If a job ran twice, publish the originals from the archive with '
            '`--on-existing adopt`; if nobody knows those bytes, treat it as '
            'an intrusion: tell the release team and PyPI.'
        ),
    ),
    Page(
        code='OSP303',
        title='The index has a foreign file under this version',
        severity='error',
        what=(
            'The index lists a file under the version that is none of the '
            'given ones. The signature that an index keeps beside one of our '
            'files (`FILE.asc`) does not count.'
        ),
        why=(
            'Whoever has a role may add a file to a release, before or after '
            "ours. pip prefers a wheel for the user's platform to ours for "
            'any, so people would install what nobody ordered.'
        ),
        remedy=(
            "Find out who uploaded it (the project's history on PyPI says "
            'so), have an Owner delete the file or yank the release, and '
            'publish under the next version.'
        ),
    ),
    Page(
        code='OSP304',
        title='The release no longer takes files',
        severity='error',
        what=(
            'The first file of the release was uploaded more than 14 days '
            'ago, and a given file is not on the index. A file that PyPI no '
            'longer lists may have come earlier still.'
        ),
        why=(
            'Since 2026-07-08 PyPI refuses new files for older releases '
            '(`Uploading new files to releases older than 14 days is not '
            'allowed`), of any version, so that old releases cannot be '
            'poisoned.'
        ),
        remedy=(
            'The release stays as it is on PyPI; what is missing there can '
            'only come with a new version.'
        ),
    ),
    Page(
        code='OSP305',
        title='The project is archived',
        severity='error',
        what='The index gives the project the status archived (PEP 792).',
        why=(
            'PyPI lets nobody upload to an archived project, its Owner '
            'included, and answers as if the role were missing (`isn\'t '
            'allowed to upload to project`).'
        ),
        remedy=(
            'If the project is to be released again, an Owner takes it out of '
            'the archive in its settings; else retire its deliverable.'
        ),
    ),
    Page(
        code='OSP306',
        title='The project is quarantined',
        severity='error',
        what='The index gives the project the status quarantined (PEP 792).',
        why=(
            "PyPI's administrators quarantine what may be malicious. An "
            'upload to it answers 200 and is visible to nobody, so it looks '
            'like a success.'
        ),
        remedy=(
            "Find out from PyPI's administrators why, and publish nothing "
            'until the project is free again.'
        ),
    ),
    Page(
        code='OSP314',
        title='The index has these bytes under another name',
        severity='error',
        what=(
            'A file that is to be uploaded has the sha256 of a file that the '
            'index lists for the project under another name.'
        ),
        why=(
            'PyPI knows files by name and by content and refuses either '
            '(`File already exists`), in words that do not tell which it was.'
        ),
        remedy=(
            'Look at which of the two names is right. A copied or renamed '
            'file is not a release; build the version that was ordered.'
        ),
    ),
    Page(
        code='OSP316',
        title="A part of the index's answer is missing",
        severity='error',
        what=(
            'What the index says of the project, its status, its files or '
            'the files of the release could not be read, a file is listed '
            'without its digest or time of upload, or the project has a '
            'status that this version does not know.'
        ),
        why=(
            'A release is refused on what is there already; where that cannot '
            'be read, nothing is known to be fine. The review check of '
            'openstack/releases takes an error for an empty answer, and '
            'passes.'
        ),
        remedy=(
            'Run again once the index answers; the message says what it '
            'answered now.'
        ),
    ),
    Page(
        code='OSP317',
        title='Some refusals cannot be foreseen',
        severity='note',
        what=(
            'Whether a file of this name was there once and was deleted, '
            'whether the size limits of the project were raised, whether its '
            'name is too similar to another one, and how many projects the '
            'user may still create.'
        ),
        why=(
            'Only the server knows these, and tells them by refusing. Its '
            'words are then shown as they are.'
        ),
        remedy='Nothing; the first upload will tell.',
    ),
    Page(
        code='OSP318',
        title='The index refused the upload',
        severity='error',
        what=(
            'The server answered the upload of a file with a refusal; the '
            'message holds its words verbatim.'
        ),
        why=(
            "The rules here follow the server's own, but it may have new ones "
            'and knows things that no client can see.'
        ),
        remedy=(
            "Do what the server's words ask for, and run again with the same "
            'files.'
        ),
    ),
    Page(
        code='OSP319',
        title='The project is new on the index',
        severity='note',
        what=(
            'Every route of the index answers that there is no such project: '
            'the first upload will create it.'
        ),
        why=(
            'A mistyped name creates a project just as well as a right one. '
            'The uploader becomes its only Owner, which is checked after the '
            'upload.'
        ),
        remedy=(
            'Make sure that the name is meant to be new; nothing else is to '
            'be done.'
        ),
    ),
    Page(
        code='OSP320',
        title='The archive holds other bytes',
        severity='error',
        what=(
            'The tarballs archive has a file of the same name whose sha256 is '
            'another one than that of the given file.'
        ),
        why=(
            'A rebuild of a tag gives other bytes. If both were published, '
            'the signature on the tarballs site would not verify the file on '
            'PyPI.'
        ),
        remedy=(
            'Publish the originals from the archive with `--on-existing '
            'adopt`.'
        ),
    ),
    Page(
        code='OSP321',
        title='The project exists without a visible release',
        severity='note',
        what=(
            'JSON answers that there is no such project and the simple index '
            'that there is: all its releases were deleted, or it is '
            'quarantined.'
        ),
        why=(
            'Such a project has owners, and file names that can never be used '
            'again. A tool that asks JSON alone takes it for a new one.'
        ),
        remedy=(
            'Look at the project on PyPI and make sure that it is ours before '
            'publishing to it.'
        ),
    ),
    Page(
        code='OSP322',
        title='Whether a file was stored is not known',
        severity='error',
        what=(
            'An upload ended without a clear answer (a timeout, a reset, a '
            '5xx), and reading the index afterwards did not settle it, or '
            'further attempts ended in the same way.'
        ),
        why=(
            'PyPI can store a file and still answer 500. Sending it again is '
            'safe only while the index is known not to hold other bytes.'
        ),
        remedy=(
            'Run the same command again with the same files: what is stored '
            'is recognised by its sha256 and not sent twice.'
        ),
    ),
    Page(
        code='OSP323',
        title='Originals from the archive are published instead',
        severity='note',
        what=(
            'With `--on-existing adopt` the signed files of this release in '
            'the archive were verified and took the place of the given ones.'
        ),
        why=(
            'Tarballs, signatures and PyPI are to hold the same bytes; the '
            'first signed build is the release.'
        ),
        remedy='Nothing; the receipt lists what was published.',
    ),
    Page(
        code='OSP325',
        title='There is no signed original to adopt',
        severity='error',
        what=(
            'With `--on-existing adopt` the index or the archive holds other '
            'bytes of this release, and the archive lacks a file of it, or '
            'its signature.'
        ),
        why=(
            'A rebuild has other digests than the first build. Only the '
            'first build can complete what it began, and only its signature '
            'tells that it is the first build.'
        ),
        remedy=(
            'Look for the files of the first build and their signatures (the '
            "job's logs keep artifacts for a while) and publish those. If "
            'they are gone and the index has none of them, remove what the '
            'archive has; if the index has some, order a new version.'
        ),
    ),
)
