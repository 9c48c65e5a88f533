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

"""Reads gpg's status lines; nothing that gpg writes for humans is parsed.

Source: GnuPG ``doc/DETAILS``, section "Format of the --status-fd output",
tried with gpg 2.2.40 in 2026-11.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from openstack_publish.gates.openpgp import certificates
from openstack_publish.model import names
from openstack_publish.model import signature

PREFIX = '[GNUPG:] '

PUBLIC_KEY_MISSING = 9
"""The reason of an ERRSIG whose public key we don't have."""

HASH_REFUSED = 5
"""The reason of an ERRSIG whose hash algorithm gpg doesn't know, or calls
too weak to be looked at."""

_REASONS = {
    3: 'the signature packet cannot be read',
    4: 'its public key algorithm is not supported',
    HASH_REFUSED: 'its hash algorithm is unknown, or too weak for gpg to look '
    'at',
    6: 'the key was not valid when it says that it was made',
    125: 'the key is not meant for signing',
}
"""Reasons of an ERRSIG: 4 is its own, the others are GPG_ERR codes."""

_CODE = 0xFFFF
"""The lower half of a GPG_ERR number is its code, the rest its source."""

# GPG_ERR codes, from libgpg-error's err-codes.h
BAD_PASSPHRASE = 11
NO_SECRET_KEY = 17
TIMEOUT = 62
NO_AGENT = 77
NO_PINENTRY = 85
CANCELED = 99
NO_PASSPHRASE = 177


@dataclasses.dataclass(frozen=True)
class Line:
    """One status line."""

    keyword: str
    values: tuple[str, ...]


def lines(output: str) -> tuple[Line, ...]:
    r"""Return the status lines in what gpg wrote.

    Lines end at ``\n`` and nowhere else. ``str.splitlines`` would also end
    them at U+0085 and U+2028, which gpg passes on from the signature's
    notations and user ids: whoever makes a signature could write a status
    line of their own.

    :param output: standard error of a gpg with ``--status-fd 2``
    """
    found = []
    for line in output.split('\n'):
        if line.startswith(PREFIX):
            keyword, *values = line[len(PREFIX) :].split(' ')
            found.append(Line(keyword, tuple(values)))
    return tuple(found)


def said(output: str) -> str:
    """Return the last thing that gpg said to humans, to be shown to one."""
    for line in reversed(output.split('\n')):
        if line.startswith('gpg: '):
            return line
    return 'gpg gave no reason'


def failure(status: tuple[Line, ...]) -> int | None:
    """Return the GPG_ERR code of the last FAILURE, if there is one."""
    for line in reversed(status):
        if line.keyword == 'FAILURE' and len(line.values) > 1:
            return _number(line.values[1], 0) & _CODE
    return None


def not_there(output: str) -> bool:
    """Say whether a listing is empty because no such key is there."""
    return any(
        line.keyword == 'ERROR'
        and line.values[:1] == ('keylist.getkey',)
        and _number(line.values[1], 0) & _CODE
        in (PUBLIC_KEY_MISSING, NO_SECRET_KEY)
        for line in lines(output)
        if len(line.values) > 1
    )


def nothing_to_import(output: str) -> bool:
    """Say whether a file was read to its end and held no key."""
    return any(line.keyword == 'IMPORT_RES' for line in lines(output))


def reading(
    filename: str,
    sha256: str,
    output: str,
    returncode: int,
    keyring: Iterable[certificates.Certificate],
) -> signature.SignatureReading:
    """Return what gpg says of the signatures in one file.

    :param filename: of the signature
    :param sha256: of the signature's bytes
    :param output: standard error of ``gpg --status-fd 2 --verify``
    :param returncode: its exit code; no verdict, but one that contradicts
        the status lines makes the signature one that could not be checked
    :param keyring: asked when a key expired or was revoked: gpg's own
        KEYEXPIRED is also said of keys that did not sign
    """
    new = 0
    valid: list[signature.Signature] = []
    bad: list[str] = []
    errors: list[str] = []
    weak: list[int] = []
    missing: list[str] = []
    seen: set[str] = set()
    for line in lines(output):
        seen.add(line.keyword)
        match line.keyword, line.values:
            case 'NEWSIG', _:
                new += 1
            case 'VALIDSIG', values:
                made = _valid(values)
                if made is None:
                    errors.append(f'gpg said VALIDSIG {" ".join(values)}')
                else:
                    valid.append(made)
            case 'BADSIG', (key, *_):
                bad.append(key)
            case 'ERRSIG', values:
                code, key = _error(values)
                algorithm = _number(values[2], -1) if len(values) > 2 else -1
                if code == PUBLIC_KEY_MISSING:
                    missing.append(key)
                elif (
                    code == HASH_REFUSED and algorithm in signature.WEAK_HASHES
                ):
                    weak.append(algorithm)
                else:
                    errors.append(
                        f'signature by {key}: '
                        + _REASONS.get(code, f'gpg gives the reason {code}')
                    )
            case _:
                pass
    expires = revoked_at = reason = None
    for certificate in keyring:
        signer = certificate.find(valid[-1].fingerprint) if valid else None
        if signer is not None:
            expires = certificate.end_of(signer)
            revoked_at, reason = certificate.revocation_of(signer)
    if 'EXPKEYSIG' in seen and expires is None:
        errors.append('its key has expired, and gpg does not say when')
    malformed = None
    if not (valid or bad or errors or missing or weak):
        malformed = _malformed(seen, output)
    elif returncode != 0 and not (
        bad or errors or missing or weak or 'EXPSIG' in seen
    ):
        errors.append(f'gpg ended with {returncode} ({said(output)})')
    return signature.SignatureReading(
        filename=filename,
        sha256=sha256,
        new=new,
        valid=tuple(valid),
        bad=tuple(bad),
        errors=tuple(errors),
        missing_keys=tuple(missing),
        expired='EXPSIG' in seen,
        key_expired=expires if 'EXPKEYSIG' in seen else None,
        key_revoked='REVKEYSIG' in seen,
        key_revoked_at=revoked_at if 'REVKEYSIG' in seen else None,
        key_revocation_reason=reason if 'REVKEYSIG' in seen else None,
        malformed=malformed,
        weak=tuple(weak),
    )


def _valid(values: tuple[str, ...]) -> signature.Signature | None:
    if len(values) < 10:
        return None
    created = certificates.moment(values[2])
    try:
        fingerprint = names.fingerprint(values[0])
        primary = names.fingerprint(values[9])
        algorithm = int(values[7])
    except ValueError:
        return None
    if created is None:
        return None
    return signature.Signature(
        fingerprint=fingerprint,
        primary=primary,
        created=created,
        hash_algorithm=algorithm,
        signature_class=values[8],
    )


def _malformed(seen: set[str], output: str) -> str:
    if 'NODATA' in seen:
        return 'it holds no OpenPGP data that gpg can read'
    if 'UNEXPECTED' in seen:
        return 'it holds OpenPGP data, but no signature'
    return f'gpg finds no signature to check in it ({said(output)})'


def _error(values: tuple[str, ...]) -> tuple[int, str]:
    """Return reason and key of an ERRSIG; the fingerprint where it says it."""
    code = _number(values[5], -1) if len(values) > 5 else -1
    if len(values) > 6 and values[6] != '-':
        return code, values[6]
    return code, values[0] if values else 'a key that gpg does not name'


def _number(text: str, otherwise: int) -> int:
    try:
        return int(text)
    except ValueError:
        return otherwise
