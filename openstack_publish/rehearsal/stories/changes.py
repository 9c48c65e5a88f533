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

"""What happens in the stories, and what mends it.

Each takes a stage and returns it as the next run finds it. What lies on the
index is changed in place; the rest of a stage is a value. What mends does
nothing where nothing has happened: a story that did not come about is told as
such, and is no error.
"""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
from collections.abc import Mapping

from openstack_publish.rehearsal import faults
from openstack_publish.rehearsal import orders
from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import release as releases
from openstack_publish.rehearsal import signing_key
from openstack_publish.rehearsal import stage as stages
from openstack_publish.rehearsal.stories import story

MALLORY = 'mallory'
"""Whom no policy allows."""

STALE_READS = 2
"""Documents that are stale: JSON and the simple page, once each."""

CLOSED_DAYS = 15.0
"""Age of a release that takes no new file any more; it takes them for 14."""

NEXT_VERSION = '1.0.1'

_KEY_BEFORE = 'OpenStack Infra (Cycle Before) <infra-root@example.org>'
_KEY_LIFE = datetime.timedelta(days=180)
_TOKEN_LIFE = datetime.timedelta(days=30)
_AGO = datetime.timedelta(days=1)
"""How long ago the token of a story ended."""

Environment = Mapping[str, str]


def fault(name: str, times: int | None = None) -> story.Change:
    """Return a change that arms a switch of :mod:`.fault_table`.

    :param times: how often it acts; None for the table's number
    """

    def change(stage: stages.Stage, environment: Environment) -> stages.Stage:
        stage.index.faults.set(
            name,
            times=times,
            options=faults.Options(
                project=stage.release.project,
                version=stage.release.version,
                user=MALLORY,
            ),
        )
        return stage

    return change


def answers_again(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Let the index answer as it should."""
    stage.index.faults.clear()
    return stage


def writable_again(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """End the read-only mode."""
    stage.index.store.set_flags(read_only=False)
    return stage


def role_removed(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Take the role away that nobody allowed."""
    store, project = stage.index.store, stage.release.project
    with store.locked():
        if MALLORY in store.project(project).roles:
            store.remove_role(project, MALLORY)
    return stage


def foreign_file_removed(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Remove each file of the release that is none of ours."""
    store, release = stage.index.store, stage.release
    ours = {pathlib.Path(path).name for path in release.distributions}
    with store.locked():
        found = store.project(release.project).find_release(release.version)
        listed = () if found is None else tuple(found.files)
        for name in listed:
            if name not in ours:
                store.delete_file(release.project, release.version, name)
    return stage


def half_published(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Let the index have the wheel, for more than 14 days."""
    store, release = stage.index.store, stage.release
    (wheel,) = (
        pathlib.Path(path)
        for path in release.distributions
        if path.endswith('.whl')
    )
    store.add_file(release.project, release.version, wheel.name, wheel)
    store.age_release(release.project, release.version, CLOSED_DAYS)
    return stage


def next_version(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Order and build another version.

    :raises Unavailable: git or the build failed
    """
    made = releases.another_version(stage.release, NEXT_VERSION, environment)
    return dataclasses.replace(stage, release=made)


def expired_token(
    stage: stages.Stage, environment: Environment
) -> stages.Stage:
    """Give the job a token that ended yesterday."""
    end = datetime.datetime.now(datetime.UTC) - _AGO
    return stage.with_token(
        stage.index.token(
            stages.USER, not_before=end - _TOKEN_LIFE, not_after=end
        )
    )


def new_token(stage: stages.Stage, environment: Environment) -> stages.Stage:
    """Give the job a token that is valid."""
    return stage.with_token(stage.index.token(stages.USER))


def expired_key(stage: stages.Stage, environment: Environment) -> stages.Stage:
    """Give the job the key of the cycle before, whose life has ended.

    :raises Unavailable: git or gpg failed
    """
    tools = programs.Programs(environment)
    directory = pathlib.Path(stage.directory, 'key-before')
    directory.mkdir()
    made = datetime.datetime.now(datetime.UTC) - 2 * _KEY_LIFE
    key = signing_key.make(str(directory), tools, _KEY_BEFORE, made=made)
    orders.Orders(stage.release.releases_dir, tools).retire(
        key, made.date(), (made + _KEY_LIFE).date()
    )
    return dataclasses.replace(stage, sign_key_file=key.secret_file)


def current_key(stage: stages.Stage, environment: Environment) -> stages.Stage:
    """Give the job the key of the cycle."""
    return dataclasses.replace(
        stage, sign_key_file=stage.release.secret_key_file
    )
