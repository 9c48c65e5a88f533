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

"""What the tool promises of a run, each promise with its check.

A check says what was seen instead, or None where the promise was kept. Some
are about the story and not about the tool: a tool that nothing happened to
has proved nothing.
"""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Callable
from collections.abc import Iterable
from typing import Literal

from openstack_publish.model import receipt
from openstack_publish.rehearsal import log
from openstack_publish.rehearsal.stories import traces

Kind = Literal['wheel', 'sdist']
Whose = Literal['tool', 'story']
"""Who is to keep a promise: the tool, or the story, which must come about."""

BOTH: tuple[Kind, Kind] = ('wheel', 'sdist')
"""In the order in which they are uploaded."""


@dataclasses.dataclass(frozen=True)
class Promise:
    """One thing that is true after a run."""

    text: str
    """A sentence without its full stop."""

    seen_instead: Callable[[traces.Traces], str | None]
    """Returns None where it was kept."""

    whose: Whose = 'tool'


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A promise, held against what happened."""

    text: str
    whose: Whose
    seen: str | None
    """What was seen instead; None where it was kept."""

    @property
    def kept(self) -> bool:
        """Say whether the promise was kept."""
        return self.seen is None


def judged(
    promises: Iterable[Promise], left: traces.Traces
) -> tuple[Verdict, ...]:
    """Hold every promise against what a run left behind."""
    return tuple(
        Verdict(promise.text, promise.whose, promise.seen_instead(left))
        for promise in promises
    )


def ends(outcome: receipt.Outcome) -> Promise:
    """Promise how the run ends: exit code and receipt."""
    code = receipt.exit_code(outcome)

    def seen(left: traces.Traces) -> str | None:
        found = 'no receipt'
        if left.receipt is not None:
            found = left.receipt.outcome.value
        if (left.exit_code, found) == (code, outcome.value):
            return None
        return f'exit code {left.exit_code}, {found}'

    return Promise(
        f'the run ends with exit code {code}, {outcome.value}', seen
    )


def killed() -> Promise:
    """Say that the process was killed, and not ended by itself."""

    def seen(left: traces.Traces) -> str | None:
        if left.exit_code == -signal.SIGKILL:
            return None
        return f'exit code {left.exit_code}'

    return Promise('the process is killed by SIGKILL', seen, 'story')


def finds(code: str, *words: str) -> Promise:
    """Promise a finding that refuses, with these words in it."""
    text = f'{code} says why'
    if words:
        text += f' and names {" and ".join(words)}'

    def seen(left: traces.Traces) -> str | None:
        if left.receipt is None:
            return 'no receipt'
        refusing = [item for item in left.receipt.findings if item.refuses]
        for item in refusing:
            told = f'{item.subject}: {item.message}'
            if item.code == code and all(word in told for word in words):
                return None
        codes = ', '.join(sorted({item.code for item in refusing}))
        return f'refused by {codes}' if codes else 'nothing that refuses'

    return Promise(text, seen)


def drifts(change: str) -> Promise:
    """Promise that the receipt tells a change of the maintainers."""

    def seen(left: traces.Traces) -> str | None:
        drift = None if left.receipt is None else left.receipt.drift
        if drift == (change,):
            return None
        return 'not compared' if drift is None else ', '.join(drift) or 'none'

    return Promise(f'the receipt tells the change: {change}', seen)


def sends(*kinds: Kind) -> Promise:
    """Promise which files are posted, each once and in this order."""
    text = 'nothing is posted to the index'
    if len(kinds) == 1:
        text = f'only {_and(kinds)} is posted, once'
    elif kinds:
        text = f'{_and(kinds)} are posted, each once'

    def seen(left: traces.Traces) -> str | None:
        posted = [each.filename or 'no file' for each in left.uploads]
        if posted == [_name(left, kind) for kind in kinds]:
            return None
        return _listing(posted, 'posted')

    return Promise(text, seen)


def answers(what: str, *statuses: int | None) -> Promise:
    """Say what the index answers the uploads.

    :param what: the sentence
    :param statuses: None for a connection that was cut
    """

    def seen(left: traces.Traces) -> str | None:
        found = [each.status for each in left.uploads]
        if found == list(statuses):
            return None
        return _listing([str(status or 'cut') for status in found], 'answered')

    return Promise(what, seen, 'story')


def rereads() -> Promise:
    """Promise that the release is read again after the last upload."""

    def seen(left: traces.Traces) -> str | None:
        reads = _after_the_last_upload(left.requests)
        if len(reads) > 1:
            return None
        return f'the release was read {len(reads)} times after the upload'

    return Promise('the index is read again until it shows every file', seen)


def holds(*kinds: Kind, foreign: int = 0) -> Promise:
    """Promise what the index has in the release, by digest.

    :param foreign: files that are not ours and lie there too
    """
    what = f'{_and(kinds)} as built' if kinds else 'nothing of ours'
    others = f'{foreign} foreign' if foreign else 'no other'
    text = f'the index holds {what}, and {others} file'
    if not kinds and not foreign:
        text = 'the index holds nothing of the release'

    def seen(left: traces.Traces) -> str | None:
        expected = {_name(left, kind) for kind in kinds}
        ours = {
            name
            for name, sha256 in left.listed.items()
            if left.ours.get(name) == sha256
        }
        if ours == expected and len(left.listed) == len(ours) + foreign:
            return None
        shown = [f'{name} ({left.listed[name]})' for name in left.listed]
        return _listing(sorted(shown), 'on the index')

    return Promise(text, seen)


def stores(count: int) -> Promise:
    """Promise how many uploads the index stored, in all runs together."""

    def seen(left: traces.Traces) -> str | None:
        return None if left.stored == count else f'{left.stored} stored'

    return Promise(
        f'the index stored {count} uploads in all, none twice', seen
    )


def archives_everything() -> Promise:
    """Promise that each file is placed in the archive, with a signature."""

    def seen(left: traces.Traces) -> str | None:
        placed = {
            f'{left.repo}/{name}': sha256 for name, sha256 in left.ours.items()
        }
        names = {*placed, *(f'{path}.asc' for path in placed)}
        if set(left.archived) == names and all(
            left.archived[path] == sha256 for path, sha256 in placed.items()
        ):
            return None
        return _listing(left.archived, 'in the archive')

    return Promise('the archive has every file and its signature', seen)


def archives_nothing() -> Promise:
    """Promise that the archive is as empty as before."""

    def seen(left: traces.Traces) -> str | None:
        return _listing(left.archived, 'there') if left.archived else None

    return Promise('the archive is empty', seen)


def keeps_a_copy() -> Promise:
    """Promise that what the index holds of ours is in the archive too."""

    def seen(left: traces.Traces) -> str | None:
        copies = set(left.archived.values())
        missing = [
            name
            for name, sha256 in left.listed.items()
            if left.ours.get(name) == sha256 and sha256 not in copies
        ]
        return _listing(missing, 'without a copy') if missing else None

    return Promise(
        'what the index has of it is in the archive, byte for byte', seen
    )


def writes_nothing() -> Promise:
    """Promise that no signature and no receipt was made."""

    def seen(left: traces.Traces) -> str | None:
        return _listing(left.beside, 'there') if left.beside else None

    return Promise(
        'no signature and no receipt is beside the distributions', seen
    )


def records(outcome: receipt.Outcome) -> Promise:
    """Promise what the receipt on disk says."""

    def seen(left: traces.Traces) -> str | None:
        if left.written is None:
            return 'there is none'
        found = left.written.get('outcome')
        return None if found == outcome.value else f'it says {found}'

    return Promise(f'the receipt on disk says {outcome.value}', seen)


def _name(left: traces.Traces, kind: Kind) -> str:
    for name in left.ours:
        if name.endswith('.whl') == (kind == 'wheel'):
            return name
    return f'a {kind}'


def _after_the_last_upload(
    requests: tuple[log.LoggedRequest, ...],
) -> list[log.LoggedRequest]:
    found: list[log.LoggedRequest] = []
    for each in requests:
        if each.route == 'upload':
            found.clear()
        elif each.route == 'version-json':
            found.append(each)
    return found


def _and(kinds: tuple[Kind, ...]) -> str:
    return ' and '.join(f'the {kind}' for kind in kinds)


def _listing(items: Iterable[str], what: str) -> str:
    return f'{what}: {", ".join(items) or "nothing"}'
