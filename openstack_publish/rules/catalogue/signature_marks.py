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

"""What a signature is worth, by whom and when it was made: OSP530 to 539."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP524',
        title='The receipt that is verified has no signature',
        severity='error',
        what=(
            'Everything that the receipt names was looked at again, but '
            'beside the receipt itself there is no `.asc`: who wrote it is '
            'not known.'
        ),
        why=(
            'Whoever changes a receipt can also take its signature away. '
            'What a receipt says of maintainers at the time of the upload is '
            'written nowhere else, so without its signature it proves '
            'nothing of that.'
        ),
        remedy=(
            'Put the signature of the receipt beside it. A receipt of '
            '`republish`, or of a run without a signing key, has none: verify '
            'the release by its name.'
        ),
    ),
    Page(
        code='OSP530',
        title='The signature was made outside the window of its key',
        severity='warning',
        what=(
            'The key that signed is a key of a cycle, and was not the one in '
            'use on the day of the signature, as `data/series_status.yaml` '
            'has it. First and last day of a window count, by UTC; on the '
            'day in which two windows meet both keys are right.'
        ),
        why=(
            'Every release is signed by the key of the day, whatever series '
            'it is of. A key that signs before its time or after it is in '
            'use where it should not be. That does happen without harm, when '
            'a job gets its new key a day late; so it is a warning.'
        ),
        remedy=(
            'Find out which job signed, and hold the time of the signature '
            'against that of the upload. If the window is wrong, mend it in '
            'series_status.yaml.'
        ),
    ),
    Page(
        code='OSP531',
        title='The public key of a signature is not at hand',
        severity='error',
        what=(
            'The key that made a signature is in no file that was loaded: '
            'neither among the keys of the cycles, nor in the policy, nor '
            'named with --trusted-key (NO_PUBKEY).'
        ),
        why=(
            'Without the public key nobody can say whether the signature '
            'fits the file, so it is unknown and not bad. For a reader it is '
            'as little worth: anybody could have made it.'
        ),
        remedy=(
            'If the key is to be trusted, name a file that holds it with '
            '--trusted-key; it is never fetched from a server. Otherwise '
            'find out who signed.'
        ),
    ),
    Page(
        code='OSP532',
        title='The signature was made after its key had expired',
        severity='error',
        what=(
            'The time in the signature is later than the end of the key that '
            'made it, or of its primary key. A key that expired after the '
            'signature was made breaks no rule.'
        ),
        why=(
            'Keys of the cycles live for some months, so gpg reports an '
            'expired key for every old release; what counts is the time of '
            'the signature. After its end nobody watches over a key any '
            'more, and gpg itself refuses to sign with it.'
        ),
        remedy='Sign the file with the key of the current cycle.',
    ),
    Page(
        code='OSP533',
        title='The signature was made after its key was revoked',
        severity='error',
        what=(
            'The key was revoked as superseded or retired, and the signature '
            'says that it was made at that time or later.'
        ),
        why=(
            'gpg 2.2 ends with success for a revoked key and looks at no '
            'date; this rule does. The first signing subkey of the 2026.1 '
            'cycle was superseded on 2026-01-09 after a possible exposure: '
            'whoever has it could sign today.'
        ),
        remedy=(
            'Sign the file with the key that took its place, and make sure '
            'that the job has that one.'
        ),
    ),
    Page(
        code='OSP534',
        title='The signature is by a key that is not to be believed',
        severity='error',
        what=(
            'The key was revoked as compromised, or without a reason that '
            'lets older signatures stand (RFC 4880, 5.2.3.23). The time of '
            'the signature does not matter.'
        ),
        why=(
            'The time in a signature is what its maker says it is. Whoever '
            'has a stolen key can write any time into it.'
        ),
        remedy=(
            'Sign the file with a good key, after comparing its digest with '
            'one from before: that of the upload, or of a receipt.'
        ),
    ),
    Page(
        code='OSP535',
        title='The key of an older signature was superseded since',
        severity='note',
        what=(
            'The key was revoked as superseded or retired, and the signature '
            'says that it was made before that. It stays good.'
        ),
        why=(
            'These reasons end what a key does and take nothing back (RFC '
            '4880, 5.2.3.23). It is told because whoever has the key can '
            'still write an earlier time into a signature.'
        ),
        remedy=(
            'Nothing; where it matters, compare the time of the signature '
            'with the time of the upload, which the index measured.'
        ),
    ),
    Page(
        code='OSP536',
        title='The signature file is a clear-signed text',
        severity='error',
        what=(
            'The `.asc` file is a text with a signature of that text in it '
            '(gpg --clearsign), and no signature of the distribution.'
        ),
        why=(
            'Such a file verifies against its own content when gpg is given '
            'it alone, whatever the distribution beside it holds. So gpg is '
            'always given both.'
        ),
        remedy=(
            'Replace it by a detached signature (gpg --armor --detach-sign).'
        ),
    ),
    Page(
        code='OSP537',
        title='The signature file holds several signatures',
        severity='error',
        what=(
            'The `.asc` file of a distribution holds more than one '
            'signature, of whomever.'
        ),
        why=(
            'gpg ends with success where the last of two signatures is good '
            'and the first was made by nobody we know; libraries show the '
            'last one only. A file with one signature can be read in one way '
            'only.'
        ),
        remedy=(
            'Find out where the others are from, and replace the file by one '
            'signature.'
        ),
    ),
    Page(
        code='OSP538',
        title='The signature is one over text, not over bytes',
        severity='error',
        what=(
            'The signature is of another class than 00, a binary document '
            '(RFC 4880, 5.2.1); 01 is one over text.'
        ),
        why=(
            'A signature over text does not see line ends, and so fits more '
            'than one file.'
        ),
        remedy=(
            'Sign the file again without --textmode; the signatures made '
            'here are right.'
        ),
    ),
    Page(
        code='OSP539',
        title='There is more than a signature in the signature file',
        severity='warning',
        what=(
            'The `.asc` file holds something before or after the armored '
            'signature.'
        ),
        why=(
            'gpg passes over it without a word. Nothing of it is signed, and '
            'to somebody who opens the file it looks as if it were.'
        ),
        remedy='Leave the armored signature alone in the file.',
    ),
)
