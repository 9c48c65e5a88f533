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

"""Lets every rehearsal of a process begin with the same build."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from collections.abc import Mapping

import fixtures

from openstack_publish.rehearsal import release as releases
from tests.support import scene


class BuiltOnce(fixtures.Fixture):
    """Gives each stage a copy of one release: building takes seconds."""

    def _setUp(self) -> None:
        scene.made_once()  # with the real make
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.rehearsal.release.make', _copied
            )
        )


def _copied(
    directory: str,
    environment: Mapping[str, str],
    now: datetime.datetime,
) -> releases.ThrowAwayRelease:
    made = scene.made_once()
    shutil.copytree(
        made.directory, directory, symlinks=True, dirs_exist_ok=True
    )

    def moved(path: str) -> str:
        return directory + path.removeprefix(made.directory)

    return dataclasses.replace(
        made,
        directory=directory,
        distributions=tuple(moved(path) for path in made.distributions),
        releases_dir=moved(made.releases_dir),
        source_tree=moved(made.source_tree),
        key=dataclasses.replace(
            made.key,
            secret_file=moved(made.key.secret_file),
            public_file=moved(made.key.public_file),
        ),
    )
