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

"""Checkouts of openstack/releases: who ordered what."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from collections.abc import Mapping
from typing import Protocol

from openstack_publish.model import deliverable
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.model import series
from openstack_publish.model import timeline


@dataclasses.dataclass(frozen=True)
class DeliverableReading:
    """One deliverable file: its value, or all that is wrong with it."""

    deliverable: deliverable.Deliverable | None
    problems: tuple[located.Problem, ...]


@dataclasses.dataclass(frozen=True)
class OrderSearch:
    """What a search through a checkout found."""

    orders: tuple[deliverable.Order, ...]
    """Orders of this version whose file gives the project's name, or, where
    there is none, whose repository is called like it."""

    problems: tuple[located.Problem, ...]
    """What is wrong with files that may hold the order."""


class Checkout(Protocol):
    """A checkout of openstack/releases."""

    def find_orders(
        self,
        project: names.ProjectName,
        version: str,
        repo: str | None = None,
    ) -> OrderSearch:
        """Search every deliverable file for orders of one release.

        :param repo: full name; only orders of this repository count, and
            its name is searched beside the project's
        :raises Unavailable: the checkout cannot be read
        """

    def ordering(
        self, releases: Collection[tuple[str, str]]
    ) -> tuple[deliverable.Deliverable, ...]:
        """Return the deliverables that may order one of these releases.

        :param releases: repository and version of each
        :raises Unavailable: the checkout cannot be read
        """

    def read_deliverable(self, path: str) -> DeliverableReading:
        """Read one deliverable file, given relative to the checkout.

        :raises Misconfigured: there is no such file
        :raises Unavailable: the file cannot be read
        """

    def paths(self) -> tuple[str, ...]:
        """Return every deliverable file, relative to the checkout, sorted.

        :raises Unavailable: the checkout cannot be read
        """

    def relative(self, path: str) -> str:
        """Return a path on disk relative to the checkout.

        :raises Misconfigured: it is not below the checkout's deliverables
        """

    def place(self, path: str, key: located.KeyPath) -> located.Place:
        """Return line and column of a key; the place alone if not found."""

    def head(self) -> knowledge.Knowledge[str | None]:
        """Return the commit at HEAD; None where this is no git checkout."""

    def as_committed(self, path: str) -> knowledge.Knowledge[bool]:
        """Say whether a file has the very bytes that HEAD has.

        :param path: relative to the checkout
        """

    def read_series(self) -> tuple[series.Series, ...]:
        """Return every series; none where the checkout has no list.

        :raises Misconfigured: ``data/series_status.yaml`` is malformed
        """

    def key_files(self) -> tuple[str, ...]:
        """Return the public signing keys of the cycles, oldest first."""


@dataclasses.dataclass(frozen=True)
class FileChange:
    """What a change does to one deliverable file."""

    path: str
    """Relative to the checkout; of a renamed file its new name."""

    before: DeliverableReading | None
    """None where there was no such file."""

    after: DeliverableReading | None
    """None where the file is gone."""

    renamed_from: str | None = None


@dataclasses.dataclass(frozen=True)
class Changes:
    """What a range of commits does to a checkout."""

    base: str | None
    """Commit before the change; None before a repository's first one."""

    head: str
    """Commit with the change."""

    files: tuple[FileChange, ...]
    """Deliverable files, by path."""

    data: frozenset[str] = frozenset()
    """Paths of the files below ``data`` that it has: policy, series."""

    strays: tuple[str, ...] = ()
    """Paths of YAML files below ``deliverables`` that it has and that are no
    deliverable files; of a repository's first commit none are told."""


class History(Protocol):
    """What git knows of a checkout of openstack/releases."""

    def changes(self, revisions: str | None = None) -> Changes:
        """Return what a change does to the deliverable files.

        :param revisions: ``REV`` for everything since it, or ``A..B``; None
            for what HEAD brings, of a merge all that it brings into its
            first parent
        :raises Misconfigured: there are no such revisions
        :raises Unavailable: git did not say; in a shallow clone the parent
            may not be there
        """

    def read(self, commit: str, path: str) -> DeliverableReading | None:
        """Return a deliverable file of a commit; None where it has none.

        :raises Unavailable: git did not say
        """

    def ordering(
        self, commit: str, releases: Collection[tuple[str, str]]
    ) -> tuple[deliverable.Deliverable, ...]:
        """Return the deliverables that may order one of these releases.

        :param releases: repository and version of each
        :raises Unavailable: git did not say
        """

    def places(
        self, commit: str, sought: Collection[tuple[str, located.KeyPath]]
    ) -> Mapping[tuple[str, located.KeyPath], located.Place]:
        """Return where deliverable files of a commit have keys.

        :param sought: path and key of each; what is not found is left out
        """

    def policy(
        self, commit: str | None, repository: str | None = None
    ) -> policy.Policy:
        """Return the policy that the checkout had at a commit.

        :param commit: None for none: the shipped policy
        :param repository: the name of the repository in use
        :raises Misconfigured: it is no valid policy
        :raises Unavailable: git did not say
        """


class ProjectConfig(Protocol):
    """A checkout of openstack/project-config."""

    def read(self) -> publishing.Publishing:
        """Return which repositories publish.

        :raises Misconfigured: a file of it is malformed
        :raises Unavailable: it cannot be read
        """


class WorkTree(Protocol):
    """The work tree of a git checkout of openstack/releases."""

    def changed(self) -> tuple[str, ...]:
        """Return files that differ from HEAD, new ones too.

        Only those that orders and policy are read of count.

        :raises Unavailable: git did not say
        """


class OrderHistory(Protocol):
    """Which commits of openstack/releases made its orders."""

    def ordered(
        self, order: deliverable.Order
    ) -> timeline.OrderingCommit | None:
        """Return the commit that made an order what it is.

        :returns: None where no commit up to HEAD has the order
        :raises Unavailable: git did not say, or the history at hand begins
            later than the order
        """


class Tags(Protocol):
    """The tags of a project's git repository."""

    @property
    def place(self) -> str:
        """Where it is."""

    def read(self, name: str) -> timeline.Tag | None:
        """Return a tag by its name; None where there is none.

        :raises Unavailable: git did not say
        """
