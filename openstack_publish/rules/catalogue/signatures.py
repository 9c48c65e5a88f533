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

"""5xx: keys and signatures."""

from __future__ import annotations

from openstack_publish.rules.catalogue import cycle_keys
from openstack_publish.rules.catalogue import key_ring
from openstack_publish.rules.catalogue import signature_marks
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = (
    Page(
        code='OSP501',
        title='The signature does not fit the file',
        severity='error',
        what=(
            'A signature lies beside a distribution, or in the archive for '
            'it, and gpg says that it was made over other bytes (BADSIG).'
        ),
        why=(
            'Either the file was changed after it was signed, or the '
            'signature belongs to another build of it: a release job that '
            'runs again builds archives with new times in them, and the '
            'signatures of the first run fit none of them.'
        ),
        remedy=(
            'Find out which of the two was replaced. If the file is the one '
            'that is to be published, remove the signature and let a new one '
            'be made.'
        ),
    ),
    Page(
        code='OSP502',
        title='The signature is good, but its key is not trusted',
        severity='error',
        what=(
            'The signature fits the file, and the primary key of the key '
            'that made it is neither a cycle key of the checkout '
            '(`data/series_status.yaml`), nor in the policy, nor named with '
            '--trusted-key.'
        ),
        why=(
            'Anybody can make a good signature. A cycle key signs with a '
            'subkey, so it is the fingerprint of the primary key that is '
            'looked up, never a short key id.'
        ),
        remedy=(
            'If the key is a right one, say so with --trusted-key, in the '
            'policy, or by adding it to series_status.yaml. Otherwise find '
            'out who signed.'
        ),
    ),
    Page(
        code='OSP503',
        title='The signature file holds no detached signature',
        severity='error',
        what=(
            'The `.asc` file of a distribution holds something else than a '
            'signature: a key, a page, a message with its signature inside, '
            'or it is empty or cut.'
        ),
        why=(
            'A message with its signature inside verifies against its own '
            'content, whatever the distribution beside it holds, and servers '
            'send a page for what they do not have.'
        ),
        remedy=(
            'Replace the file by one detached signature (gpg --armor '
            '--detach-sign), or remove it and let one be made.'
        ),
    ),
    Page(
        code='OSP504',
        title='The signature uses a weak hash algorithm',
        severity='error',
        what=(
            'The signature was made with another hash algorithm than '
            'SHA-256, SHA-384 or SHA-512 (8, 9 and 10 in RFC 4880).'
        ),
        why=(
            'Two files with one SHA-1 digest can be made since 2017, and gpg '
            '2.2 calls such a signature good; one over MD5 it does not even '
            'look at.'
        ),
        remedy='Sign the file again; the signatures made here are right.',
    ),
    Page(
        code='OSP505',
        title='The signature itself has expired',
        severity='error',
        what=(
            'The signature was given an end by whoever made it, and that is '
            'past.'
        ),
        why=(
            'The signer says that the signature is not to be believed any '
            'more. Signatures of releases are made without an end: somebody '
            'may want to verify one in ten years.'
        ),
        remedy=(
            'Sign the file again without an end; the signatures made here '
            'have none.'
        ),
    ),
    Page(
        code='OSP506',
        title='A signature is required and not there',
        severity='error',
        what=(
            'The run was asked to take signatures as they are '
            '(--signatures require), and a distribution has none, neither '
            'beside it nor in the archive.'
        ),
        why=(
            'Without a signing key nothing can be signed here, and a release '
            'of which one file is signed and the other is not is worse than '
            'either: who checks, finds a hole.'
        ),
        remedy=(
            'Put FILE.asc beside the file, or let it be made with --sign-key '
            'or --sign-key-file.'
        ),
    ),
    Page(
        code='OSP507',
        title='The signing key is not there',
        severity='error',
        what=(
            'The GnuPG home, or the key file, does not hold the key that was '
            'named to sign.'
        ),
        why=(
            'gpg signs with another key and ends with success where the '
            'named one is missing, if it is asked in the usual way '
            '(--default-key). Here it is asked for that very fingerprint, '
            'before anything is sent.'
        ),
        remedy=(
            'Check the fingerprint, and that --gnupg-home or --sign-key-file '
            'name the place that has the key.'
        ),
    ),
    Page(
        code='OSP508',
        title='The signing key has no secret part',
        severity='error',
        what=(
            'The key that was named is there, and its secret part is not: it '
            'is a public key, or the primary key of an export of subkeys.'
        ),
        why=(
            'The secret part of a cycle key stays offline, and a release job '
            'has the signing subkey alone. Naming the primary key is right; '
            'the subkey signs for it.'
        ),
        remedy=(
            'Import the secret subkey (gpg --export-secret-subkeys), or name '
            'the key whose secret part is there.'
        ),
    ),
    Page(
        code='OSP509',
        title='The signing key has expired',
        severity='error',
        what='The end of the signing key, or of its primary key, is past.',
        why=(
            'Cycle keys expire some weeks after their cycle. A signature '
            'made after that date is refused by everybody who checks dates.'
        ),
        remedy='Sign with the key of the current cycle.',
    ),
    Page(
        code='OSP510',
        title='The signing key was revoked',
        severity='error',
        what='The signing key or its primary key carries a revocation.',
        why=(
            'Its owner says that it must not be used any more; after a '
            'possible exposure somebody else may be able to sign with it.'
        ),
        remedy=(
            'Sign with the key that took its place, and make sure that the '
            'job has that one.'
        ),
    ),
    Page(
        code='OSP511',
        title='The passphrase of the signing key is wrong or missing',
        severity='error',
        what=(
            'gpg did not unlock the signing key: the passphrase is wrong, or '
            'none was given and nobody is asked for one. Where the agent of '
            "a user's home keeps the right passphrase from before, a wrong "
            'one is not noticed.'
        ),
        why=(
            'A release job has no terminal to ask at. An empty passphrase '
            'is never given to gpg: it would take the first line of the file '
            'instead and make a signature that fits nothing.'
        ),
        remedy=(
            'Set OPENSTACK_PUBLISH_PASSPHRASE, or unlock the key in the '
            'agent beforehand.'
        ),
    ),
    Page(
        code='OSP512',
        title='The signing key is not trusted',
        severity='error',
        what=(
            'The primary key of the signing key is neither a cycle key of '
            'the checkout, nor in the policy, nor named with --trusted-key.'
        ),
        why=(
            'Using a key does not make it trusted: a job that has the wrong '
            'key would confirm its own signatures, and everybody else would '
            'find them to be by a stranger.'
        ),
        remedy=(
            'Sign with the key of the cycle, or trust this one: with '
            '--trusted-key, in the policy, or in '
            '`data/series_status.yaml`.'
        ),
    ),
    Page(
        code='OSP513',
        title='A signature or a key could not be checked',
        severity='error',
        what=(
            'gpg is not installed or did not answer, or cannot work with '
            'the algorithms of a signature (ERRSIG).'
        ),
        why=(
            'What could not be checked is neither good nor bad, and a '
            'release does not go on with it.'
        ),
        remedy='Install GnuPG, or run again where it answers.',
    ),
    Page(
        code='OSP514',
        title='The signing key cannot sign',
        severity='error',
        what=(
            'The key is there and gpg did not make a signature with it: it '
            'is not meant for signing, its card is not there, or gpg failed '
            'otherwise.'
        ),
        why=(
            'That a key signs is shown by a throw-away signature before '
            'anything is sent, since a release of which half is signed must '
            'be completed by hand.'
        ),
        remedy='Try gpg --local-user FINGERPRINT! --detach-sign by hand.',
    ),
    Page(
        code='OSP515',
        title='The index does not serve our signatures',
        severity='note',
        what=(
            'A signature was sent together with its file, and the index does '
            'not serve it, serves another one, or did not say.'
        ),
        why=(
            'PyPI has taken no OpenPGP signatures since 2023-05-23 and '
            'ignores them without a word; other indexes keep the first one '
            'that they got. The archive is where signatures are published.'
        ),
        remedy='Publish the signatures in the archive (--archive).',
    ),
    Page(
        code='OSP516',
        title='No signing key was tried',
        severity='note',
        what=(
            'A dry run without a signing key: whether one would sign is not '
            'known.'
        ),
        why=(
            'A reviewer has no signing key, and still wants to see all else '
            'that a release is held against.'
        ),
        remedy='Nothing; the release itself does not begin without a key.',
    ),
    Page(
        code='OSP517',
        title='The signing key expires soon',
        severity='warning',
        what=(
            'The signing key, the one at hand or the one of the day in the '
            'checkout, or its primary key ends within 14 days.'
        ),
        why=(
            'A release that is cut short is completed with the same key, '
            'and an index takes files for a release for 14 days.'
        ),
        remedy='See that the next key is made and published in time.',
    ),
    Page(
        code='OSP518',
        title='The receipt is not signed',
        severity='note',
        what=(
            'The run had no usable signing key, so its receipt has no `.asc` '
            'beside it.'
        ),
        why=(
            'A receipt is signed by the key that signs the release, so that '
            'it can be told from one that somebody else wrote.'
        ),
        remedy=(
            'Nothing, or name a key with --sign-key or --sign-key-file where '
            'the command takes one.'
        ),
    ),
    Page(
        code='OSP523',
        title='The signature of another run is published',
        severity='note',
        what=(
            'Another run publishes the same bytes, or was killed while it '
            'did, and the archive has its signature of them. It was '
            'verified like any other, and is used for the index, the '
            'archive and the receipt. It was put in the place of the '
            'signature that lay beside the file.'
        ),
        why=(
            'Two signatures of one file differ, if only by their time. If '
            'each run published its own, the index could have one and the '
            'archive the other.'
        ),
        remedy='Nothing. Both signatures are good.',
    ),
    *cycle_keys.PAGES,
    *signature_marks.PAGES,
    *key_ring.PAGES,
)
