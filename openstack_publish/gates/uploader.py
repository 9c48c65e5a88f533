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

"""The upload side: twine in process, one POST a call.

twine's own :meth:`Repository.upload` builds and sends the form. What it
lacks is put around it, without changing twine itself:

- no limits on time: an adapter that keeps to a deadline (and never tries
  again by itself; ``max_redirects=1`` keeps twine from posting five times);
- answers are read whole: the adapter drops the body, for PyPI says all it
  has to say in the status line;
- progress: twine's encoder has a callback for its own bar, which the
  adapter points to ours;
- printing to stdout by ``rich``: captured, for this thread only.
"""

from __future__ import annotations

import base64
import datetime
import fnmatch
import hashlib
import io
import os
from typing import Any
from urllib import parse

import requests
import requests.auth
import requests_toolbelt
import rich
import urllib3
from twine import exceptions as twine_exceptions
from twine import package as twine_package
from twine import repository as twine_repository
from twine import utils

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import web
from openstack_publish.gates.web import limits
from openstack_publish.gates.web import words
from openstack_publish.model import credential
from openstack_publish.model import distribution
from openstack_publish.model import names

TIMEOUT = 900.0
"""Longest upload of one file, answer included, in seconds."""

MAX_REASON = 2000
"""Longest text of a server that is kept, in characters."""

PYPI_UPLOAD_URL: str = utils.DEFAULT_REPOSITORY
PYPI_WEB_URL: str = twine_repository.WAREHOUSE_WEB


class TwineUploader:
    """Uploads with twine.

    :param attestations: send the ``FILE.*.attestation`` beside each file
    :param timeout: for one file, in seconds
    """

    def __init__(
        self,
        credentials: seams.Credentials,
        clock: seams.Clock,
        *,
        attestations: bool = False,
        timeout: float = TIMEOUT,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._attestations = attestations
        self._timeout = timeout

    @property
    def upload_url(self) -> str:
        """Return where uploads go, without user or password."""
        return self._credentials.upload_url

    def read_credential(
        self, now: datetime.datetime
    ) -> credential.Credential | None:
        """Describe the credential; None where there is none.

        :raises Unavailable: a key store did not answer
        """
        return self._credentials.describe()

    def upload(
        self,
        dist: distribution.Distribution,
        signature: seams.CheckedFile | None,
        now: datetime.datetime,
        progress: seams.Progress,
    ) -> seams.UploadAnswer:
        """POST one distribution with its signature, once.

        :raises Misconfigured: the configuration is wrong, or a file is or
            no longer has the bytes that were checked; nothing was sent
        :raises Unavailable: a key store did not answer; nothing was sent
        """
        package = self._package(dist, signature)
        project = names.project_name(package.metadata['name'])
        login = self._credentials.login(project, now)
        if login is None:
            raise exceptions.Misconfigured(
                'there is no credential to upload with'
            )
        return self._post(package, login, progress)

    def _post(
        self,
        package: twine_package.PackageFile,
        login: credential.Login,
        progress: seams.Progress,
    ) -> seams.UploadAnswer:
        adapter = _OnePost(self._timeout, self._credentials.cert, progress)
        target = twine_repository.Repository(
            self.upload_url,
            login.username,
            login.password,
            disable_progress_bar=True,
        )
        try:
            target.set_client_certificate(self._credentials.client_cert)
            session = target.session
            # As bytes: requests would put a password that is not Latin-1
            # whole into an exception. That there is one at all keeps
            # requests from reading .netrc.
            session.auth = requests.auth.HTTPBasicAuth(
                login.username.encode('utf-8'), login.password.encode('utf-8')
            )
            session.headers['User-Agent'] = (
                f'{_text(session.headers["User-Agent"])} {web.USER_AGENT}'
            )
            for scheme in ('https://', 'http://'):
                session.mount(scheme, adapter)
            with limits.within(self._clock, self._timeout) as ends:
                try:
                    # The capture is of this thread: other threads and other
                    # consoles go on printing.
                    with rich.get_console().capture():
                        response = target.upload(package, max_redirects=1)
                except (
                    requests.RequestException,
                    urllib3.exceptions.HTTPError,
                    OSError,
                ) as error:
                    cause = words.cause(error, self._timeout)
                    if ends.left <= 0:
                        cause = f'no answer within {self._timeout:g} s'
                    return seams.UploadAnswer('doubtful', None, cause)
            return self._judged(response, adapter.location, login)
        finally:
            target.close()

    def _judged(
        self,
        response: requests.Response,
        location: str | None,
        login: credential.Login,
    ) -> seams.UploadAnswer:
        status = response.status_code
        said = _without(words.reason(response), login)
        if len(said) > MAX_REASON:
            said = f'{said[:MAX_REASON]} … (cut at {MAX_REASON} characters)'
        wait = words.retry_after(response, self._clock)
        if status == 200:
            return seams.UploadAnswer('stored', status, said, wait)
        if 300 <= status < 400:
            said = f'redirected to {_host(location, self.upload_url)}'
            return seams.UploadAnswer('refused', status, said, wait)
        if 400 < status < 500 and status != 409:
            return seams.UploadAnswer('refused', status, said, wait)
        return seams.UploadAnswer('doubtful', status, said, wait)

    def _package(
        self,
        dist: distribution.Distribution,
        signature: seams.CheckedFile | None,
    ) -> twine_package.PackageFile:
        """Let twine read the file, and make sure that it is the one we read.

        :raises Misconfigured: it isn't, or twine cannot
        """
        try:
            package = twine_package.PackageFile.from_filename(dist.path, None)
            if signature is not None:
                package.add_gpg_signature(
                    signature.path, f'{dist.filename}.asc'
                )
            if self._attestations:
                package.add_attestations(_attestations(dist))
        except exceptions.Misconfigured:
            raise
        except twine_exceptions.TwineException as error:
            raise exceptions.Misconfigured(
                f'{dist.filename}: {error}'
            ) from error
        except Exception as error:
            # Readers of archives and metadata raise what their parts raise:
            # tarfile, zipfile, zlib, UnicodeError, KeyError ...
            raise exceptions.Misconfigured(
                f'{dist.filename}: twine cannot read it '
                f'({type(error).__name__}: {error})'
            ) from error
        if package.sha2_digest != dist.sha256:
            raise exceptions.Misconfigured(
                f'{dist.filename} changed since it was read: sha256 '
                f'{package.sha2_digest}, before {dist.sha256}'
            )
        if signature is not None:
            _same_as_checked(package, signature)
        if names.project_name(package.metadata['name']) != dist.project:
            raise exceptions.Misconfigured(
                f'{dist.filename}: twine reads the name '
                f'{package.metadata["name"]!r}, we read {dist.project}'
            )
        return package


class _OnePost(limits.Adapter):
    """Sends one request, and of its answer keeps the head."""

    def __init__(
        self, timeout: float, cert: str | None, progress: seams.Progress
    ) -> None:
        super().__init__()
        self.location: str | None = None
        """Where a redirect points."""

        self._timeout = timeout
        self._cert = cert
        self._progress = progress

    def send(
        self,
        request: requests.PreparedRequest,
        *args: Any,
        **keywords: Any,
    ) -> requests.Response:
        body: object = request.body
        if isinstance(body, requests_toolbelt.MultipartEncoderMonitor):
            body.callback = self._count
        keywords['stream'] = True
        keywords['timeout'] = (limits.CONNECT, self._timeout)
        if self._cert is not None:
            # REQUESTS_CA_BUNDLE would outrank what the session was told.
            keywords['verify'] = self._cert
        response = super().send(request, *args, **keywords)
        raw, response.raw = response.raw, io.BytesIO()
        raw.close()
        # requests takes a redirect apart even where it does not follow it.
        self.location = response.headers.pop('Location', None)
        return response

    def _count(
        self, monitor: requests_toolbelt.MultipartEncoderMonitor
    ) -> None:
        limits.check()
        self._progress(monitor.bytes_read, monitor.len)


def _same_as_checked(
    package: twine_package.PackageFile, signature: seams.CheckedFile
) -> None:
    """Hold the signature that twine read against the one that was verified.

    :raises Misconfigured: it is another one
    """
    _, content = package.gpg_signature or ('', b'')
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != signature.sha256:
        raise exceptions.Misconfigured(
            f'{signature.path} changed since it was verified: sha256 '
            f'{sha256}, before {signature.sha256}'
        )


def _attestations(dist: distribution.Distribution) -> list[str]:
    """Return the attestations beside a file, as twine looks for them.

    :raises Misconfigured: there are none, though they are wanted
    """
    place = os.path.dirname(dist.path)
    found = [
        os.path.join(place, name)
        for name in sorted(os.listdir(place or '.'))
        if name.startswith(f'{dist.filename}.')
        and fnmatch.fnmatchcase(name, '*.attestation')
    ]
    if not found:
        raise exceptions.Misconfigured(
            f'--attestations is given, but {dist.filename} has none beside it',
            where='--attestations',
        )
    return found


def _host(location: str | None, url: str) -> str:
    """Return the host that a redirect points to, and no more of it."""
    try:
        place = parse.urlsplit(parse.urljoin(url, location or ''))
        return repr(place.netloc.rpartition('@')[2])
    except ValueError:
        return 'what is no URL'


def _without(text: str, login: credential.Login) -> str:
    """Return a server's text without what we sent to log in."""
    pair = f'{login.username}:{login.password}'.encode()
    for secret in (login.password, base64.b64encode(pair).decode('ascii')):
        text = text.replace(secret, '<secret>')
    return text


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode('latin-1')
