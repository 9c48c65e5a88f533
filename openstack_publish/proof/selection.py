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

"""Which orders a command over many releases is about.

Nobody asks for a version: of each deliverable file the last entry of
``releases`` counts, which is the one that the tagging job acts on, or every
entry.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.rules import findings
from openstack_publish.rules import ordered

DEVELOPMENT = 'development'
"""Status of the series that is being made."""

_INDEPENDENT = 'independent'


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    places: tuple[str, ...] = ()
    """Deliverable files, and names of projects; none for a whole series."""

    series: str | None = None
    """Codename, or ``independent``; None for the one in development."""

    everything: bool = False
    """Every order, and not only the last of each file."""


@dataclasses.dataclass(frozen=True)
class Lacking:
    """Something that was asked for and gives no order to look at."""

    name: str
    """A project, or a deliverable file's name without its ending."""

    series: str | None
    findings: tuple[finding.Finding, ...]


@dataclasses.dataclass(frozen=True)
class Selection:
    """The orders to look at, and what gives none."""

    orders: tuple[deliverable.Order, ...]
    """By project and version as they stand in the files, each once."""

    lacking: tuple[Lacking, ...]


def select(checkout: seams.Checkout, wanted: Wanted) -> Selection:
    """Find the orders that a command is about.

    A project is looked for in the series in development, then among the
    independent deliverables, then in the series before, the newest first;
    the first that orders it counts, or all of them where everything is
    wanted.

    :raises Misconfigured: a file or a series that was named isn't there, or
        no series is in development
    :raises Unavailable: the checkout cannot be read
    """
    return _Selecting(checkout, wanted).selection()


def of_release(
    checkout: seams.Checkout,
    project: names.ProjectName,
    version: str,
    repo: str | None = None,
) -> tuple[deliverable.Order | None, tuple[finding.Finding, ...]]:
    """Search the one order of a release, or say why there is none.

    :param repo: the only repository that was asked for
    """
    try:
        search = checkout.find_orders(project, version, repo)
    except exceptions.Unavailable as error:
        return None, (
            findings.unavailable('OSP102', f'{project} {version}', error),
        )
    said = ordered.problems(search.problems)
    if not search.orders and said:
        # The order may be in what could not be read.
        return None, said
    order, more = ordered.one_order(project, version, search.orders, repo)
    return order, (*said, *more)


class _Selecting:
    """One selection; files are read once."""

    def __init__(self, checkout: seams.Checkout, wanted: Wanted) -> None:
        self._checkout = checkout
        self._wanted = wanted
        self._paths = checkout.paths()
        self._read: dict[str, seams.DeliverableReading] = {}
        self._orders: dict[tuple[str, str, str], deliverable.Order] = {}
        self._lacking: dict[str, Lacking] = {}

    def selection(self) -> Selection:
        wanted = self._wanted
        if not wanted.places:
            for path in self._of_series(wanted.series or self._developed()):
                self._take(path)
        for place in wanted.places:
            if os.sep in place or place.endswith('.yaml'):
                self._take(self._checkout.relative(place))
            elif names.is_project_name(place):
                self._take_project(names.project_name(place))
            else:
                raise exceptions.Misconfigured(
                    f'{place!r} is neither a deliverable file nor the name '
                    'of a project'
                )
        return Selection(
            tuple(self._orders.values()), tuple(self._lacking.values())
        )

    def _take(
        self, path: str, project: names.ProjectName | None = None
    ) -> bool:
        """Take the orders of a file, and say whether there are any."""
        reading = self._reading(path)
        if reading.problems and project is None:
            self._lacking[path] = Lacking(
                os.path.basename(path).removesuffix('.yaml'),
                path.split('/')[1].lstrip('_'),
                ordered.problems(reading.problems),
            )
        found = False
        if reading.deliverable is not None:
            for order in _orders(
                reading.deliverable, project, self._wanted.everything
            ):
                key = (order.repo, order.version, order.commit)
                self._orders.setdefault(key, order)
                found = True
        return found

    def _take_project(self, project: names.ProjectName) -> None:
        """Take the orders of a project in the series that is asked for."""
        wanted = self._wanted
        found = False
        searched = self._searched()
        for series in searched:
            for path in self._of_series(series):
                found = self._take(path, project) or found
            if found and not wanted.everything:
                return
        if not found:
            where = ''
            if wanted.series is not None:
                where = f' of the series {wanted.series}'
            self._lacking[project] = Lacking(
                project,
                wanted.series,
                (
                    findings.failed(
                        'OSP102',
                        project,
                        f'no deliverable file{where} orders a release of it',
                    ),
                ),
            )

    def _searched(self) -> tuple[str, ...]:
        """Return the series in which a project is looked for, in turn."""
        if self._wanted.series is not None:
            return (self._wanted.series,)
        listed = self._checkout.read_series()
        living = [one.name for one in listed if one.status == DEVELOPMENT]
        # A deliverable that left the cycles has its old files there still.
        in_turn = [*living, _INDEPENDENT, *(one.name for one in listed)]
        there = {_series(path) for path in self._paths}
        in_turn += sorted(there - set(in_turn))
        return tuple(name for name in dict.fromkeys(in_turn) if name in there)

    def _developed(self) -> str:
        """Return the series in development that has deliverable files."""
        there = {_series(path) for path in self._paths}
        for series in self._checkout.read_series():
            if series.status == DEVELOPMENT and series.name in there:
                return series.name
        raise exceptions.Misconfigured(
            'the checkout has no series in development; name one',
            where='--series',
        )

    def _of_series(self, series: str) -> tuple[str, ...]:
        """Return the deliverable files of a series."""
        found = tuple(path for path in self._paths if _series(path) == series)
        if not found and series == self._wanted.series:
            raise exceptions.Misconfigured(
                f'the checkout has no deliverable files of {series}',
                where='--series',
            )
        return found

    def _reading(self, path: str) -> seams.DeliverableReading:
        if path not in self._read:
            self._read[path] = self._checkout.read_deliverable(path)
        return self._read[path]


def _series(path: str) -> str:
    """Return the series that a file's directory is of."""
    return path.split('/')[1].lstrip('_')


def _orders(
    file: deliverable.Deliverable,
    project: names.ProjectName | None,
    everything: bool,
) -> Iterator[deliverable.Order]:
    """Yield a file's orders, of each repository the last one or all."""
    releases: Sequence[deliverable.Release] = file.releases
    of_project = [
        deliverable.Order(file, release, repo)
        for release in releases
        for repo in release.repos
    ]
    if project is not None:
        of_project = [one for one in of_project if one.project == project]
    if not everything and of_project:
        last = of_project[-1].release
        of_project = [one for one in of_project if one.release is last]
    yield from of_project
