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

"""Logging and secrets on the command line."""

from __future__ import annotations

import copy
import logging
import os
import sys
from typing import TextIO

from openstack_publish.cli import streams
from openstack_publish.render import plain

HIDDEN = '<hidden>'
_LEVELS = {0: logging.ERROR, 1: logging.WARNING, 2: logging.INFO}
_OF_THE_USER_ALONE = 0o600


_INFORMATION = 2
_CHATTY = frozenset({'gnupg', 'twine.repository'})
"""These warn of what we judge ourselves: python-gnupg of each exit code that
isn't 0, twine of "Retry 1 of 1" on a 5xx, though it makes none."""

_OF_A_CLUSTER = frozenset({'asyncio', 'distributed', 'tornado'})
"""What these say of a scheduler that is gone, errors too, is told once by
what gate and command make of it."""


class Redactor:
    """Takes known secrets out of any text before it is shown."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def learn(self, secret: str | None) -> None:
        """Remember a secret; an empty one is none."""
        if secret:
            self._secrets.add(secret)

    def redact(self, text: str) -> str:
        """Return *text* without any secret."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


class _Formatter(logging.Formatter):
    """Formats a record so that it hides secrets and steers no terminal.

    :param tracebacks: whether those of other libraries are wanted
    """

    def __init__(
        self, form: str, redactor: Redactor, tracebacks: bool
    ) -> None:
        super().__init__(form)
        self._redactor = redactor
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, each line of it harmless."""
        if not self._tracebacks:
            # A copy: another handler may want them.
            record = copy.copy(record)
            record.exc_info = record.exc_text = record.stack_info = None
        text = self._redactor.redact(super().format(record))
        return '\n'.join(plain.line(line) for line in text.splitlines())


class _Handler(logging.StreamHandler[TextIO]):
    """Says once that it cannot write, and then nothing.

    logging's own way is to print a traceback, and the record's arguments as
    they are: with every secret, and with what a terminal obeys.

    :param formatter: makes a line of a record
    :param name: of what is written; None where nobody need be told
    :param told: to whom that is said
    """

    def __init__(
        self,
        stream: TextIO,
        formatter: logging.Formatter,
        told: TextIO,
        name: str | None = None,
    ) -> None:
        super().__init__(stream)
        self.setFormatter(formatter)
        self._told = told
        self._place = name
        self._broken = False

    def close(self) -> None:
        """Close what is written, where it is a file of its own."""
        super().close()
        if self._place is not None:
            self.stream.close()

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop a record; one that cannot be formatted is dropped alone."""
        error = sys.exception()
        if self._broken or not isinstance(error, OSError):
            return
        self._broken = True
        streams.give_up(self.stream)
        if self._place is not None:
            self._told.write(
                f'{plain.line(self._place)} can no longer be written: '
                f'{error.strerror}\n'
            )


def _worth_a_warning(record: logging.LogRecord) -> bool:
    if record.name.partition('.')[0] in _OF_A_CLUSTER:
        return False
    return record.name not in _CHATTY or record.levelno >= logging.ERROR


def configure(
    stream: TextIO, level: int, log_file: str | None, redactor: Redactor
) -> None:
    """Set up the root logger afresh.

    Handlers that are there are dropped: as twine's plugin we would inherit
    one that writes coloured lines to stdout.

    :param level: 0 errors, 1 warnings, 2 information, 3 everything,
        tracebacks of other libraries as well
    :param log_file: gets everything; readable by its owner alone
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.setLevel(logging.DEBUG)
    console = _Handler(
        stream,
        _Formatter('%(name)s: %(message)s', redactor, level > _INFORMATION),
        stream,
    )
    console.setLevel(_LEVELS.get(level, logging.DEBUG))
    if level < _INFORMATION:
        console.addFilter(_worth_a_warning)
    root.addHandler(console)
    if log_file is not None:
        descriptor = os.open(
            log_file,
            os.O_WRONLY | os.O_CREAT | os.O_APPEND,
            _OF_THE_USER_ALONE,
        )
        form = '%(asctime)s %(levelname)s %(name)s %(message)s'
        root.addHandler(
            _Handler(
                os.fdopen(descriptor, 'a', encoding='utf-8'),
                _Formatter(form, redactor, tracebacks=True),
                stream,
                f'--log-file {log_file}',
            )
        )
