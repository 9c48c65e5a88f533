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

import contextlib
import dataclasses
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import IO

from openstack_publish import exceptions

TIMEOUT = 60.0
"""Longest run of one program, in seconds."""

LAST_WORDS = 4096
"""Bytes that are read of what a program says of its errors."""

LONGEST_LINE = 4096
"""Bytes of one line of an answer."""

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


class Conversation:
    """A program that answers, question by question.

    Questions are short and asked one at a time, so that neither side waits
    for the other to empty a pipe.
    """

    def __init__(
        self, name: str, process: subprocess.Popen[bytes], errors: IO[bytes]
    ) -> None:
        self._name = name
        self._process = process
        self._errors = errors
        self._timeout: float | None = None

    def ask(self, question: bytes) -> bytes:
        """Send a line, and return the first line of the answer.

        :raises Unavailable: the program ended or ran out of time
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(question + b'\n')
            stdin.flush()
            line = stdout.readline(LONGEST_LINE)
        except OSError as error:
            raise self._broken(str(error)) from error
        if not line.endswith(b'\n'):
            raise self._broken('it ended before it answered')
        return line[:-1]

    def read(self, size: int) -> bytes:
        """Return the next bytes of the answer, exactly so many.

        :raises Unavailable: the program ended or ran out of time
        """
        stdout = self._process.stdout
        assert stdout is not None
        try:
            content = stdout.read(size)
        except OSError as error:
            raise self._broken(str(error)) from error
        if len(content) != size:
            raise self._broken('it ended within an answer')
        return content

    def expire(self, timeout: float) -> None:
        """End the program: its time, in seconds, is over."""
        self._timeout = timeout
        self._process.kill()

    def _broken(self, why: str) -> exceptions.Unavailable:
        """Return why there is no answer, in the program's own words."""
        if self._timeout is not None:
            why = f'no end within {self._timeout:g} s'
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
            self._errors.seek(0)
            words = self._errors.read(LAST_WORDS)
            why = words.decode('utf-8', 'backslashreplace').strip() or why
        return exceptions.Unavailable(f'running {self._name}', why)


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
        variables: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> Finished:
        """Run a program to its end.

        :param variables: added to its environment
        :param timeout: in seconds
        :raises Unavailable: it isn't installed, cannot be started or does
            not end in time
        """
        try:
            done = subprocess.run(  # noqa: S603  a list, no shell
                list(command),
                cwd=cwd,
                env={**self.environment, **(variables or {})},
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

    @contextlib.contextmanager
    def converse(
        self,
        command: Sequence[str],
        *,
        variables: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> Iterator[Conversation]:
        """Start a program that answers questions, and end it afterwards.

        :param variables: added to its environment
        :param timeout: of the whole conversation, in seconds
        :raises Unavailable: it isn't installed or cannot be started
        """
        name = command[0]
        with contextlib.ExitStack() as stack:
            try:
                errors = stack.enter_context(tempfile.TemporaryFile())
                process = subprocess.Popen(  # noqa: S603  a list, no shell
                    list(command),
                    env={**self.environment, **(variables or {})},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                )
            except FileNotFoundError as error:
                raise exceptions.Unavailable(
                    f'running {name}', f'{error.filename} is not there'
                ) from error
            except (OSError, ValueError) as error:
                raise exceptions.Unavailable(
                    f'running {name}', str(error)
                ) from error
            stack.callback(_end, process)
            conversation = Conversation(name, process, errors)
            watch = threading.Timer(timeout, conversation.expire, (timeout,))
            watch.daemon = True
            watch.start()
            stack.callback(watch.cancel)
            yield conversation


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that is asked nothing any more."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # What could not be sent to it is of no interest now.
            with contextlib.suppress(OSError):
                pipe.close()
