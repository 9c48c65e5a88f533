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

"""Requests and answers, apart from the sockets they travel on."""

from __future__ import annotations

import dataclasses
import html
import json
import pathlib
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Literal

Route = Literal[
    'upload',
    'json',
    'version-json',
    'simple',
    'xmlrpc',
    'feed',
    'files',
    'other',
]

READS: tuple[Route, ...] = (
    'json',
    'version-json',
    'simple',
    'xmlrpc',
    'feed',
    'files',
)


@dataclasses.dataclass(frozen=True)
class Request:
    """One request as the faults and the log see it; without its secrets."""

    method: str
    path: str
    route: Route
    headers: Mapping[str, str]
    """By lower-case name, without ``authorization`` and ``cookie``."""

    project: str | None = None
    """Normalised name, where path, form or call gives one."""

    version: str | None = None
    filename: str | None = None
    """Of an upload."""


@dataclasses.dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    reason: str
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    body: bytes | pathlib.Path | Iterator[bytes] = b''
    """A path is streamed; an iterator goes in chunks of its own."""

    cut_after: int | None = None
    """Bytes of the body after which the connection is cut; -1 cuts it
    before the status line."""

    delay: float = 0.0
    """Seconds before the status line."""

    pause: float = 0.0
    """Seconds between the single bytes of the body; 0 sends it whole."""


class Refusal(Exception):
    """The upload is refused; the text becomes the reason phrase."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def page(status: int, message: str) -> Reply:
    """Return PyPI's answer to an upload.

    The reason phrase is the message; the body is HTML with the message in
    its title, in a heading, and once more escaped.
    """
    # The heading is not escaped on PyPI; a stand-in that people open in a
    # browser escapes it all the same.
    line = html.escape(f'{status} {message}', quote=False)
    body = (
        '<html>\n'
        f' <head>\n  <title>{line}</title>\n </head>\n'
        f' <body>\n  <h1>{line}</h1>\n'
        f'  {html.escape(message)}<br/><br/>\n\n\n\n'
        ' </body>\n</html>'
    )
    return Reply(
        status=status,
        reason=message,
        headers={'Content-Type': 'text/html; charset=UTF-8'},
        body=body.encode(),
    )


def text(status: int, reason: str, body: str | None = None) -> Reply:
    """Return an answer in plain text."""
    return Reply(
        status=status,
        reason=reason,
        headers={'Content-Type': 'text/plain; charset=UTF-8'},
        body=(f'{status} {reason}\n' if body is None else body).encode(),
    )


def as_json(
    value: object,
    content_type: str = 'application/json',
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    reason: str = 'OK',
) -> Reply:
    """Return an answer in JSON."""
    return Reply(
        status=status,
        reason=reason,
        headers={'Content-Type': content_type, **(headers or {})},
        body=json.dumps(value, sort_keys=True).encode(),
    )


def redirect(location: str) -> Reply:
    """Return a permanent redirect, as names that aren't normalised get."""
    return Reply(
        status=301,
        reason='Moved Permanently',
        headers={
            'Location': location,
            'Content-Type': 'text/plain; charset=UTF-8',
        },
        body=b'301 Moved Permanently\n',
    )
