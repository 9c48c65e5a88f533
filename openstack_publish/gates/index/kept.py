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

"""Documents of an index, of which only what has changed is sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.model import knowledge

T = TypeVar('T')


class Memory:
    """Keeps documents as long as it lives; fits :class:`seams.Cache`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], seams.CachedAnswer] = {}

    def get(self, url: str, accept: str) -> seams.CachedAnswer | None:
        """Return what is kept of a document; None where nothing is."""
        return self._kept.get((url, accept))

    def put(self, url: str, accept: str, answer: seams.CachedAnswer) -> None:
        """Keep a document."""
        self._kept[url, accept] = answer


def read(
    reader: web.Web,
    cache: seams.Cache | None,
    url: str,
    *,
    accept: str,
    max_bytes: int,
    fresh: bool,
    parse: Callable[[web.Answer], knowledge.Knowledge[T | None]],
) -> knowledge.Knowledge[T | None]:
    """Read a document; what did not change since it was kept is not sent.

    What is kept goes through *parse* like what comes, and is asked for anew
    where nothing can be made of it.

    :param fresh: ask caches on the way to ask the server
    :param parse: what is made of an answer; only what is known, and
        something, is kept
    :raises Elsewhere: the server points to another one
    :raises Unavailable: there was no answer
    """
    kept = None if cache is None else cache.get(url, accept)
    answer = reader.get(
        url,
        accept=accept,
        max_bytes=max_bytes,
        fresh=fresh,
        etag=None if kept is None else kept.etag,
    )
    if kept is not None and answer.status == 304:
        found = parse(
            web.Answer(200, {'content-type': kept.media_type}, kept.body, url)
        )
        if isinstance(found, knowledge.Known):
            return found
        answer = reader.get(
            url, accept=accept, max_bytes=max_bytes, fresh=True
        )
    found = parse(answer)
    etag = answer.headers.get('etag')
    if (
        cache is not None
        and etag is not None
        # Links may be relative to where a redirect led.
        and answer.url == url
        and isinstance(found, knowledge.Known)
        and found.value is not None
    ):
        cache.put(
            url,
            accept,
            seams.CachedAnswer(etag, answer.body, answer.media_type),
        )
    return found
