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

"""5xx: the keys of the cycles in a checkout of openstack/releases."""

from __future__ import annotations

from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP519',
        title='There is not exactly one signing key for today',
        severity='error',
        what=(
            'Of the keys in data/series_status.yaml none has a window that '
            'today lies in, or more than one has. On the day on which one '
            'window ends and the next begins, the new key counts. Where the '
            'file is malformed each problem of it is told; where the '
            'checkout has no such file, this is a note.'
        ),
        why=(
            'Every release is signed by the key of the day, whatever series '
            'it is of. Whoever verifies a signature looks there which key '
            'that must have been.'
        ),
        remedy=(
            'Mend the windows (signing-key, start and end) in '
            'data/series_status.yaml.'
        ),
    ),
    Page(
        code='OSP520',
        title='The file of the signing key is missing or holds another key',
        severity='error',
        what=(
            'For the key of the day there is no file '
            'doc/source/static/0xFINGERPRINT.txt, or the file does not hold '
            'that primary key and nothing else.'
        ),
        why=(
            'That file is what users download to verify a release. Without '
            'it nobody can; with another key in it they would trust whoever '
            'has that.'
        ),
        remedy=(
            'Add the public key as its owner exported it, under its '
            'fingerprint.'
        ),
    ),
    Page(
        code='OSP521',
        title='The signing key of the day is not valid',
        severity='error',
        what=(
            'The key that is in force today has expired or is revoked, or it '
            'has no key that may sign and is neither.'
        ),
        why=(
            'gpg makes no signature with such a key, so that the release job '
            'fails between tag and upload; a signature that was made all the '
            'same verifies for nobody.'
        ),
        remedy=(
            'Bring the next key into force, or publish the key with its new '
            'end.'
        ),
    ),
    Page(
        code='OSP522',
        title='The signing key is not certified by the one before',
        severity='error',
        what=(
            'No user id of the key of the day has a signature by the key of '
            'the cycle before that gpg could verify.'
        ),
        why=(
            'Each key certifies the next one since 2021 (xena to hibiscus, '
            'seen 2026-08-21). That chain is how somebody who trusts last '
            "year's key comes to trust this year's; a key that comes from "
            'elsewhere has no link.'
        ),
        remedy=(
            'Let the owner of the key before sign the new one, and publish '
            'the file with that signature.'
        ),
    ),
)
