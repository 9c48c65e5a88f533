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

"""Receipt files: written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

from openstack_publish import exceptions
from openstack_publish.gates import parts
from openstack_publish.model import documents
from openstack_publish.model import knowledge
from openstack_publish.model import receipt
from openstack_publish.model import receipt_form

LIMIT = 16 * 1024 * 1024
"""Largest receipt that is read, in bytes; one has some 10 kB."""

_OUTCOMES = frozenset(each.value for each in receipt.Outcome)


class ReceiptFiles:
    """Fits :class:`~openstack_publish.seams.Receipts`."""

    def outcome(self, path: str) -> knowledge.Knowledge[str | None]:
        """Return the outcome of the receipt there; None if there is none.

        What is there and is no receipt is unknown: it may be a damaged one.

        :raises Misconfigured: there is no directory for a receipt
        """
        place = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(place):
            raise exceptions.Misconfigured(
                f'{path}: there is no directory {place}', where='--receipt'
            )
        document = _document(path)
        if isinstance(document, str):
            return _unknown(path, document)
        if document is None:
            return knowledge.Known(None)
        schema = document.get('schema')
        if schema != receipt.SCHEMA:
            return _unknown(
                path, f'its schema is {schema!r}, not {receipt.SCHEMA!r}'
            )
        outcome = document.get('outcome')
        if not isinstance(outcome, str) or outcome not in _OUTCOMES:
            return _unknown(path, f'it has the outcome {outcome!r}')
        return knowledge.Known(outcome)

    def write(
        self,
        path: str,
        text: str,
        sign: Callable[[str, str], None] | None = None,
    ) -> None:
        """Put a receipt in its place: whole or not at all, and on disk.

        A signature of the receipt that was there goes first: it would say
        of the new one that it was tampered with. The signature of this one
        is there before the receipt is: whoever finds a receipt that is to
        be signed finds it signed, at whatever moment a run is killed.

        :param sign: signs a file, given its path and the signature's
        :raises Unavailable: it cannot be written or signed
        """
        place = os.path.dirname(os.path.abspath(path))
        part = parts.beside(path)
        try:
            try:
                parts.forget(path)
                descriptor = os.open(
                    part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644
                )
                with open(descriptor, 'w', encoding='utf-8') as opened:
                    opened.write(text)
                    opened.flush()
                    os.fsync(opened.fileno())
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f'{path}.asc')
                if sign is not None:
                    sign(part, f'{path}.asc')
                os.replace(part, path)
            finally:
                with contextlib.suppress(OSError):
                    os.unlink(part)
            # The name is on disk once the directory is.
            parts.on_disk(place)
        except (OSError, UnicodeError) as error:
            raise exceptions.Unavailable(
                f'writing the receipt {path}', str(error)
            ) from error


def read(path: str, option: str) -> receipt_form.Named:
    """Return what a receipt names.

    :param option: that names the receipt
    :raises Misconfigured: it isn't there, or names no release
    """
    document = _document(path)
    if document is None:
        raise exceptions.Misconfigured(
            f'there is no receipt {path}', where=option
        )
    if isinstance(document, dict):
        try:
            return receipt_form.read(document)
        except documents.Malformed as error:
            document = str(error)
    raise exceptions.Misconfigured(
        f'{path} cannot be verified: {document}', where=option
    )


def _document(path: str) -> dict[str, object] | str | None:
    """Return a JSON object, or why there is none; None if it isn't there."""
    try:
        # A pipe that nobody writes to would be waited for.
        with open(path, 'rb', opener=_without_waiting) as opened:
            content = opened.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f'it cannot be read: {error.strerror}'
    if len(content) > LIMIT:
        return f'it is larger than {LIMIT} bytes'
    try:
        document = documents.parse(content)
    except documents.Malformed as error:
        return f'it is no JSON document: {error.__cause__}'
    return document if isinstance(document, dict) else 'it is no JSON object'


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _unknown(path: str, why: str) -> knowledge.Unknown:
    return knowledge.Unknown(f'the outcome of the receipt {path}', why)
