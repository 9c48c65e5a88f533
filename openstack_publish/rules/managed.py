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

"""Which projects are ours to answer for, and whose they are.

A name counts if a release ever carried it: what was published once can be
uploaded to as long as somebody holds a role on it. So names of the past,
retired and relinquished ones count too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import auditing
from openstack_publish.model import deliverable
from openstack_publish.model import names
from openstack_publish.model import publishing
from openstack_publish.rules import publishing as reaching

INDEPENDENT = 'independent'
"""The series of files that belong to none."""


@dataclasses.dataclass(frozen=True)
class _Mention:
    """One file that gives a project its name."""

    rank: tuple[int, bool, str]
    """The lowest one says whose the project is."""

    team: str
    series: str


def managed(
    deliverables: Iterable[deliverable.Deliverable],
    newest_first: Sequence[str],
    config: publishing.Publishing | None = None,
    others: Iterable[names.ProjectName] = (),
) -> tuple[auditing.Managed, ...]:
    """Return every project that we are to answer for, sorted by name.

    The team is that of the newest series' file that gives the name. A file
    without a series counts as the newest, and as the oldest where its
    release model is ``abandoned``: such a file was left behind when the
    deliverable moved or ended. Of two files in one series that one counts
    whose repository is called like the project: ``tarball-base`` has held
    another project's name (``pike/python-pankoclient`` says ``aodhclient``).

    :param newest_first: series by age; the newest one first
    :param config: what project-config publishes; a repository that no file
        releases is taken by its own name
    :param others: names that come from elsewhere
    """
    mentions: dict[names.ProjectName, dict[_Mention, None]] = {}
    ranks = {name: rank for rank, name in enumerate(newest_first)}
    in_files: set[str] = set()
    for found in deliverables:
        rank = _rank(found, ranks)
        for repo, project, published in _given(found):
            in_files.add(repo)
            if published or (config is not None and config.of(repo)):
                other = names.project_name(_last(repo)) != project
                mention = _Mention(
                    (rank, other, found.path), found.team, found.series
                )
                mentions.setdefault(project, {})[mention] = None
    if config is not None:
        for repo in config.templates:
            if repo not in in_files and names.is_project_name(_last(repo)):
                mentions.setdefault(names.project_name(_last(repo)), {})
    for project in others:
        mentions.setdefault(project, {})
    return tuple(
        _managed(project, tuple(mentions[project]))
        for project in sorted(mentions)
    )


def _managed(
    project: names.ProjectName, mentions: Sequence[_Mention]
) -> auditing.Managed:
    if not mentions:
        return auditing.Managed(project)
    newest = min(mentions, key=lambda each: each.rank)
    return auditing.Managed(
        project, newest.team, frozenset(each.series for each in mentions)
    )


def _rank(found: deliverable.Deliverable, ranks: dict[str, int]) -> int:
    if found.series == INDEPENDENT:
        return len(ranks) + 1 if found.release_model == 'abandoned' else -1
    return ranks.get(found.series, len(ranks))


def _given(
    found: deliverable.Deliverable,
) -> Iterator[tuple[str, names.ProjectName, bool]]:
    """Give each repository, a name it has, and whether that was released.

    The same name of a repository is given once: files hold some thirty
    releases each.
    """
    given: dict[tuple[str, names.ProjectName], bool] = {}
    known: dict[tuple[str, str | None], names.ProjectName] = {}
    for release in found.releases:
        released = reaching.tag_form(release.version) != 'neither'
        for ordered in release.repos:
            base = (ordered.repo, ordered.tarball_base)
            if base not in known:
                known[base] = deliverable.Order(
                    found, release, ordered
                ).project
            key = (ordered.repo, known[base])
            given[key] = given.get(key, False) or released
    for settings in found.settings:
        name = (
            settings.pypi_name or settings.tarball_base or _last(settings.repo)
        )
        given.setdefault((settings.repo, names.project_name(name)), False)
    for (repo, project), released in given.items():
        yield repo, project, released


def _last(repo: str) -> str:
    return repo.rpartition('/')[2]
