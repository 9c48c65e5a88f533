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

"""The keys of all cycles, as whoever verifies meets them: OSP540 to 545."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP540',
        title='A key of the cycles cannot be used to verify',
        severity='warning',
        what=(
            'The series list names a key, and the checkout has no file '
            'doc/source/static/0xFINGERPRINT.txt with that primary key and '
            'nothing else.'
        ),
        why=(
            'Signatures by this key are then unknown: they may be good, and '
            'nobody can tell. It is a warning by itself, since most releases '
            'are signed by other keys.'
        ),
        remedy=(
            'Take a whole checkout of openstack/releases, or name a file '
            'that holds the key with --trusted-key.'
        ),
    ),
    Page(
        code='OSP541',
        title='A key of the cycles is not certified by the one before',
        severity='warning',
        what=(
            'A key whose window begins with that of yoga (2021-10-27) or '
            'later has no signature over a user id by the key of the cycle '
            'before that gpg could verify.'
        ),
        why=(
            'Since yoga each key carries such a signature, so that whoever '
            'knows one key can follow the chain to the next. Older keys have '
            'none. gpg finds a certification only where the older key was '
            'imported first; here they are imported in that order.'
        ),
        remedy=(
            'Compare the fingerprint with one that you got another way: from '
            'the site of the releases, or from a signed tag.'
        ),
    ),
    Page(
        code='OSP542',
        title='A key of the cycles is held together by SHA-1',
        severity='note',
        what=(
            'The signatures that bind user ids and subkeys to the primary '
            'key use SHA-1 or another weak hash algorithm (2 is SHA-1 in RFC '
            '4880).'
        ),
        why=(
            'The keys of ocata, pike, queens and rocky were made by the gpg '
            'of their day. gpg 2.2 takes them; stricter tools do not, and '
            'then none of the signatures of these cycles verifies. What '
            'signed the releases is another matter: that is judged by each '
            'signature.'
        ),
        remedy=(
            'Nothing; verify releases of that time with a tool that takes '
            'the keys.'
        ),
    ),
    Page(
        code='OSP543',
        title='A signing key of a cycle was revoked',
        severity='note',
        what=(
            'A subkey with which a cycle signed was revoked; when and why is '
            'said. Signatures are judged by that date.'
        ),
        why=(
            'gpg 2.2 says of each signature by such a key that the key was '
            'revoked, and never whether that was before or after. The first '
            'signing subkey of gazpacho was superseded on 2026-01-09 after a '
            'possible exposure.'
        ),
        remedy=(
            'Nothing; a signature that was made later has a finding of its '
            'own.'
        ),
    ),
    Page(
        code='OSP544',
        title='A key of the cycles has expired',
        severity='note',
        what='The primary key of a cycle is past its end.',
        why=(
            'Keys of the cycles live for some months, and releases for '
            'years: this is how every key of a past cycle looks. A signature '
            'is held against the end of its key by the day on which it was '
            'made.'
        ),
        remedy='Nothing; this is normal for every cycle but the present one.',
    ),
    Page(
        code='OSP545',
        title='A key of the cycles is certified by the one before',
        severity='note',
        what=(
            'The key of a cycle carries a signature by the key of the cycle '
            'before, and gpg verified it.'
        ),
        why=(
            'Whoever trusts the first key of such a chain has a reason to '
            'trust the last one, without trusting the site or the checkout '
            'that the keys come from.'
        ),
        remedy='Nothing; this is how it should be.',
    ),
)
