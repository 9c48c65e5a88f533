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

"""Step 4, where a release was begun with other bytes: adopt the originals.

A release job that is enqueued again builds again, and a rebuild has other
digests: its files may never stand beside those of the first build. What can
be published then is what was built and signed first, from the archive.
"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.proof import comparison
from openstack_publish.proof import run as runs
from openstack_publish.rules import contents
from openstack_publish.rules import findings
from openstack_publish.rules import order_fit
from openstack_publish.rules import readable


def adopt(run: runs.Run) -> None:
    """Put the archive's signed originals in the place of a rebuild.

    Nothing happens while neither index nor archive holds other bytes. The
    signatures are verified in step 8 like any other.
    """
    if not _other_bytes(run):
        return
    adopted = []
    for dist in run.distributions:
        original = _original(run, dist)
        if original is not None:
            adopted.append(original)
    if len(adopted) != len(run.distributions):
        return
    run.distributions = tuple(adopted)
    run.archived = {
        dist.filename: knowledge.Known(dist.sha256) for dist in adopted
    }
    run.say(readable.readable(run.distributions))
    run.say(contents.contents(run.distributions))
    run.say(readable.one_release(run.distributions))
    if run.order is not None:
        run.say(
            order_fit.agree(run.order, run.distributions, run.project_policy)
        )
        run.say(comparison.with_source(run))


def _other_bytes(run: runs.Run) -> bool:
    """Say whether index or archive has other bytes under one of our names."""
    there: set[tuple[str, str | None]] = set()
    for name, held in run.archived.items():
        if isinstance(held, knowledge.Known) and held.value is not None:
            there.add((name, held.value))
    if run.listed is not None and isinstance(
        run.listed.release, knowledge.Known
    ):
        for file in run.listed.release.value:
            there.add((file.filename, file.sha256))
    ours = {dist.filename: dist.sha256 for dist in run.distributions}
    return any(name in ours and digest != ours[name] for name, digest in there)


def _original(
    run: runs.Run, dist: distribution.Distribution
) -> distribution.Distribution | None:
    """Read the original of a file from the archive, or say what lacks."""
    archive, order = run.gates.archive, run.order
    if archive is None or order is None:
        run.say([_lacking(dist, 'no archive is named (--archive)')])
        return None
    found = archive.find(order.repo, dist.filename)
    if isinstance(found, knowledge.Unknown):
        run.say([findings.unknown('OSP325', dist.filename, found)])
        return None
    file = found.value
    if file is None:
        run.say([_lacking(dist, f'{archive.place} does not have it')])
        return None
    if file.signature_path is None:
        run.say([_lacking(dist, f'{file.path} has no signature beside it')])
        return None
    try:
        original = run.gates.distributions.read(
            file.path, lambda done, total: None
        )
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP325', dist.filename, error)])
        return None
    run.say(
        [
            findings.noted(
                'OSP323',
                dist.filename,
                f'published from the archive: sha256 {file.sha256}; the file '
                f'given has {dist.sha256} and is left alone',
            )
        ]
    )
    return original


def _lacking(dist: distribution.Distribution, why: str) -> finding.Finding:
    return findings.failed(
        'OSP325', dist.filename, f'there is no signed original: {why}'
    )
