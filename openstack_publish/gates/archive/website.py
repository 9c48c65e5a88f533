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

"""The archive as an HTTP site that is read."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from urllib import parse

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.gates.archive import places
from openstack_publish.gates.web import words
from openstack_publish.model import knowledge
from openstack_publish.model import urls

MAX_FILE = 2 * 1024 * 1024 * 1024
"""Largest file that is downloaded, in bytes; what PyPI takes is smaller."""

MAX_SIGNATURE = 64 * 1024
"""Largest signature that is downloaded, in bytes; one has 200 to 900."""

_PAGE = (b'<!doctype html', b'<html')
"""How a page begins that a server sends in place of what it hasn't."""

_BEGINNING = 256
"""Bytes of a file that are looked at for the beginning of a page."""


class SiteOriginals:
    """Fits :class:`~openstack_publish.seams.Originals`.

    Files are at ``BASE/openstack/nova/FILE``, or as on the older site at
    ``BASE/nova/FILE``. A site has one of the two layouts: that of the file
    that was found last is tried first. Caches on the way are asked to ask
    the site.

    :param reader: asks the site; may be shared, also with an index
    :param base: URL of the directory with the repositories' directories
    :raises Misconfigured: the URL may not be asked
    """

    def __init__(self, reader: web.Web, base: str) -> None:
        objection = urls.objection(base)
        if objection is None and not _is_directory(base):
            objection = 'is no directory: it has a query or a fragment'
        if objection is not None:
            raise exceptions.Misconfigured(
                f'the archive {urls.without_user(base)} {objection}',
                where='--archive',
            )
        self._reader = reader
        self._base = base.rstrip('/')
        self._flat = False

    @property
    def place(self) -> str:
        """Where it is."""
        return f'{self._base}/'

    @contextlib.contextmanager
    def holding(
        self, repo: str, filename: str
    ) -> Iterator[knowledge.Knowledge[seams.Original | None]]:
        """Download a file and its signature; they go with the context.

        :raises Misconfigured: the repository's or the file's name is none
        """
        addresses = self._addresses(repo, filename)
        try:
            directory = tempfile.mkdtemp(prefix='openstack-publish-')
        except OSError as error:
            yield knowledge.Unknown(
                f'what is at {addresses[0][1]}',
                f'there is no place to download it to: {error}',
            )
            return
        try:
            path = os.path.join(directory, filename)
            yield self._fetch(addresses, filename, path)
        finally:
            # Nobody but us knows the place: what is left is no secret, and
            # no reason to fail.
            shutil.rmtree(directory, ignore_errors=True)

    def unchanged(self, file: seams.Original) -> bool:
        """Say that a download is as it was: nobody else may write there."""
        return True

    def has(self, repo: str, filename: str) -> knowledge.Knowledge[bool]:
        """Ask for the headers of a file alone.

        :raises Misconfigured: the repository's or the file's name is none
        """
        for flat, url in self._addresses(repo, filename):
            try:
                there = _is_there(self._reader.head(url))
            except exceptions.Unavailable as error:
                return _unknown(url, error.cause)
            if there:
                self._flat = flat
                return knowledge.Known(True)
        return knowledge.Known(False)

    def _addresses(self, repo: str, filename: str) -> list[tuple[bool, str]]:
        """Return where a file may be, each with its layout."""
        words = places.words(repo)
        name = parse.quote(places.checked(filename), safe='+~')
        found = [
            (False, '/'.join([self._base, *words, name])),
            (True, '/'.join([self._base, words[-1], name])),
        ]
        return found[::-1] if self._flat else found

    def _fetch(
        self, addresses: list[tuple[bool, str]], filename: str, path: str
    ) -> knowledge.Knowledge[seams.Original | None]:
        for flat, url in addresses:
            asked = url
            try:
                answer = self._download(asked, path, MAX_FILE)
                if answer is None:
                    continue
                self._flat = flat
                asked = f'{url}{places.SIGNATURE}'
                signed = f'{path}{places.SIGNATURE}'
                signature = self._download(asked, signed, MAX_SIGNATURE)
                size = os.stat(path).st_size
            except exceptions.Unavailable as error:
                return _unknown(asked, error.cause)
            except OSError as error:
                return _unknown(asked, str(error))
            return knowledge.Known(
                seams.Original(
                    filename=filename,
                    sha256=answer.body.decode('ascii'),
                    size=size,
                    path=path,
                    signature_path=None if signature is None else signed,
                    url=url,
                    modified=words.date(answer.headers.get('last-modified')),
                )
            )
        return knowledge.Known(None)

    def _download(
        self, url: str, path: str, max_bytes: int
    ) -> web.Answer | None:
        """Download one file; None where there is none.

        :returns: an answer with the file's digest

        :raises Unavailable: the site did not say, or sent something else
        :raises OSError: what was downloaded cannot be read
        """
        answer = self._reader.download(url, path, max_bytes=max_bytes)
        if not _is_there(answer):
            return None
        with open(path, 'rb') as opened:
            beginning = opened.read(_BEGINNING)
        if beginning.lstrip().lower().startswith(_PAGE):
            raise _is_page(url)
        return answer


def _is_there(answer: web.Answer) -> bool:
    """Say whether a site has a file; nothing but a 404 says that it hasn't.

    :raises Unavailable: it says neither
    """
    if answer.status == 404:
        return False
    if answer.status != 200:
        raise exceptions.Unavailable(
            answer.url, f'the server answers {answer.status}'
        )
    if answer.media_type in ('text/html', 'application/xhtml+xml'):
        raise _is_page(answer.url)
    return True


def _is_page(url: str) -> exceptions.Unavailable:
    return exceptions.Unavailable(
        url, 'the server sends a page of HTML instead of the file'
    )


def _is_directory(base: str) -> bool:
    parts = parse.urlsplit(base)
    return not (parts.query or parts.fragment)


def _unknown(url: str, why: str) -> knowledge.Unknown:
    return knowledge.Unknown(f'what is at {url}', why)
