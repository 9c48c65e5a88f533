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

"""Reads an upload's multipart form as it comes in.

File parts go to disk and are digested on the way, so that an upload of a
gigabyte needs no gigabyte of memory.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Callable
from collections.abc import Iterator

import multipart

from openstack_publish.rehearsal import records

CHUNK_BYTES = 256 * 1024
FIELD_BYTES = 8 * records.MIB
"""Longest value of a field that is no file, in bytes."""

FIELDS = 10_000
"""Most parts of one form."""


class Malformed(Exception):
    """The body is no multipart form."""


@dataclasses.dataclass
class FilePart:
    """A part with a filename; its content lies on disk."""

    filename: str
    content_type: str | None
    content: pathlib.Path
    size: int = 0
    digests: records.Digests = records.NO_DIGESTS
    """Of what came, once the part is complete."""


@dataclasses.dataclass
class Form:
    """An upload's fields."""

    values: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    files: dict[str, FilePart] = dataclasses.field(default_factory=dict)

    def first(self, name: str) -> str:
        """Return a field's first value; empty where it isn't there."""
        return self.values.get(name, [''])[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts, sorted."""
        return tuple(sorted({*self.values, *self.files}))

    def discard(self) -> None:
        """Remove the file parts from disk, those that are still there."""
        for part in self.files.values():
            part.content.unlink(missing_ok=True)


class _Sink:
    """Where the bytes of one part go."""

    def __init__(self, name: str, part: FilePart | None) -> None:
        self.name = name
        self._part = part
        self._value = bytearray()
        self._digester = records.Digester()
        self._stream = part.content.open('wb') if part else None

    def write(self, chunk: bytes | bytearray) -> None:
        """Take some bytes.

        :raises Malformed: a value is longer than a field may be
        """
        if self._part is not None and self._stream is not None:
            self._stream.write(chunk)
            self._part.size += len(chunk)
            self._digester.update(chunk)
            return
        self._value += chunk
        if len(self._value) > FIELD_BYTES:
            raise Malformed(f'a field has more than {FIELD_BYTES} bytes')

    def finish(self, form: Form) -> None:
        """Put the part, which is complete, into the form."""
        self.close()
        if self._part is not None:
            self._part.digests = self._digester.digests()
        else:
            form.values.setdefault(self.name, []).append(
                self._value.decode('utf-8')
            )

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._stream is not None:
            self._stream.close()


def read(
    chunks: Iterator[bytes],
    content_type: str,
    spool: Callable[[], pathlib.Path],
) -> Form:
    """Read a form.

    :param chunks: the body, in pieces that are not empty
    :param content_type: of the request, with the boundary
    :param spool: gives a place for each file part
    :raises Malformed: it is no multipart form; what was spooled is removed
    """
    kind, options = multipart.parse_options_header(content_type)
    boundary = options.get('boundary', '')
    if kind.lower() != 'multipart/form-data' or not boundary:
        raise Malformed('the body is no multipart/form-data')
    form = Form()
    try:
        _fill(form, chunks, boundary, spool)
    except (multipart.MultipartError, UnicodeDecodeError) as err:
        form.discard()
        raise Malformed(str(err)) from err
    except BaseException:
        form.discard()
        raise
    return form


def _fill(
    form: Form,
    chunks: Iterator[bytes],
    boundary: str,
    spool: Callable[[], pathlib.Path],
) -> None:
    sink: _Sink | None = None
    try:
        with multipart.PushMultipartParser(
            boundary, max_segment_count=FIELDS
        ) as parser:
            for chunk in chunks:
                for event in parser.parse(chunk):
                    if isinstance(event, multipart.MultipartSegment):
                        part = _part_of(event, spool)
                        sink = _Sink(event.name or '', part)
                        if part is not None:
                            form.files[sink.name] = part
                    elif event is not None and sink is not None:
                        sink.write(event)
                    elif sink is not None:
                        sink.finish(form)
                        sink = None
    finally:
        if sink is not None:
            sink.close()


def _part_of(
    segment: multipart.MultipartSegment, spool: Callable[[], pathlib.Path]
) -> FilePart | None:
    if segment.filename is None:
        return None
    return FilePart(
        filename=segment.filename,
        content_type=segment.content_type,
        content=spool(),
    )
