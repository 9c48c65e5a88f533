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

"""The stand-in index: a server on loopback that answers as PyPI does.

::

    with server.StandInIndex() as index:
        index.store.add_project('os-vif', owner='openstackci')
        token = index.token('openstackci')
        # twine upload --repository-url {index.upload_url} ...
        # GET {index.url}/pypi/os-vif/json

It serves several clients at once, keeps their connections alive, and lives
in a directory of its own that goes when it stops.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import pathlib
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from collections.abc import Mapping
from types import TracebackType

from openstack_publish.model import names
from openstack_publish.rehearsal import checks
from openstack_publish.rehearsal import connections
from openstack_publish.rehearsal import fault_table
from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import ledger
from openstack_publish.rehearsal import log
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import routes
from openstack_publish.rehearsal import store as stores
from openstack_publish.rehearsal import tokens as token_book
from openstack_publish.rehearsal import xmlrpc_api

_GONE = {
    'submit': 'Project pre-registration is no longer required or supported, '
    'upload your files instead.',
    'submit_pkg_info': 'Project pre-registration is no longer required or '
    'supported, upload your files instead.',
    'doc_upload': 'Uploading documentation is no longer supported.',
}


class StandInIndex:
    """A PyPI of one's own, on 127.0.0.1.

    :param directory: where it keeps file contents; None for a temporary
        directory that goes when it stops
    :param port: 0 for a free one
    :param now: its clock
    :param latency_ms: milliseconds that each request takes longer; an
        upload takes them between its checks and its commit
    """

    def __init__(
        self,
        directory: pathlib.Path | None = None,
        *,
        port: int = 0,
        now: ledger.Now = ledger.utc_now,
        latency_ms: float = 0.0,
    ) -> None:
        self._temporary = None
        if directory is None:
            self._temporary = tempfile.TemporaryDirectory(
                prefix='stand-in-index-', ignore_cleanup_errors=True
            )
            directory = pathlib.Path(self._temporary.name)
        self.latency_ms = latency_ms
        self.store = stores.Store(directory, now)
        self.tokens = token_book.Tokens()
        self.stopping = threading.Event()
        self._server = connections.Server(port, self)
        self.url = f'http://127.0.0.1:{self._server.port}'
        """The web root; JSON, simple, XML-RPC and feeds lie under it."""

        self.upload_url = f'{self.url}{routes.UPLOAD_PATH}'
        self.help_url = f'{self.url}/help/'
        self.faults = faults.Faults(
            fault_table.FAULTS, self.store, lambda: self.url
        )
        self._call_limit = xmlrpc_api.CallLimit(self.store.limits)
        self._log: list[log.LoggedRequest] = []
        self._errors: list[BaseException] = []
        self._log_lock = threading.Lock()
        self._started = False

    def start(self) -> StandInIndex:
        """Begin to serve."""
        self._server.begin()
        self._started = True
        return self

    def stop(self) -> None:
        """Stop serving, close every connection, remove what was stored."""
        self.stopping.set()
        self._server.end(started=self._started)
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> StandInIndex:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def token(
        self,
        user: str,
        *,
        projects: tuple[str, ...] | None = None,
        not_before: datetime.datetime | None = None,
        not_after: datetime.datetime | None = None,
    ) -> str:
        """Return a new API token of a user, who registers if need be."""
        with self.store.locked() as state:
            holder = state.find_user(user) or self.store.add_user(user)
        return self.tokens.mint(
            holder,
            projects=projects,
            not_before=not_before,
            not_after=not_after,
        )

    @property
    def requests(self) -> tuple[log.LoggedRequest, ...]:
        """Every request since the last :meth:`forget_requests`."""
        with self._log_lock:
            return tuple(self._log)

    @property
    def uploads(self) -> tuple[log.LoggedRequest, ...]:
        """Every POST to the upload URL."""
        return tuple(each for each in self.requests if each.route == 'upload')

    @property
    def sockets(self) -> connections.Server:
        """What counts its connections."""
        return self._server

    @property
    def errors(self) -> tuple[BaseException, ...]:
        """What went wrong in the stand-in itself; answered with 500."""
        with self._log_lock:
            return tuple(self._errors)

    def forget_requests(self) -> None:
        """Begin a new request log."""
        with self._log_lock:
            self._log.clear()

    # Called by the connections.

    def remember(self, logged: log.LoggedRequest) -> None:
        """Remember a request."""
        with self._log_lock:
            self._log.append(logged)

    def failed(self, error: BaseException) -> None:
        """Remember an error of the stand-in itself."""
        with self._log_lock:
            self._errors.append(error)

    def read(
        self, method: str, path: str, headers: Mapping[str, str]
    ) -> tuple[replies.Request, replies.Reply]:
        """Answer a GET or HEAD."""
        target = routes.find(urllib.parse.urlsplit(path).path)
        request = replies.Request(
            method=method,
            path=path,
            route=target.route,
            headers=headers,
            project=target.project,
            version=target.version,
        )

        def proceed(other: records.State | None) -> replies.Reply:
            self._wait()
            with self.store.locked() as state:
                reply = target.view(
                    state if other is None else other,
                    self.url,
                    headers.get('accept', ''),
                )
            return _conditional(reply, headers.get('if-none-match'))

        return request, self.faults.answer(request, proceed)

    def call(
        self,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        client: str,
    ) -> tuple[replies.Request, replies.Reply]:
        """Answer an XML-RPC call.

        :param body: None where it was too long to be read
        """
        call = None if body is None else xmlrpc_api.parse(body)
        name, args = call or ('', ())
        project = (
            names.project_name(str(args[0]))
            if name == 'package_roles' and args
            else None
        )
        request = replies.Request(
            method='POST',
            path=path,
            route='xmlrpc',
            headers=headers,
            project=project,
        )

        def proceed(other: records.State | None) -> replies.Reply:
            self._wait()
            if call is None:
                return replies.page(400, 'Bad Request')
            seconds = self._call_limit.seconds_to_wait(client)
            if seconds is not None:
                return xmlrpc_api.too_many(seconds)
            with self.store.locked() as state:
                return xmlrpc_api.answer(
                    state if other is None else other,
                    self.store.limits,
                    name,
                    args,
                )

        return request, self.faults.answer(request, proceed)

    def take_upload(
        self,
        path: str,
        headers: Mapping[str, str],
        authorization: str | None,
        chunks: Iterator[bytes],
    ) -> tuple[replies.Request, replies.Reply, tuple[str, ...]]:
        """Answer a POST to the upload URL; the whole body is read."""
        try:
            form = forms.read(
                chunks, headers.get('content-type', ''), self.store.spool
            )
        except forms.Malformed:
            form = None
        request = replies.Request(
            method='POST',
            path=path,
            route='upload',
            headers=headers,
            project=names.project_name(form.first('name')) if form else None,
            version=form.first('version') if form else None,
            filename=form.files['content'].filename
            if form and 'content' in form.files
            else None,
        )

        def proceed(other: records.State | None) -> replies.Reply:
            return self._received(request, authorization, form)

        try:
            reply = self.faults.answer(request, proceed)
        finally:
            if form is not None:
                form.discard()
        return request, reply, form.names if form else ()

    def _received(
        self,
        request: replies.Request,
        authorization: str | None,
        form: forms.Form | None,
    ) -> replies.Reply:
        if form is None:
            return replies.page(400, 'Bad Request')
        action = form.first(':action')
        if action in _GONE:
            return replies.page(410, _GONE[action])
        if action != 'file_upload':
            return replies.page(404, 'Not Found')

        def before_commit() -> None:
            self._wait()
            self.faults.about_to_commit(request)

        reception = checks.Reception(
            store=self.store,
            tokens=self.tokens,
            help_url=self.help_url,
            before_commit=before_commit,
        )
        try:
            stored = reception.receive(authorization, form)
        except replies.Refusal as err:
            return replies.page(err.status, err.message)
        except ledger.Conflict:
            return replies.page(500, 'Internal Server Error')
        if stored:
            self.faults.uploaded(request)
        return replies.page(200, 'OK')

    def _wait(self) -> None:
        if self.latency_ms > 0:
            self.stopping.wait(self.latency_ms / 1000)


def _conditional(
    reply: replies.Reply, if_none_match: str | None
) -> replies.Reply:
    """Give an answer its ETag, or 304 to who has it already."""
    if reply.status != 200 or not isinstance(reply.body, bytes):
        return reply
    digest = hashlib.blake2b(reply.body, digest_size=16).digest()
    etag = f'"{base64.b64encode(digest).decode().rstrip("=")}"'
    headers = {**reply.headers, 'ETag': etag}
    known = {
        each.strip().removeprefix('W/')
        for each in (if_none_match or '').split(',')
    }
    if etag in known or '*' in known:
        return replies.Reply(304, 'Not Modified', headers=headers)
    return dataclasses.replace(reply, headers=headers)
