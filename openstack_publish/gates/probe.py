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

"""Asks an index one small question, to see that it is there and its time."""

from __future__ import annotations

from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.gates.web import words
from openstack_publish.model import checkup
from openstack_publish.model import listing

PROJECT = 'openstack-publish'
"""Whose simple page is asked for. Whether there is one does not matter: the
index answers in its own words either way."""

MAX_PAGE = 1024 * 1024
"""Largest answer that is read, in bytes."""

_SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'
_SIMPLE = f'{_SIMPLE_JSON}, text/html;q=0.1'


class IndexProbe:
    """Fits :class:`~openstack_publish.seams.Probe`.

    :param read_url: as of the index, by its kind
    """

    def __init__(
        self,
        reader: web.Web,
        read_url: str,
        kind: listing.IndexKind,
        clock: seams.Clock,
    ) -> None:
        self._web = reader
        self._kind = kind
        self._clock = clock
        root = read_url.rstrip('/')
        simple = f'{root}/simple' if kind == 'pypi' else root
        self._url = f'{simple}/{PROJECT}/'

    def contact(self) -> checkup.Contact:
        """Ask, once.

        :raises Misconfigured: the URL may not be asked
        :raises Unavailable: there was no answer, or none of an index
        """
        asked = self._clock.now()
        headers = self._headers()
        answered = self._clock.now()
        return checkup.Contact(
            url=self._url,
            asked=asked,
            answered=answered,
            date=words.date(headers.get('date')),
            age=_age(headers.get('age')),
        )

    def _headers(self) -> Mapping[str, str]:
        try:
            answer = self._web.get(
                self._url, accept=_SIMPLE, max_bytes=MAX_PAGE, fresh=True
            )
        except web.Elsewhere as error:
            if self._kind == 'plain':
                # A plain index says so that it does not have the project.
                return error.headers
            raise
        if not self._is_its_own(answer):
            raise exceptions.Unavailable(
                self._url,
                f'the server answers {answer.status}, but not in the words '
                f'of an index ({answer.media_type or "no content type"})',
            )
        return answer.headers

    def _is_its_own(self, answer: web.Answer) -> bool:
        """Say whether an index said this, and nobody on the way to it."""
        if answer.status == 200:
            return answer.media_type in (_SIMPLE_JSON, 'text/html')
        if answer.status != 404:
            return False
        # PyPI's own "not found" of the simple API (seen 2026-11-21); of
        # other indexes each has its own.
        return self._kind != 'pypi' or answer.media_type == 'text/plain'


def _age(text: str | None) -> float:
    """Read an Age header (RFC 9111, section 5.1); none where it is none."""
    digits = (text or '').strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        return float(digits)
    return 0.0
