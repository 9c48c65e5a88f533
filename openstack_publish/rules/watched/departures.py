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

"""What is no longer on the index, or not yet."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import listing
from openstack_publish.model import watching
from openstack_publish.rules import findings
from openstack_publish.rules.watched import moments

SHOWN = 5
"""Most files that a message names."""


def gone(
    before: watching.Snapshot | None, now: watching.Snapshot
) -> tuple[watching.Condition, ...]:
    """Tell once what was deleted (OSP814).

    A release, or everything, may be deleted again after it came back; no
    file does, so each time is known by its files.
    """
    if before is None or not before.files or now.files is None:
        return ()
    there = {file.filename for file in now.files}
    lost = [file for file in before.files if file.filename not in there]
    if not lost:
        return ()
    if not there:
        return (_deleted(now, 'every file', lost),)
    return tuple(
        _deleted(now, what, files) for what, files in _lost(now, lost)
    )


def _lost(
    now: watching.Snapshot, lost: Collection[listing.ListedFile]
) -> Iterator[tuple[str, Sequence[listing.ListedFile]]]:
    """Yield each release that is gone with its files, else each file."""
    releases: dict[str, list[listing.ListedFile]] = {}
    for file in lost:
        releases.setdefault(_release(file), []).append(file)
    for version, files in releases.items():
        if now.of(version):
            for file in files:
                yield file.filename, [file]
        else:
            yield f'release {version}', files


def _deleted(
    now: watching.Snapshot, what: str, files: Sequence[listing.ListedFile]
) -> watching.Condition:
    names = sorted(file.filename for file in files)
    shown = ', '.join(names[:SHOWN])
    if len(names) > SHOWN:
        shown += f' and {len(names) - SHOWN} more'
    return watching.Condition(
        now.project,
        findings.failed(
            'OSP814',
            now.project,
            f'{what} of {now.project} is gone from the index ({shown})',
        ),
        names[0],
        stands=False,
    )


def yanked(
    before: watching.Snapshot | None,
    now: watching.Snapshot,
    asked: Collection[str] = (),
) -> tuple[watching.Condition, ...]:
    """Tell what was yanked since it was last seen (OSP813).

    :param asked: versions that an incident stands for
    """
    if before is None or before.files is None:
        known = {_release(file) for file in now.files or () if file.yanked}
    else:
        known = {_release(file) for file in before.files if file.yanked}
    return tuple(
        watching.Condition(
            now.project,
            findings.failed(
                'OSP813',
                now.project,
                f'{now.project} {version} is yanked: installers take it only '
                'where it is asked for by its exact version',
            ),
            version,
        )
        for version in sorted(
            {_release(file) for file in now.files or () if file.yanked}
        )
        if version not in known or version in asked
    )


def missing(
    expected: Collection[watching.Expected],
    snapshots: Mapping[str, watching.Snapshot],
    time: datetime.datetime,
) -> tuple[watching.Condition, ...]:
    """Tell what was ordered and is not on the index after two hours."""
    found = []
    for order in expected:
        snapshot = snapshots.get(order.project)
        if snapshot is None or (
            snapshot.files is None and snapshot.exists is not False
        ):
            continue
        if snapshot.of(order.version) or time - order.ordered <= moments.GRACE:
            continue
        found.append(
            watching.Condition(
                order.project,
                findings.failed(
                    'OSP805',
                    order.project,
                    f'{order.path} has ordered {order.project} '
                    f'{order.version} since '
                    f'{moments.spelled(order.ordered)}, and the index shows '
                    'no file of it',
                ),
                order.version,
            )
        )
    return tuple(found)


def _release(file: listing.ListedFile) -> str:
    return watching.release_of(file.filename)
