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

"""7xx: delivery and confirmation; releases that are out there."""

from __future__ import annotations

from openstack_publish.rules.catalogue import retelling
from openstack_publish.rules.catalogue import verification
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP701',
        title='The index does not show a file that was uploaded',
        severity='error',
        what=(
            'A file that the index took, or had, is not in the JSON of the '
            'release or not on the simple page, though both were read again '
            'and again for the time that --wait allows (600 s).'
        ),
        why=(
            'PyPI\'s caches may be behind for minutes, so one reading proves '
            'nothing. A file that stays away was removed, or its project '
            'was quarantined.'
        ),
        remedy=(
            'Run again with --confirm-only in some minutes. If the file '
            'still is not there, look at the releases page of the project.'
        ),
    ),
    Page(
        code='OSP702',
        title='The index shows other bytes than ours',
        severity='error',
        what=(
            'The index lists a file under our name with another sha256 than '
            'that of the file here. Both digests are told.'
        ),
        why=(
            'What users install is not what was built, checked and signed. '
            'PyPI never replaces a file, so somebody uploaded theirs first.'
        ),
        remedy=(
            'Do not announce the release. Compare the two files, yank the '
            'release, and treat the account as compromised until it is '
            'explained.'
        ),
    ),
    Page(
        code='OSP703',
        title='A file is there that is not ours',
        severity='error',
        what=(
            'Under our version the index lists a file that is none of those '
            'that were published; signatures of our own files aside.'
        ),
        why=(
            'A planted wheel with a more exact platform tag is preferred by '
            'pip over ours, and every check of our own two files still '
            'passes.'
        ),
        remedy=(
            'Remove the file or yank the release on the releases page of '
            'the project, and find out who uploaded it: the security '
            'history of the project names them.'
        ),
    ),
    Page(
        code='OSP704',
        title='The release could not be read back',
        severity='error',
        what=(
            'The index did not answer, or not in a form that can be read, '
            'when it was asked for the files and the status of the release.'
        ),
        why=(
            'A release that nobody saw on the index is not confirmed, '
            'however well the upload went.'
        ),
        remedy=('Run again with --confirm-only when the index answers.'),
    ),
    Page(
        code='OSP705',
        title='After the upload the project is closed',
        severity='error',
        what=(
            'The simple page gives the project the status quarantined or '
            'archived. A quarantined project takes an upload with 200 and '
            'shows no files to anybody.'
        ),
        why=(
            'Quarantine is what PyPI\'s administrators do with a project '
            'that somebody reported as malware; the answers to an upload do '
            'not show it.'
        ),
        remedy=(
            'Look at the project with a browser, and write to the '
            'administrators of the index if it is quarantined.'
        ),
    ),
    Page(
        code='OSP706',
        title='The run was interrupted',
        severity='error',
        what=(
            'A signal ended the run before its last step. What was done '
            'until then stands in the receipt.'
        ),
        why=(
            'A run that stops between two files leaves half a release; the '
            'same command with the same files completes it and uploads '
            'nothing twice.'
        ),
        remedy=('Run the same command again.'),
    ),
    Page(
        code='OSP707',
        title='This program met an error of its own',
        severity='error',
        what=(
            'An exception that nothing expected ended the run. It is an '
            'error in this program, not in the release.'
        ),
        why=(
            'What a program did not foresee it cannot judge, so the run '
            'counts as one that could not know.'
        ),
        remedy=(
            'Run again with --debug, and report the traceback; it holds no '
            'credentials.'
        ),
    ),
    Page(
        code='OSP708',
        title='Nothing was archived',
        severity='note',
        what=(
            'No archive was named, so the files and their signatures were '
            'not put into the tarballs archive, and step 11 was not done.'
        ),
        why=(
            'PyPI drops signatures without a word: the archive is where '
            'users find them.'
        ),
        remedy=(
            'Name the archive with --archive where files and signatures are '
            'to be kept.'
        ),
    ),
    Page(
        code='OSP709',
        title='The archive could not be written',
        severity='error',
        what=(
            'A file or its signature could not be staged in the archive, '
            'put into its place or taken back.'
        ),
        why=(
            'A release is archived before it is uploaded, so that no file '
            'is on the index whose signature is nowhere.'
        ),
        remedy=(
            'Mend what the message names, such as permissions or space, and '
            'run the same command again.'
        ),
    ),
    Page(
        code='OSP710',
        title='The receipt that was there was kept',
        severity='note',
        what=(
            'The receipt of this release is there already, and says that it '
            'was published, or tells of an upload that this run could not '
            'confirm. This run uploaded nothing, and left it as it is.'
        ),
        why=(
            'A receipt is the record of what happened when it happened; a '
            'later look must not replace it.'
        ),
        remedy=(
            'Nothing. Name another file with --receipt to keep the story of '
            'this run.'
        ),
    ),
    Page(
        code='OSP711',
        title='--skip-existing changes nothing',
        severity='note',
        what=(
            'The option is accepted because twine has it. Whether a file is '
            'on the index already is decided by its sha256, with the option '
            'or without.'
        ),
        why=(
            'twine\'s own option goes by file names and by the words '
            '"already exist": a foreign file with our name passes as '
            'success.'
        ),
        remedy=('Leave the option out.'),
    ),
    Page(
        code='OSP712',
        title='A file was not uploaded because an earlier one failed',
        severity='error',
        what=(
            'The index holds at least one file of the release, and this one '
            'was not sent because the upload stopped before it.'
        ),
        why=(
            'Half a release is worse than none: some users get it and '
            'others do not. After 14 days PyPI takes no further file.'
        ),
        remedy=(
            'Mend what stopped the first one, and run the same command with '
            'the same files within the 14 days.'
        ),
    ),
    Page(
        code='OSP713',
        title='The receipt could not be written or signed',
        severity='error',
        what=(
            'The receipt is put on disk before the first byte is sent, '
            'after each file and at the end, and signed then. One of these '
            'failed.'
        ),
        why=(
            'Without the receipt nobody can prove later what was published, '
            'and a run that was killed could not be told from one that '
            'never began.'
        ),
        remedy=(
            'Mend what the message names, or name another file with '
            '--receipt, and run the same command again.'
        ),
    ),
    Page(
        code='OSP714',
        title='Usage or configuration is wrong',
        severity='error',
        what=(
            'A file, directory or credential that was named is not there, '
            'options contradict each other, or a configuration file is '
            'malformed; each problem of such a file is a finding of its own, '
            'with its line.'
        ),
        why=(
            'Whoever typed or wrote it can mend it, and only they. Guessing '
            'what was meant would publish something that nobody asked for. '
            'The exit code is 2.'
        ),
        remedy='Mend what the message names, and run the command again.',
    ),
    *verification.PAGES,
    *retelling.PAGES,
)
