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

"""``publish`` in a process of its own, which a signal is to meet.

::

    python -m tests.faults.child PLAN publish …

PLAN is JSON: ``step``, ``flag`` (a file that is made when the step begins),
``event`` and ``match`` (Python's audit event and a part of its arguments at
which the process sends itself the signal ``number``, once; null for none),
and ``seen`` (a file into which each program goes that it starts).
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
from typing import Any

from openstack_publish.cli import main
from tests.support import fast_time
from tests.support import moments


class _Hook:
    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._armed = False
        # Opened before: to open it in the hook would call the hook.
        self._seen = os.open(
            plan['seen'], os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600
        )

    def arm(self) -> None:
        pathlib.Path(self._plan['flag']).touch()
        self._armed = self._plan['event'] is not None

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == 'subprocess.Popen':
            os.write(self._seen, f'{arguments!r}\n'.encode())
        if (
            self._armed
            and event == self._plan['event']
            and self._plan['match'] in repr(arguments)
        ):
            self._armed = False
            os.kill(os.getpid(), self._plan['number'])


def _run(plan: dict[str, Any]) -> int:
    hook = _Hook(plan)
    with (
        fast_time.FastTime(),
        moments.AtStep(plan['step'], hook.arm),
    ):
        sys.addaudithook(hook)
        return main.main()


if __name__ == '__main__':
    PLAN = json.loads(sys.argv.pop(1))
    sys.exit(_run(PLAN))
