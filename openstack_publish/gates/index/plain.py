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

"""The read side of a plain index: simple pages, and nothing else.

A project's page says which files there are. It is read as JSON (PEP 691)
where the server has it, as HTML (PEP 503) otherwise. What the two pages of
an index say together is in :mod:`openstack_publish.model.plain_answers`.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import TypeVar

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.gates.index import kept
from openstack_publish.gates.index import roots
from openstack_publish.gates.index import signatures
from openstack_publish.model import documents
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import plain_answers
from openstack_publish.model import simple_html
from openstack_publish.model import simple_json

T = TypeVar('T')

JSON = 'application/vnd.pypi.simple.v1+json'
HTML = frozenset(
    {
        'application/vnd.pypi.simple.v1+html',
        'text/html',
        'application/xhtml+xml',
    }
)
ACCEPT = (
    f'{JSON}, application/vnd.pypi.simple.v1+html; q=0.2, text/html; q=0.1'
)
"""In the order and with the weights of pip 25."""

MAX_PAGE = 16 * 1024 * 1024
"""Largest page of a project, in bytes; a thousand files have 0.4 MB."""

MAX_LIST = 64 * 1024 * 1024
"""Largest list of projects, in bytes. PyPI's has 40 MB."""

MAX_FILE = 2 * 1024 * 1024 * 1024
"""Largest file that is downloaded for its digest, in bytes."""

MAX_FILES = 16
"""How many files of a release are downloaded for their digests."""


class PlainIndex:
    """Reads what a simple index says. May be shared by threads.

    :param read_url: of the simple index, under which ``NAME/`` lies
    :param cache: of the pages of overviews, which are then asked for only
        where they changed; everything else is always asked anew
    :raises Misconfigured: *read_url* is none that may be read
    """

    kind: listing.IndexKind = 'plain'

    def __init__(
        self,
        reader: web.Web,
        read_url: str,
        cache: seams.Cache | None = None,
    ) -> None:
        self._web = reader
        self._root = roots.root(read_url)
        self._cache = cache
        self._list: plain_answers.Projects | None = None
        self._listing = threading.Lock()

    def __enter__(self) -> PlainIndex:
        return self

    def __exit__(self, *exception: object) -> None:
        """Put nothing away: it asks on its caller's thread."""

    @property
    def read_url(self) -> str:
        """Return the URL of the simple index, without a slash at its end."""
        return self._root

    def read_project(
        self, project: names.ProjectName, version: str
    ) -> listing.Listing:
        """Return what the index says of a project, part by part.

        Where it has no page of the project its list of projects is read,
        too: any place of the web answers 404, and only a simple index has
        such a list.
        """
        page = self._read_page(project)
        missing = page == knowledge.Known(None)
        return plain_answers.listed(
            project,
            version,
            page,
            self._read_list() if missing else None,
            self._release(project, version, page),
        )

    def read_release(
        self, project: names.ProjectName, version: str
    ) -> listing.ReleaseReading:
        """Return one release as it stands now."""
        page = self._read_page(project)
        return plain_answers.read_back(
            project, page, self._release(project, version, page)
        )

    def read_overview(self, project: names.ProjectName) -> listing.Overview:
        """Return what the index says of a project and all its files.

        Its list of projects, which may be large, is read once for all
        projects that it has no page of.
        """
        page = self._read_page(project, self._cache)
        projects = None
        if page == knowledge.Known(None):
            with self._listing:
                if self._list is None:
                    self._list = self._read_list(self._cache)
                projects = self._list
        return plain_answers.overview(project, page, projects)

    def keeps_signature(
        self, file: listing.ListedFile, signature_path: str
    ) -> knowledge.Knowledge[bool]:
        """Say whether the index serves this very signature of a file."""
        return signatures.served(self._web, file, signature_path)

    def _release(
        self,
        project: names.ProjectName,
        version: str,
        page: plain_answers.Page,
    ) -> plain_answers.Files:
        """Return the files under a version, each with its digest."""
        listed = plain_answers.under(project, version, page)
        if isinstance(listed, knowledge.Unknown):
            return listed
        bare = [file for file in listed.value if file.sha256 is None]
        what = f'files of {project} {version}'
        if len(bare) > MAX_FILES:
            return knowledge.Unknown(
                what,
                f'{len(bare)} files are listed without their sha256; at most '
                f'{MAX_FILES} are downloaded for it',
            )
        found = []
        for file in listed.value:
            digest = file.sha256
            if digest is None:
                try:
                    digest = self._web.sha256(file.url, max_bytes=MAX_FILE)
                except exceptions.Unavailable as error:
                    return knowledge.Unknown(
                        what,
                        f'{file.filename} is listed without its sha256, and '
                        f'cannot be downloaded for it: {error.cause}',
                    )
            found.append(dataclasses.replace(file, sha256=digest))
        return knowledge.Known(tuple(found))

    def _read_page(
        self, project: names.ProjectName, cache: seams.Cache | None = None
    ) -> plain_answers.Page:
        def as_json(answer: web.Answer) -> simple_json.SimpleDocument:
            return simple_json.read_page(answer.body, project, answer.url)

        def as_html(answer: web.Answer) -> simple_json.SimpleDocument:
            return simple_html.read_page(answer.body, project, answer.url)

        return self._read(
            f'simple page of {project}',
            f'{self._root}/{project}/',
            MAX_PAGE,
            as_json,
            as_html,
            cache,
        )

    def _read_list(
        self, cache: seams.Cache | None = None
    ) -> plain_answers.Projects:
        def as_json(answer: web.Answer) -> frozenset[names.ProjectName]:
            return simple_json.read_list(answer.body)

        def as_html(answer: web.Answer) -> frozenset[names.ProjectName]:
            return simple_html.read_list(answer.body, answer.url)

        what = f'list of projects at {self._root}/'
        found = self._read(
            what, f'{self._root}/', MAX_LIST, as_json, as_html, cache
        )
        if isinstance(found, knowledge.Unknown):
            return found
        if found.value is None:
            return knowledge.Unknown(what, 'there is none')
        return knowledge.Known(found.value)

    def _read(
        self,
        what: str,
        url: str,
        max_bytes: int,
        as_json: Callable[[web.Answer], T],
        as_html: Callable[[web.Answer], T],
        cache: seams.Cache | None,
    ) -> knowledge.Knowledge[T | None]:
        """Read a page; None where the index has none.

        That is a 404, or a redirect to another server: what pypiserver
        answers for what it does not have, unless it is told not to.
        """

        def parse(answer: web.Answer) -> knowledge.Knowledge[T | None]:
            return _parsed(what, answer, as_json, as_html)

        try:
            return kept.read(
                self._web,
                cache,
                url,
                accept=ACCEPT,
                max_bytes=max_bytes,
                fresh=cache is None,
                parse=parse,
            )
        except web.Elsewhere:
            return knowledge.Known(None)
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, error.cause)


def _parsed(
    what: str,
    answer: web.Answer,
    as_json: Callable[[web.Answer], T],
    as_html: Callable[[web.Answer], T],
) -> knowledge.Knowledge[T | None]:
    """Make of an answer what it says; None is "not found"."""
    if answer.status == 404:
        return knowledge.Known(None)
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    try:
        if answer.media_type == JSON:
            return knowledge.Known(as_json(answer))
        if answer.media_type in HTML:
            return knowledge.Known(as_html(answer))
    except documents.Malformed as error:
        return knowledge.Unknown(what, str(error))
    return knowledge.Unknown(
        what,
        f'the answer is {answer.media_type or "of no type"}, neither '
        f'{JSON} nor text/html',
    )
