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

"""The stage of a rehearsal: an index, a release, an archive, a token.

Everything lives in one directory of its own and on 127.0.0.1.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import pathlib
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import publish
from openstack_publish import seams
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_publish
from openstack_publish.model import receipt
from openstack_publish.proof import request
from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import release
from openstack_publish.rehearsal import server

USER = 'openstackci'
"""Owner of the project on the stand-in index, as on PyPI."""

_PREFIX = 'osp-'
"""Short: GnuPG puts sockets below it, and their paths are limited."""


@dataclasses.dataclass(frozen=True)
class Stage:
    """Everything that a rehearsal needs."""

    directory: str
    index: server.StandInIndex
    release: release.ThrowAwayRelease
    archive: str
    sign_key_file: str
    """The key that the job signs with."""

    token_file: str
    """Holds the API token; mode 0600."""

    token: str = dataclasses.field(repr=False)

    def with_token(self, token: str) -> Stage:
        """Return the stage with another token, in the file too."""
        pathlib.Path(self.token_file).write_text(token, encoding='ascii')
        return dataclasses.replace(self, token=token)

    def configuration(
        self, environment: Mapping[str, str]
    ) -> settings.Configuration:
        """Return the configuration of a release job on this stage."""
        return settings.Configuration(
            releases=self.release.releases_dir,
            repository_url=self.index.upload_url,
            username='__token__',
            password=self.token,
            sign_key_file=self.sign_key_file,
            archive=self.archive,
            environment=environment,
        )

    def request(self, *, confirm_only: bool = False) -> request.Request:
        """Return the request of a release job on this stage."""
        return request.Request(
            places=(self.release.distributions_dir,),
            repo=self.release.repo,
            commit=self.release.commit,
            confirm_only=confirm_only,
        )

    def publish(
        self,
        environment: Mapping[str, str],
        observer: seams.Observer,
        *,
        confirm_only: bool = False,
    ) -> receipt.Receipt:
        """Publish the release, as a release job does.

        :param environment: the user's environment
        :raises Misconfigured: something on the stage is wrong
        """
        with to_publish.publication(
            self.configuration(environment), observer
        ) as built:
            return publish.publish(
                request.Terms(
                    self.request(confirm_only=confirm_only), built.policy
                ),
                built.gates,
            )

    def arguments(self) -> tuple[str, ...]:
        """Return the same as arguments of the ``publish`` command."""
        return (
            self.release.distributions_dir,
            '--releases',
            self.release.releases_dir,
            '--git-repo',
            self.release.repo,
            '--commit',
            self.release.commit,
            '--repository-url',
            self.index.upload_url,
            '--sign-key-file',
            self.sign_key_file,
            '--archive',
            self.archive,
        )


@contextlib.contextmanager
def stage(
    environment: Mapping[str, str], now: datetime.datetime
) -> Iterator[Stage]:
    """Build a stage; everything goes when it is left.

    :param environment: the user's environment
    :param now: the day on which the throw-away key begins
    :raises Misconfigured: the extra of the rehearsal isn't installed
    :raises Unavailable: git, gpg or the build failed
    """
    programs.require_extra()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as directory:
        place = pathlib.Path(directory)
        for name in ('release', 'archive'):
            (place / name).mkdir()
        made = release.make(str(place / 'release'), environment, now)
        with server.StandInIndex() as index:
            index.store.add_project(made.project, owner=USER)
            index.store.add_file(
                made.project,
                '0.9.0',
                f'{made.project.replace("-", "_")}-0.9.0.tar.gz',
                b'the release before',
            )
            token = index.token(USER)
            token_file = place / 'token'
            descriptor = os.open(
                token_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
            )
            with os.fdopen(descriptor, 'w', encoding='ascii') as stream:
                stream.write(token)
            yield Stage(
                directory,
                index,
                made,
                str(place / 'archive'),
                made.secret_key_file,
                str(token_file),
                token,
            )
