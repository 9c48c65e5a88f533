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

"""Shows a run as it happens: live on a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from rich import console as rich_console
from rich import padding
from rich import progress
from rich import progress_bar
from rich import text as rich_text

from openstack_publish import seams
from openstack_publish.model import receipt
from openstack_publish.render import plain

_MARKS = {
    'held': ('✓', 'green'),
    'failed': ('✗', 'red'),
    'unknown': ('?', 'yellow'),
    'not-done': ('-', 'dim'),
}
Broke = Callable[[Exception], None]


class Lines:
    """One line as a step begins, one as it ends."""

    def __init__(self, stream: TextIO, broke: Broke) -> None:
        self._stream = stream
        self.broke = broke

    def step_began(self, number: int, of: int, name: str) -> None:
        """Write ``7/15 Credential``."""
        self._write(f'{number}/{of} {name}')

    def step_ended(
        self, record: receipt.StepRecord, of: int, found: str
    ) -> None:
        """Write how it ended, indented below its beginning."""
        tail = f': {plain.line(found)}' if found else ''
        self._write(f'     {record.outcome}, {record.seconds:.2f} s{tail}')

    def bytes_done(self, what: str, done: int, total: int) -> None:
        """Write nothing: a pipe wants no progress."""

    def counted(self, what: str, done: int, of: int) -> None:
        """Write nothing: a pipe wants no progress."""

    def waits(self, what: str, seconds: float) -> None:
        """Write what is waited for."""
        self._write(f'     waiting {seconds:.0f} s {plain.line(what)}')

    def _write(self, line: str) -> None:
        self._stream.write(line + '\n')
        self._stream.flush()


class Silent(Lines):
    """Nothing but errors of our own (``--quiet``)."""

    def _write(self, line: str) -> None:
        pass


class _Bar(progress.BarColumn):
    """A bar, once there is something to measure."""

    def render(self, task: progress.Task) -> progress_bar.ProgressBar:
        """Return the bar; an invisible one while the size is unknown."""
        bar = super().render(task)
        if task.total is None:
            bar.width = 0
            bar.pulse = False
        return bar


class _Bytes(progress.DownloadColumn):
    """Bytes done and in all, once there is something to measure."""

    def render(self, task: progress.Task) -> rich_text.Text:
        """Return the numbers; nothing while the size is unknown."""
        if task.total is None:
            return rich_text.Text()
        return super().render(task)


class Live:
    """A terminal: the running step with a bar, then one line for each."""

    def __init__(self, stream: TextIO, broke: Broke) -> None:
        self._console = rich_console.Console(
            file=stream, highlight=False, markup=False, emoji=False
        )
        self._broke = broke
        self._progress: progress.Progress | None = None
        self._task = progress.TaskID(0)

    def step_began(self, number: int, of: int, name: str) -> None:
        """Show the step as running."""
        self._progress = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn('{task.description}', markup=False),
            _Bar(bar_width=20),
            _Bytes(),
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task(
            f'{number}/{of} {name}', total=None
        )
        self._progress.start()

    def step_ended(
        self, record: receipt.StepRecord, of: int, found: str
    ) -> None:
        """Replace it by a line that says how it ended."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        mark, style = _MARKS[record.outcome]
        line = rich_text.Text()
        line.append(mark, style=style)
        line.append(f' {record.number:>2}/{of} {record.name}')
        line.append(f'  {record.seconds:.2f} s', style='dim')
        self._console.print(line)
        if found:
            self._console.print(
                padding.Padding(
                    rich_text.Text(plain.line(found), style='dim'),
                    (0, 0, 0, 8),
                )
            )

    def bytes_done(self, what: str, done: int, total: int) -> None:
        """Move the bar."""
        if self._progress is not None:
            self._progress.update(
                self._task,
                description=plain.line(what),
                completed=done,
                total=total,
            )

    def counted(self, what: str, done: int, of: int) -> None:
        """Move a bar over many things, which goes when all are done."""
        if self._progress is None:
            self._progress = progress.Progress(
                progress.TextColumn('{task.description}', markup=False),
                progress.BarColumn(bar_width=20),
                progress.MofNCompleteColumn(),
                progress.TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._progress.add_task('', total=of)
            self._progress.start()
        self._progress.update(
            self._task,
            description=plain.line(what),
            completed=done,
            total=of,
        )
        if done >= of:
            self._progress.stop()
            self._progress = None

    def waits(self, what: str, seconds: float) -> None:
        """Say what is waited for."""
        if self._progress is not None:
            self._progress.update(
                self._task,
                description=f'waiting {seconds:.0f} s {plain.line(what)}',
            )

    def broke(self, error: Exception) -> None:
        """Clear the display, then tell of the error."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
        self._broke(error)


def observer(
    stream: TextIO, quiet: bool, broke: Broke, live: bool = True
) -> seams.Observer:
    """Return who shows a run on *stream*.

    :param broke: called with an error of our own
    :param live: use what a terminal can do
    """
    if quiet:
        return Silent(stream, broke)
    if live and stream.isatty():
        return Live(stream, broke)
    return Lines(stream, broke)
