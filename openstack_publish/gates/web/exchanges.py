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

"""What is asked of a server, and what it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Mapping

import requests

from openstack_publish import exceptions


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a server said: a 2xx, 304 or 4xx other than 429."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""

    body: bytes
    url: str
    """Where the answer came from in the end."""

    @property
    def media_type(self) -> str:
        """Return the content type without its parameters, lower case."""
        kind = self.headers.get('content-type', '')
        return kind.partition(';')[0].strip().lower()


class Elsewhere(exceptions.Unavailable):
    """The server points to another one, which is never followed.

    An index may mean by it that it does not have what was asked for
    (pypiserver, by default).

    :param headers: what the server said besides, names in lower case
    """

    def __init__(
        self, what: str, cause: str, headers: Mapping[str, str]
    ) -> None:
        super().__init__(what, cause)
        self.headers = headers


@dataclasses.dataclass(frozen=True)
class Question:
    """One request, and what is to become of the answer's body."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    seconds: float
    """Longest wait for the whole answer."""

    read: Callable[[requests.Response], bytes]


def for_file(
    method: str,
    url: str,
    seconds: float,
    read: Callable[[requests.Response], bytes],
) -> Question:
    """Return the question for a file: for its bytes as they are stored.

    :param seconds: longest wait for the whole answer
    """
    headers = {
        'Accept': '*/*',
        'Accept-Encoding': 'identity',
        'Cache-Control': 'no-cache',
    }
    return Question(method, url, headers, None, seconds, read)
