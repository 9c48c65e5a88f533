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

"""Publishes in a process of its own, which is killed in mid-upload."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import stage as stages

LIMIT = 60.0
"""Longest run of the process, in seconds; it takes 1 to 2 until it is
killed."""

_OWN_SETTINGS = ('TWINE_', 'OPENSTACK_PUBLISH_')
"""Variables of the user's own releases, which have no part in this one."""

_Process = subprocess.Popen[str]


def publish(
    stage: stages.Stage,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
) -> int:
    """Publish, and kill the process when the first file was stored.

    It gets SIGKILL before it gets the index's answer.

    :param environment: the user's environment
    :param tell: is given each line of its standard error
    :returns: its exit code, the negative number of a signal that ended it
    :raises Unavailable: the process cannot be started
    """
    started: queue.SimpleQueue[_Process] = queue.SimpleQueue()
    hooks = stage.index.faults.after_upload

    def kill(request: replies.Request) -> None:
        started.get(timeout=LIMIT).kill()

    hooks.append(kill)
    try:
        with _running(stage, environment) as process:
            started.put(process)
            for line in process.stderr or ():
                tell(line.rstrip('\n'))
            return process.wait()
    finally:
        hooks.remove(kill)


@contextlib.contextmanager
def _running(
    stage: stages.Stage, environment: Mapping[str, str]
) -> Iterator[_Process]:
    """Run the publish command; the process is gone when this is left."""
    command = [sys.executable, '-m', 'openstack_publish', 'publish']
    command += stage.arguments()
    try:
        process = subprocess.Popen(  # noqa: S603  a list, no shell
            command,
            env=_environment(stage, environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding='utf-8',
            errors='backslashreplace',
        )
    except OSError as error:
        raise exceptions.Unavailable(
            f'running {sys.executable}', str(error)
        ) from error
    end = threading.Timer(LIMIT, process.kill)
    end.start()
    with process:
        try:
            yield process
        finally:
            end.cancel()
            process.kill()


def _environment(
    stage: stages.Stage, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of a release job, which has the token there."""
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_OWN_SETTINGS)
    }
    return {**kept, 'TWINE_PASSWORD': stage.token}
