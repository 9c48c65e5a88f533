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

"""What a run of publish left behind on a stage, read back as values."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pathlib
from collections.abc import Mapping

from openstack_publish import version
from openstack_publish.model import receipt
from openstack_publish.rehearsal import log
from openstack_publish.rehearsal import stage as stages
from openstack_publish.render import as_json


@dataclasses.dataclass(frozen=True)
class Traces:
    """Everything that the promises of a story are held against."""

    exit_code: int
    """The negative number of the signal, where one ended the process."""

    ours: Mapping[str, str]
    """SHA-256 of each distribution, by file name."""

    repo: str
    """Full name of the git repository: the archive goes by it."""

    receipt: receipt.Receipt | None = None
    """What the run returned; None of a run that could return nothing."""

    written: Mapping[str, object] | None = None
    """The receipt on disk, None where there is none."""

    beside: tuple[str, ...] = ()
    """What lies beside the distributions, by name."""

    requests: tuple[log.LoggedRequest, ...] = ()
    """What the index was asked during the run, in this order."""

    listed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """SHA-256 of each file that the index has in the release."""

    stored: int = 0
    """Uploads that the index stored since it began."""

    archived: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """SHA-256 of each file in the archive, by its path there."""

    @property
    def uploads(self) -> tuple[log.LoggedRequest, ...]:
        """Return the uploads, those that were refused or cut as well."""
        return tuple(each for each in self.requests if each.route == 'upload')

    @property
    def document(self) -> Mapping[str, object] | None:
        """Return the receipt as JSON has it.

        Of a run that could return nothing it is the one on disk.
        """
        if self.receipt is None:
            return self.written
        return as_json.of_receipt(self.receipt, version.VERSION)


def read(
    stage: stages.Stage, exit_code: int, story: receipt.Receipt | None
) -> Traces:
    """Look at what a run left behind.

    The requests are those since the index's log began anew.
    """
    release = stage.release
    place = pathlib.Path(release.distributions_dir)
    ours = {
        os.path.basename(path): _sha256(pathlib.Path(path))
        for path in release.distributions
    }
    archive = pathlib.Path(stage.archive)
    return Traces(
        exit_code=exit_code,
        ours=ours,
        repo=release.repo,
        receipt=story,
        written=_written(
            place / f'{release.project}-{release.version}.receipt.json'
        ),
        beside=tuple(
            sorted(
                path.name for path in place.iterdir() if path.name not in ours
            )
        ),
        requests=stage.index.requests,
        listed=_listed(stage),
        stored=stage.index.store.stored,
        archived={
            path.relative_to(archive).as_posix(): _sha256(path)
            for path in sorted(archive.rglob('*'))
            if path.is_file()
        },
    )


def _listed(stage: stages.Stage) -> dict[str, str]:
    store, release = stage.index.store, stage.release
    with store.locked():
        try:
            files = store.release(release.project, release.version).files
        except KeyError:
            return {}
        return {name: file.digests.sha256 for name, file in files.items()}


def _written(path: pathlib.Path) -> dict[str, object] | None:
    try:
        document = json.loads(path.read_text('utf-8'))
    except FileNotFoundError:
        return None
    if not isinstance(document, dict):
        raise ValueError(f'{path} holds no JSON object')
    return document


def _sha256(path: pathlib.Path) -> str:
    with path.open('rb') as stream:
        return hashlib.file_digest(stream, 'sha256').hexdigest()
