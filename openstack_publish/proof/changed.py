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

"""Which orders a change adds to a checkout of openstack/releases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.rules import order_changes
from openstack_publish.rules import ordered


@dataclasses.dataclass(frozen=True)
class File:
    """A deliverable file, and what of it is to be looked at."""

    path: str
    commit: str | None
    """The commit whose file it is; None for the file on disk."""

    after: seams.DeliverableReading | None
    """None where a change removes it."""

    subjects: tuple[checking.Subject, ...]
    findings: tuple[finding.Finding, ...]
    """About the file as a whole."""


@dataclasses.dataclass(frozen=True)
class Selection:
    """The files to look at, and the change that they come from."""

    files: tuple[File, ...]
    changes: seams.Changes | None
    """None outside git."""

    @property
    def in_change(self) -> frozenset[str]:
        """Return the paths that the change has; outside git those named."""
        files: Iterable[File | seams.FileChange] = self.files
        data: frozenset[str] = frozenset()
        if self.changes is not None:
            files, data = self.changes.files, self.changes.data
        return data.union(
            file.path for file in files if file.after is not None
        )


def select(
    checkout: seams.Checkout,
    history: seams.History,
    named: Sequence[str],
    revisions: str | None,
) -> Selection:
    """Find what a change adds, or what named files order.

    Of a named file that differs from HEAD the orders count that it adds to
    HEAD: somebody is about to commit it. Otherwise those count that the
    change adds; where it adds none, and outside git, the last ones.

    :param named: deliverable files; none for those of the change
    :param revisions: the change; None for what HEAD brings
    :raises Misconfigured: a file or revision that was named isn't there, or
        nothing was named and there is no change to look at
    :raises Unavailable: git did not say
    """
    head = checkout.head()
    if isinstance(head, knowledge.Unknown):
        raise exceptions.Unavailable(head.what, head.why)
    paths = tuple(dict.fromkeys(checkout.relative(each) for each in named))
    if head.value is None:
        if revisions is not None:
            # Says that this is no git checkout.
            history.changes(revisions)
        if not paths:
            raise exceptions.Misconfigured(
                'the releases directory is no git checkout, so which orders '
                'are new is not known: name deliverable files',
                where='--releases',
            )
        return Selection(tuple(_on_disk(checkout, paths)), None)
    changes = history.changes(revisions)
    changed = _changed(changes)
    if not paths:
        return Selection((*changed.values(), *_strays(changes)), changes)
    files = tuple(
        _named(checkout, history, path, changed, head.value, revisions)
        for path in paths
    )
    if revisions is None and all(file.commit is None for file in files):
        # Nothing that HEAD brings is looked at: the change is one that
        # somebody is about to propose, and HEAD is what was there before.
        changes = seams.Changes(head.value, head.value, ())
    return Selection(files, changes)


def _on_disk(checkout: seams.Checkout, paths: Iterable[str]) -> Iterator[File]:
    for path in paths:
        reading = checkout.read_deliverable(path)
        yield _file(path, None, reading, None, _last(reading))


def _last(
    reading: seams.DeliverableReading,
) -> tuple[checking.Subject, ...]:
    if reading.deliverable is None:
        return ()
    return order_changes.last(reading.deliverable)


def _changed(changes: seams.Changes) -> Mapping[str, File]:
    """Return what the change does, file by file."""
    was = [_value(file.before) for file in changes.files]
    now = [_value(file.after) for file in changes.files]
    known = order_changes.orders_of(each for each in was if each is not None)
    kept = order_changes.orders_of(each for each in now if each is not None)
    found = {}
    for file, before, after in zip(changes.files, was, now, strict=True):
        subjects: tuple[checking.Subject, ...] = ()
        gone: tuple[finding.Finding, ...] = ()
        if after is not None and file.before is not None and before is None:
            # What it ordered before cannot be read, so nothing is new for
            # certain.
            subjects = order_changes.last(after)
        elif after is not None:
            subjects = order_changes.added(after, before, known)
        if file.after is None or not file.after.problems:
            # Of a malformed file nobody knows what it still orders.
            gone = order_changes.removed(file.path, before, after, kept)
        found[file.path] = _file(
            file.path, changes.head, file.after, before, subjects, gone
        )
    return found


def _strays(changes: seams.Changes) -> Iterator[File]:
    for path in changes.strays:
        yield File(path, None, None, (), order_changes.stray(path))


def _named(
    checkout: seams.Checkout,
    history: seams.History,
    path: str,
    changed: Mapping[str, File],
    head: str,
    revisions: str | None,
) -> File:
    """Return what of a named file is to be looked at.

    :raises Unavailable: git did not say
    """
    reading = checkout.read_deliverable(path)
    if revisions is None:
        state = checkout.as_committed(path)
        if isinstance(state, knowledge.Unknown):
            raise exceptions.Unavailable(state.what, state.why)
        if not state.value:
            return _uncommitted(path, reading, history.read(head, path))
    file = changed.get(path)
    if file is not None and (file.subjects or file.findings):
        return file
    return _file(path, None, reading, _value(reading), _last(reading))


def _uncommitted(
    path: str,
    reading: seams.DeliverableReading,
    committed: seams.DeliverableReading | None,
) -> File:
    before, after = _value(committed), _value(reading)
    subjects: tuple[checking.Subject, ...] = ()
    gone: tuple[finding.Finding, ...] = ()
    if after is not None:
        known = order_changes.orders_of([] if before is None else [before])
        subjects = order_changes.added(after, before, known)
        if not reading.problems:
            gone = order_changes.removed(path, before, after, frozenset())
    return _file(path, None, reading, before, subjects or _last(reading), gone)


def _file(
    path: str,
    commit: str | None,
    after: seams.DeliverableReading | None,
    before: deliverable.Deliverable | None,
    subjects: tuple[checking.Subject, ...],
    more: tuple[finding.Finding, ...] = (),
) -> File:
    found = more
    if after is not None:
        found += ordered.problems(after.problems)
        if after.deliverable is not None:
            found += order_changes.remarks(after.deliverable, before)
    return File(path, commit, after, subjects, found)


def _value(
    reading: seams.DeliverableReading | None,
) -> deliverable.Deliverable | None:
    return None if reading is None else reading.deliverable
