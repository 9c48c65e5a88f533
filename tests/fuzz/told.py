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

"""A reader of the web that is told what each place answers."""

from __future__ import annotations

from openstack_publish.gates import clock
from openstack_publish.gates import web

ROOT = 'https://index.example'


class Told(web.Web):
    """Gives answers without a server, so that thousands take a second.

    How bytes come over a connection is another matter: that is tested with
    sockets (``tests/unit/gates/test_web.py``).

    :param answers: media type and body by the end of the path; anything
        else is a 404 in the words of the JSON API
    """

    def __init__(self, answers: dict[str, tuple[str, bytes]]) -> None:
        super().__init__(clock.SystemClock())
        self._answers = answers

    def get(
        self,
        url: str,
        *,
        accept: str,
        max_bytes: int,
        fresh: bool = False,
        etag: str | None = None,
    ) -> web.Answer:
        """Answer at once."""
        return self._answered(url)

    def post(
        self, url: str, body: bytes, content_type: str, *, max_bytes: int
    ) -> web.Answer:
        """Answer at once."""
        return self._answered(url)

    def sha256(self, url: str, *, max_bytes: int) -> str:
        """Answer as a server of files does."""
        return 'a' * 64

    def _answered(self, url: str) -> web.Answer:
        for end, (media_type, body) in self._answers.items():
            if url.endswith(end):
                return web.Answer(200, {'content-type': media_type}, body, url)
        return web.Answer(
            404,
            {'content-type': 'application/json'},
            b'{"message": "Not Found"}',
            url,
        )
