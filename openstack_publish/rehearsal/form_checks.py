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

"""The checks of an upload's form, before anybody is asked who may.

They look at what the client stated and at nothing else. In PyPI's order and
with its texts, as of August 2026.
"""

from __future__ import annotations

import hmac
import re

from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies

_NAME = re.compile(r'[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]', re.IGNORECASE)
_HEX = re.compile(r'[0-9a-f]{64}', re.IGNORECASE)
_SHOWN = 60
"""Characters of a name that are shown whole."""


def clean(form: forms.Form) -> None:
    """Take out what distutils fills in, and what a database can't hold."""
    for values in form.values.values():
        values[:] = [
            value.replace('\x00', '\\x00')
            for value in values
            if value.strip() != 'UNKNOWN'
        ]


def check(form: forms.Form) -> records.Packagetype:
    """Check the fields that describe the upload.

    :returns: what kind of file it is
    :raises .replies.Refusal: a field is missing or wrong
    """
    if (form.first('protocol_version') or '1') != '1':
        raise replies.Refusal(400, 'Unknown protocol version.')
    for field in sorted(set(form.files) - {'content', 'gpg_signature'}):
        raise replies.Refusal(400, f'{field}: Should not be a tuple.')
    _check_name(form.first('name'))
    _check_digest(form, 'blake2_256_digest', 'BLAKE2')
    packagetype = _packagetype(form)
    _check_digest(form, 'sha256_digest', 'SHA256')
    if packagetype == 'bdist_wheel' and not form.first('pyversion'):
        raise replies.Refusal(
            400,
            'Error: Python version is required for binary distribution '
            'uploads.',
        )
    if packagetype == 'sdist' and form.first('pyversion') not in {
        '',
        'source',
    }:
        raise replies.Refusal(
            400, "Error: Use 'source' as Python version for an sdist."
        )
    if not any(
        form.first(f'{kind}_digest')
        for kind in ('md5', 'sha256', 'blake2_256')
    ):
        raise replies.Refusal(
            400, 'Error: Include at least one message digest.'
        )
    return packagetype


def content(form: forms.Form) -> forms.FilePart:
    """Return the file.

    :raises .replies.Refusal: there is none
    """
    part = form.files.get('content')
    if part is None:
        raise replies.Refusal(400, 'Upload payload does not have a file.')
    return part


def check_digests(form: forms.Form, part: forms.FilePart) -> None:
    """Compare every digest that the client stated with the file's.

    :raises .replies.Refusal: one differs
    """
    for field, value in (
        ('md5_digest', part.digests.md5),
        ('sha256_digest', part.digests.sha256),
        ('blake2_256_digest', part.digests.blake2b_256),
    ):
        stated = form.first(field).lower()
        if stated and not hmac.compare_digest(stated.encode(), value.encode()):
            raise replies.Refusal(
                400,
                'The digest supplied does not match a digest calculated '
                'from the uploaded file.',
            )


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name):
        return
    shown = name if len(name) <= _SHOWN else f'{name[:30]}...{name[-30:]}'
    error = (
        'Start and end with a letter or numeral containing only ASCII '
        "numeric and '.', '_' and '-'."
        if name
        else 'This field is required.'
    )
    raise replies.Refusal(
        400,
        f'{shown!r} is an invalid value for Name. Error: {error} '
        'See https://packaging.python.org/specifications/core-metadata '
        'for more information.',
    )


def _check_digest(form: forms.Form, field: str, kind: str) -> None:
    if form.first(field) and not _HEX.fullmatch(form.first(field)):
        raise replies.Refusal(
            400,
            f'Invalid value for {field}. Error: Use a valid, hex-encoded, '
            f'{kind} message digest.',
        )


def _packagetype(form: forms.Form) -> records.Packagetype:
    match form.first('filetype'):
        case 'sdist':
            return 'sdist'
        case 'bdist_wheel':
            return 'bdist_wheel'
        case '':
            error = 'This field is required.'
        case _:
            error = 'Use a known file type.'
    raise replies.Refusal(400, f'Invalid value for filetype. Error: {error}')
