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

"""Stories of releases that go wrong: what happens, and what must come of it.

A story has two acts. In the first something happens and the release is
published; in the second a release manager mends it and publishes again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Mapping

from openstack_publish import seams
from openstack_publish.model import receipt
from openstack_publish.rehearsal import stage as stages
from openstack_publish.rehearsal.stories import killing
from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import traces

Change = Callable[[stages.Stage, Mapping[str, str]], stages.Stage]
"""Changes a stage and returns it; it is given the user's environment."""

STOPPED = 'OSP706'
"""Finding of a run that was stopped by a signal."""


def unchanged(
    stage: stages.Stage, environment: Mapping[str, str]
) -> stages.Stage:
    """Leave everything as it is."""
    return stage


@dataclasses.dataclass(frozen=True)
class Act:
    """Something happens, the release is published, promises are due."""

    happens: str
    """Two or three sentences for the reader, before the run."""

    promises: tuple[promises.Promise, ...]
    change: Change = unchanged
    confirm_only: bool = False
    killed: bool = False
    """The run is a process of its own, killed once a file is stored."""


@dataclasses.dataclass(frozen=True)
class Story:
    """One fault, from its beginning to its end."""

    name: str
    description: str
    """One line, for the reader of a list."""

    promise: str
    """What the tool promises, in one sentence."""

    acts: tuple[Act, Act]


@dataclasses.dataclass(frozen=True)
class Performance:
    """An act that was played."""

    left: traces.Traces
    verdicts: tuple[promises.Verdict, ...]

    @property
    def kept(self) -> bool:
        """Say whether every promise was kept."""
        return all(verdict.kept for verdict in self.verdicts)


def perform(
    act: Act,
    stage: stages.Stage,
    environment: Mapping[str, str],
    observer: seams.Observer,
    tell: Callable[[str], None],
) -> Performance:
    """Publish on a stage that the act has changed, and judge the promises.

    :param environment: the user's environment
    :param tell: is given each line that a process of its own writes to its
        standard error
    :raises Misconfigured: something on the stage is wrong
    :raises Unavailable: the process could not be started
    :raises KeyboardInterrupt: the run was stopped by a signal
    """
    stage.index.forget_requests()
    story: receipt.Receipt | None = None
    if act.killed:
        code = killing.publish(stage, environment, tell)
    else:
        story = stage.publish(
            environment, observer, confirm_only=act.confirm_only
        )
        if any(found.code == STOPPED for found in story.findings):
            raise KeyboardInterrupt
        code = receipt.exit_code(story.outcome)
    left = traces.read(stage, code, story)
    return Performance(left, promises.judged(act.promises, left))
