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

"""The stand-in index for tests, and real twine to upload to it."""

from __future__ import annotations

import contextlib
import io
import pathlib
from collections.abc import Callable
from typing import Any

import fixtures
import requests
import testtools
import twine.package
import twine.repository

from openstack_publish.rehearsal import ledger
from openstack_publish.rehearsal import server
from tests.support import artifacts

NAME = 'oslo.demo'
VERSION = '1.2.0'
USER = 'openstackci'
SECONDS = 30.0
"""Longest wait for one answer of the stand-in."""

Change = Callable[[twine.package.PackageFile], None]


class StandIn(fixtures.Fixture):
    """A running stand-in index.

    It ends with the test, which fails if the stand-in itself went wrong.
    """

    index: server.StandInIndex

    def __init__(self, now: ledger.Now = ledger.utc_now) -> None:
        super().__init__()
        self._now = now

    def _setUp(self) -> None:
        self.index = server.StandInIndex(now=self._now).start()
        self.addCleanup(self._check)
        self.addCleanup(self.index.stop)

    def _check(self) -> None:
        if self.index.errors:
            raise AssertionError(
                f'the stand-in index failed: {self.index.errors}'
            ) from self.index.errors[0]


def upload(
    url: str,
    path: str,
    password: str,
    user: str = '__token__',
    *,
    signature: str | None = None,
    change: Change | None = None,
) -> requests.Response:
    """POST one distribution once, with real twine, and return the answer.

    :param signature: an ``.asc`` that goes along
    :param change: what to do to twine's view of the file before
    """
    repository = twine.repository.Repository(
        url, user, password, disable_progress_bar=True
    )
    # twine's session posts again, by itself, when a connection breaks.
    repository.session.mount(
        'http://', requests.adapters.HTTPAdapter(max_retries=0)
    )
    package = twine.package.PackageFile.from_filename(path, None)
    if signature is not None:
        package.add_gpg_signature(signature, pathlib.Path(signature).name)
    if change is not None:
        change(package)
    with contextlib.redirect_stdout(io.StringIO()):
        response: requests.Response = repository.upload(
            package, max_redirects=1
        )
    repository.close()
    return response


class TestCase(testtools.TestCase):
    """A test with a stand-in index, a user and a place for artifacts."""

    def setUp(self) -> None:
        super().setUp()
        # twine tells its log what it retries.
        self.useFixture(fixtures.FakeLogger('twine'))
        self.index = self.useFixture(StandIn()).index
        self.directory = self.useFixture(fixtures.TempDir()).path
        self.token = self.index.token(USER)

    def sdist(
        self, name: str = NAME, version: str = VERSION, **options: Any
    ) -> str:
        """Write an sdist and return its path."""
        return artifacts.write_sdist(self.directory, name, version, **options)

    def wheel(
        self, name: str = NAME, version: str = VERSION, **options: Any
    ) -> str:
        """Write a wheel and return its path."""
        return artifacts.write_wheel(self.directory, name, version, **options)

    def upload(
        self, path: str, password: str | None = None, **options: Any
    ) -> requests.Response:
        """Upload with real twine, with the user's token."""
        return upload(
            self.index.upload_url, path, password or self.token, **options
        )

    def accepts(self, path: str, **options: Any) -> None:
        """Upload and assert that it was taken."""
        response = self.upload(path, **options)
        self.assertEqual((200, 'OK'), (response.status_code, response.reason))

    def refuses(
        self, status: int, reason: str, path: str, **options: Any
    ) -> None:
        """Upload and assert the whole reason phrase of the refusal."""
        response = self.upload(path, **options)
        self.assertEqual(
            (status, reason), (response.status_code, response.reason)
        )

    def help(self, anchor: str) -> str:
        """Return the sentence that points to the index's help page."""
        return f'See {self.index.help_url}#{anchor} for more information.'

    def get(self, path: str, **headers: str) -> requests.Response:
        """Read something; redirects are not followed.

        :param headers: with ``_`` for ``-``
        """
        return requests.get(
            self.index.url + path,
            headers={
                name.replace('_', '-'): value
                for name, value in headers.items()
            },
            allow_redirects=False,
            timeout=SECONDS,
        )

    def json(self, path: str) -> Any:
        """Read a JSON document."""
        response = self.get(path, Accept='application/vnd.pypi.simple.v1+json')
        self.assertEqual(200, response.status_code)
        return response.json()
