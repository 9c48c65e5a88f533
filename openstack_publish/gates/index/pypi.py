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

"""The read side of PyPI, and of an index that answers like it.

Three routes say something of a project: the JSON API (roles, organization,
the files of a release), the simple API (every file, the project's status)
and, old and cached for up to two days, XML-RPC's ``package_roles``. Each
can be stale, broken or away on its own; what they say together is in
:mod:`openstack_publish.model.index_answers`.
"""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Callable
from typing import TypeVar
from urllib import parse

from packaging import version as packaging_version

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.gates.index import kept
from openstack_publish.gates.index import roots
from openstack_publish.gates.index import signatures
from openstack_publish.gates.web import throttle
from openstack_publish.model import documents
from openstack_publish.model import index_answers
from openstack_publish.model import index_form
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import release_answers
from openstack_publish.model import simple_json

T = TypeVar('T')

JSON = 'application/json'
SIMPLE_JSON = 'application/vnd.pypi.simple.v1+json'

MAX_DOCUMENT = 64 * 1024 * 1024
"""Largest JSON document, in bytes. The largest projects have tens of MB."""

MISSING = {'message': 'Not Found'}
"""What the JSON API itself says with a 404 (seen 2026-11-21)."""


class PypiIndex:
    """Reads what PyPI says. May be shared by threads.

    :param read_url: the index's web root, under which ``/pypi/NAME/json``,
        ``/simple/NAME/`` and ``/pypi`` lie
    :param cache: of the documents of overviews, which are then asked for
        only where they changed; everything else is always asked anew
    :raises Misconfigured: *read_url* is none that may be read
    """

    kind: listing.IndexKind = 'pypi'

    def __init__(
        self,
        reader: web.Web,
        read_url: str,
        cache: seams.Cache | None = None,
    ) -> None:
        self._web = reader
        self._root = roots.root(read_url)
        self._cache = cache
        self._memory = kept.Memory()
        # Three routes at once; of several projects as many as there are
        # connections. A thread that is not needed is never started.
        self._pool = concurrent.futures.ThreadPoolExecutor(
            max_workers=throttle.CONNECTIONS, thread_name_prefix='index'
        )

    def __enter__(self) -> PypiIndex:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the threads go that read several routes at once."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def read_url(self) -> str:
        """Return the web root, without a slash at its end."""
        return self._root

    def read_project(
        self, project: names.ProjectName, version: str
    ) -> listing.Listing:
        """Return what the index says of a project, part by part."""
        whole = self._pool.submit(self._read_json, project, None)
        release = self._pool.submit(self._read_json, project, version)
        simple = self._pool.submit(self._read_simple, project)
        answers = index_answers.Answers(
            project=project,
            version=version,
            whole=whole.result(),
            release=release.result(),
            simple=simple.result(),
        )
        if answers.need_roles:
            return answers.listing(self._read_roles(project))
        return answers.listing(None)

    def read_release(
        self, project: names.ProjectName, version: str
    ) -> listing.ReleaseReading:
        """Return one release as it stands now.

        What did not change since this object last read it is not sent
        again: a release is read every few seconds until it shows.
        """
        memory = self._memory
        release = self._pool.submit(self._read_json, project, version, memory)
        simple = self._pool.submit(self._read_simple, project, memory)
        answers = release_answers.ReleaseAnswers(
            project, version, release.result(), simple.result()
        )
        if answers.need_roles:
            return answers.reading(self._read_roles(project))
        return answers.reading(None)

    def read_overview(self, project: names.ProjectName) -> listing.Overview:
        """Return what the index says of a project and all its files.

        One document after the other, on the caller's own thread: who wants
        many overviews reads several at once.
        """
        answers = index_answers.OverviewAnswers(
            project,
            self._read_json(project, None, self._cache),
            self._read_simple(project, self._cache),
        )
        if answers.need_roles:
            return answers.overview(self._read_roles(project))
        return answers.overview(None)

    def keeps_signature(
        self, file: listing.ListedFile, signature_path: str
    ) -> knowledge.Knowledge[bool]:
        """Say whether the index serves this very signature of a file."""
        return signatures.served(self._web, file, signature_path)

    def _read_json(
        self,
        project: names.ProjectName,
        version: str | None,
        cache: seams.Cache | None = None,
    ) -> knowledge.Knowledge[index_form.JsonDocument | None]:
        path, what = project, f'JSON of {project}'
        if version is not None:
            path = names.ProjectName(f'{project}/{parse.quote(version)}')
            what += f' {version}'
        place = f'/pypi/{path}/json'

        def read(body: bytes) -> index_form.JsonDocument:
            document = index_form.read_json(body, project, self._root + place)
            if version is not None:
                _same_version(document.version, version)
            return document

        def missing(answer: web.Answer) -> bool:
            if answer.media_type != JSON:
                return False
            try:
                return bool(json.loads(answer.body) == MISSING)
            except (ValueError, RecursionError):
                return False

        return self._read(what, place, JSON, missing, read, cache)

    def _read_simple(
        self,
        project: names.ProjectName,
        cache: seams.Cache | None = None,
    ) -> knowledge.Knowledge[simple_json.SimpleDocument | None]:
        path = f'/simple/{project}/'

        def missing(answer: web.Answer) -> bool:
            return answer.media_type == 'text/plain'

        def read(body: bytes) -> simple_json.SimpleDocument:
            return simple_json.read_page(body, project, self._root + path)

        return self._read(
            f'simple page of {project}',
            path,
            SIMPLE_JSON,
            missing,
            read,
            cache,
        )

    def _read(
        self,
        what: str,
        path: str,
        media_type: str,
        missing: Callable[[web.Answer], bool],
        read: Callable[[bytes], T],
        cache: seams.Cache | None,
    ) -> knowledge.Knowledge[T | None]:
        """Read one document; None is the index's own "not found".

        :param cache: documents read before; None where every byte is to be
            read anew
        """

        def parse(answer: web.Answer) -> knowledge.Knowledge[T | None]:
            return _parsed(what, answer, media_type, missing, read)

        try:
            return kept.read(
                self._web,
                cache,
                self._root + path,
                accept=media_type,
                max_bytes=MAX_DOCUMENT,
                # Only what the user let us keep may be a little old.
                fresh=cache is None or cache is self._memory,
                parse=parse,
            )
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, error.cause)

    def _read_roles(
        self, project: names.ProjectName
    ) -> knowledge.Knowledge[tuple[maintainers.Role, ...]]:
        """Ask XML-RPC for the roles; none is what it says of no project."""
        # Not above: xmlrpc brings a server and pydoc, 0.03 s (2026-11) that
        # only a project whose JSON names nobody needs.
        from openstack_publish.gates.index import xmlrpc_roles

        return xmlrpc_roles.read(self._web, self._root, project)


def _parsed(
    what: str,
    answer: web.Answer,
    media_type: str,
    missing: Callable[[web.Answer], bool],
    read: Callable[[bytes], T],
) -> knowledge.Knowledge[T | None]:
    """Make of an answer what it says; None is "not found"."""
    if answer.status == 404 and missing(answer):
        return knowledge.Known(None)
    if answer.status == 404:
        return knowledge.Unknown(
            what,
            'the server answers 404, but not in the words of the index '
            f'({answer.media_type or "no content type"})',
        )
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    if answer.media_type != media_type:
        return knowledge.Unknown(
            what,
            f'the answer is {answer.media_type or "of no type"}, '
            f'not {media_type}',
        )
    try:
        return knowledge.Known(read(answer.body))
    except documents.Malformed as error:
        return knowledge.Unknown(what, str(error))


def _same_version(found: packaging_version.Version, asked: str) -> None:
    try:
        same = found == packaging_version.Version(asked)
    except ValueError as error:
        # InvalidVersion, or a number longer than Python reads.
        raise documents.Malformed(f'{asked!r} is no version') from error
    if not same:
        raise documents.Malformed(
            f'it is about version {found}, we asked for {asked}'
        )
