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

"""Runs other programs: git and GnuPG's helpers.

Programs are started from lists, never through a shell, with a time limit
and with an environment that holds what they need and no secret.
"""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions

TIMEOUT = 60.0
"""Longest run of one program, in seconds."""

_PASSED_ON = (
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'TMPDIR',
    'XDG_RUNTIME_DIR',
    'GIT_CONFIG_GLOBAL',
    'GIT_CONFIG_SYSTEM',
    'GIT_CONFIG_NOSYSTEM',
    'GPG_TTY',
    'TERM',
)
"""What a child may see of our environment; no TWINE_PASSWORD, no
passphrase, no cloud credential that happens to be there."""


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that a child process may have.

    Messages come in English and UTF-8, whatever the user's locale.
    """
    kept = {
        name: environment[name] for name in _PASSED_ON if name in environment
    }
    kept.setdefault('PATH', '/usr/local/bin:/usr/bin:/bin')
    kept['LC_ALL'] = 'C.UTF-8'
    return kept


@dataclasses.dataclass(frozen=True)
class Finished:
    """A program that ran to its end."""

    returncode: int
    stdout: bytes
    stderr: str


class Processes:
    """Runs programs with a clean environment.

    :param environment: the user's environment; only its harmless part is
        passed on
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = clean_environment(environment)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: str | None = None,
        timeout: float = TIMEOUT,
    ) -> Finished:
        """Run a program to its end.

        :param timeout: in seconds
        :raises Unavailable: it isn't installed, cannot be started or does
            not end in time
        """
        try:
            done = subprocess.run(  # noqa: S603  a list, no shell
                list(command),
                cwd=cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except FileNotFoundError as error:
            raise exceptions.Unavailable(
                f'running {command[0]}', f'{error.filename} is not there'
            ) from error
        except subprocess.TimeoutExpired as error:
            raise exceptions.Unavailable(
                f'running {command[0]}', f'no end within {timeout:g} s'
            ) from error
        except (OSError, ValueError) as error:
            raise exceptions.Unavailable(
                f'running {command[0]}', str(error)
            ) from error
        return Finished(
            done.returncode,
            done.stdout,
            done.stderr.decode('utf-8', 'backslashreplace'),
        )
