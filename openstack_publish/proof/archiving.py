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

"""Step 11, and what becomes of the archive in step 12.

Another run may publish the same release at the same moment. With the same
bytes both have the same signatures from here on; with others, the archive
and the index take one of them.
"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import plan
from openstack_publish.model import receipt
from openstack_publish.proof import evidence
from openstack_publish.proof import judgement
from openstack_publish.proof import run as runs
from openstack_publish.proof import signatures
from openstack_publish.rules import archived
from openstack_publish.rules import findings
from openstack_publish.rules import signed as rules


def stage(run: runs.Run) -> bool:
    """Step 11: put distributions and signatures ready in the archive.

    :returns: whether the upload may begin
    """
    with run.step(11) as step:
        archive, order = run.gates.archive, run.order
        if archive is None or order is None:
            step.outcome = 'not-done'
            run.say(
                [
                    findings.noted(
                        'OSP708',
                        'archive',
                        'no --archive is named, so nothing is archived',
                    )
                ]
            )
            return True
        try:
            _agree(run, archive, order.repo)
            _keep(run, archive.stage(order.repo, _archivable(run)))
        except exceptions.Unavailable as error:
            _tell(run, archive, error)
            return False
        step.found = f'{len(run.archive_states)} files in {archive.place}'
        return not run.stored or promote(run, needed=True)


def promote(run: runs.Run, *, needed: bool = False) -> bool:
    """Put what is staged into its place, once the index holds something.

    :param needed: whether nothing may be uploaded where that fails
    :returns: whether anything may be uploaded
    """
    archive, order, staged = run.gates.archive, run.order, _staged(run)
    if archive is None or order is None or not staged:
        return True
    try:
        _keep(run, archive.promote(order.repo, staged))
    except exceptions.Unavailable as error:
        if _tell(run, archive, error):
            discard(run)
            return False
        return not needed
    return True


def discard(run: runs.Run) -> None:
    """Remove what this run staged."""
    archive, order, staged = run.gates.archive, run.order, _staged(run)
    if archive is None or order is None or not staged:
        return
    try:
        _keep(run, archive.discard(order.repo, staged))
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP709', archive.place, error)])


def confirm(run: runs.Run) -> None:
    """Hold the archive against what was given, and change nothing there.

    This is what steps 5, 8 and 11 say, or do, in a run that has them.
    """
    run.say(archived.archived(run.distributions, run.archived))
    if run.shown:
        run.say(archived.lacking(run.distributions, run.archived))
    archive, order = run.gates.archive, run.order
    held = [
        dist
        for dist in run.distributions
        if run.archived.get(dist.filename) == knowledge.Known(dist.sha256)
    ]
    if archive is None or order is None or not held:
        return
    try:
        _trust(run)
        for dist in held:
            run.say(_signature_of(run, dist, archive, order.repo))
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP513', archive.place, error)])


def _signature_of(
    run: runs.Run,
    dist: distribution.Distribution,
    archive: seams.Archive,
    repo: str,
) -> tuple[finding.Finding, ...]:
    """Return what is to be said of a placed file's signature.

    :raises Unavailable: the archive or gpg does not answer
    """
    match archive.find(repo, dist.filename):
        case knowledge.Unknown(what, why):
            raise exceptions.Unavailable(what, why)
        case knowledge.Known(seams.ArchivedFile(signature_path=str(path))):
            _, said = signatures.verified(
                run.gates.signer, dist, path, run.trusted
            )
            return said
        case _:
            return (archived.unsigned(dist),)


def _trust(run: runs.Run) -> None:
    """Load every key that may sign a release.

    :raises Unavailable: the checkout or gpg does not do it
    """
    run.trusted = signatures.trust(
        run.gates.checkout, run.terms.policy, run.request.trusted
    ).all_in(run.gates.signer)


def _agree(run: runs.Run, archive: seams.Archive, repo: str) -> None:
    """Have one signature of each file, whoever else publishes it now.

    :raises Unavailable: the archive or gpg does not do it
    """
    by_path = {dist.path: dist for dist in run.distributions}

    def good(pair: seams.SignedFile, path: str) -> bool:
        # Another key than ours may have made it.
        _trust(run)
        dist = by_path[pair.file.path]
        found, _ = signatures.verified(
            run.gates.signer, dist, path, run.trusted
        )
        return found is not None

    pairs = [
        seams.SignedFile(
            seams.CheckedFile(dist.path, dist.sha256),
            run.signed[dist.filename].checked,
        )
        for dist in plan.in_upload_order(run.distributions)
        if dist.filename in run.signed
    ]
    for pair in archive.agree(repo, pairs, good):
        dist, ours = by_path[pair.file.path], pair.signature
        del run.signed[dist.filename]
        judgement.verify(run, dist, ours.path)
        theirs = run.signed.get(dist.filename)
        if theirs is None:
            raise exceptions.Unavailable(
                f'agreeing on the signature of {dist.filename}',
                'it changed since it was verified',
            )
        run.say(
            [rules.agreed(dist.filename, ours.sha256, theirs.checked.sha256)]
        )


def _tell(
    run: runs.Run, archive: seams.Archive, error: exceptions.Unavailable
) -> bool:
    """Say that the archive did not take the release.

    :returns: whether that is because it has another build of it
    """
    run.say([findings.unavailable('OSP709', archive.place, error)])
    other = [
        item
        for item in archived.archived(
            run.distributions, evidence.in_archive(run)
        )
        if item.verdict == 'failed'
    ]
    run.say(other)
    return bool(other)


def _archivable(run: runs.Run) -> tuple[seams.CheckedFile, ...]:
    """Return what goes into the archive: each file and its signature."""
    files = []
    for dist in plan.in_upload_order(run.distributions):
        files.append(seams.CheckedFile(dist.path, dist.sha256))
        signed = run.signed.get(dist.filename)
        if signed is not None:
            files.append(signed.checked)
    return tuple(files)


def _staged(run: runs.Run) -> list[str]:
    return [
        file.filename
        for file in run.archive_states.values()
        if file.state == 'staged'
    ]


def _keep(run: runs.Run, files: tuple[receipt.ArchivedArtifact, ...]) -> None:
    for file in files:
        run.archive_states[file.filename] = file
