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

"""Reads signatures back."""

from __future__ import annotations

import contextlib
import os
import pathlib
import tempfile
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.model import knowledge
from openstack_publish.model import listing

MAX_SIGNATURE = 64 * 1024
"""Largest signature, in bytes."""


class Served:
    """Fits :class:`~openstack_publish.seams.verifying.ServedSignatures`.

    Where an index keeps signatures, they have the URL of their file with
    ``.asc`` behind it (PEP 503).

    :param reader: asks the index; may be shared
    """

    def __init__(self, reader: web.Web) -> None:
        self._web = reader

    @contextlib.contextmanager
    def holding(
        self, file: listing.ListedFile
    ) -> Iterator[knowledge.Knowledge[str | None]]:
        """Have the signature of a file on disk for as long as it is used."""
        what = f'the signature of {file.filename} on the index'
        body = _read(self._web, file, what)
        with contextlib.ExitStack() as stack:
            yield _on_disk(stack, file, body, what)


def served(
    reader: web.Web, file: listing.ListedFile, signature_path: str
) -> knowledge.Knowledge[bool]:
    """Say whether an index serves this very signature beside a file.

    Where an index keeps signatures, they have the URL of their file with
    ``.asc`` behind it (PEP 503).
    """
    what = f'whether the index keeps {file.filename}.asc'
    try:
        ours = pathlib.Path(signature_path).read_bytes()
    except OSError as error:
        return knowledge.Unknown(what, f'{signature_path}: {error.strerror}')
    theirs = _read(reader, file, what)
    if isinstance(theirs, knowledge.Unknown):
        return theirs
    if theirs.value is None:
        return knowledge.Known(False)
    if theirs.value != ours:
        return knowledge.Unknown(
            what,
            f'it serves {len(theirs.value)} bytes that are not the '
            f'{len(ours)} of our signature',
        )
    return knowledge.Known(True)


def _read(
    reader: web.Web, file: listing.ListedFile, what: str
) -> knowledge.Knowledge[bytes | None]:
    """Read the signature of a file; None where the index has none."""
    try:
        answer = reader.get(
            f'{file.url}.asc', accept='*/*', max_bytes=MAX_SIGNATURE
        )
    except exceptions.Misconfigured as error:
        return knowledge.Unknown(what, error.message)
    except exceptions.Unavailable as error:
        return knowledge.Unknown(what, error.cause)
    if answer.status == 404:
        return knowledge.Known(None)
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    return knowledge.Known(answer.body)


def _on_disk(
    stack: contextlib.ExitStack,
    file: listing.ListedFile,
    body: knowledge.Knowledge[bytes | None],
    what: str,
) -> knowledge.Knowledge[str | None]:
    """Write a signature to where gpg can read it.

    :param stack: removes it
    """
    if isinstance(body, knowledge.Unknown):
        return body
    if body.value is None:
        return knowledge.Known(None)
    try:
        place = stack.enter_context(
            tempfile.TemporaryDirectory(prefix='openstack-publish-')
        )
        path = os.path.join(place, f'{file.filename}.asc')
        pathlib.Path(path).write_bytes(body.value)
    except OSError as error:
        return knowledge.Unknown(what, str(error))
    return knowledge.Known(path)
