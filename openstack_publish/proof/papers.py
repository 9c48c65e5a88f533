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

"""Writes the receipt, at any moment of a run."""

from __future__ import annotations

import dataclasses

from openstack_publish import exceptions
from openstack_publish import version
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import receipt
from openstack_publish.proof import run as runs
from openstack_publish.render import as_json
from openstack_publish.rules import findings

_SENT_NOTHING = frozenset(
    {None, 'dry-run', 'refused', 'unavailable', 'misconfigured'}
)
"""No receipt, or one that tells of no upload."""


def outcome_of(run: runs.Run) -> receipt.Outcome:
    """Say how a run ended, from what it found and did."""
    worst = finding.worst(tuple(run.findings))
    if run.uploaded:
        if run.in_doubt or not run.complete:
            return receipt.Outcome.INCOMPLETE
        if worst is not None or not run.shown:
            return receipt.Outcome.UNCONFIRMED
        return receipt.Outcome.PUBLISHED
    if worst == 'failed':
        return receipt.Outcome.REFUSED
    if worst == 'unknown':
        return receipt.Outcome.UNAVAILABLE
    if run.request.dry_run:
        return receipt.Outcome.DRY_RUN
    if not run.shown:
        # No finding may be what hides that a file is not there.
        return receipt.Outcome.REFUSED
    if run.request.confirm_only:
        return receipt.Outcome.PUBLISHED
    return receipt.Outcome.NOTHING_TO_DO


def write(run: runs.Run, outcome: receipt.Outcome) -> None:
    """Put the receipt of this moment on disk.

    :raises Unavailable: it cannot be written
    """
    path = run.receipt_path
    if path is not None and not run.receipt_begun:
        run.receipt_before = outcome_before(run, path)
        run.receipt_begun = True
    put(run, run.draw(outcome))


def put(
    run: runs.Run, story: receipt.Receipt, *, signed: bool = False
) -> None:
    """Put a receipt in its place.

    :param signed: sign it with the release's key
    :raises Unavailable: it cannot be written or signed
    """
    path = run.receipt_path
    if path is not None:
        document = as_json.of_receipt(story, version.VERSION)
        run.gates.receipts.write(
            path,
            as_json.text(document),
            run.gates.signer.sign if signed else None,
        )


def finished(
    run: runs.Run, outcome: receipt.Outcome, record: receipt.StepRecord
) -> receipt.Receipt:
    """Return the last receipt of a run, with its own step in it."""
    story = run.draw(outcome)
    return dataclasses.replace(story, steps=(*story.steps, record))


def outcome_before(run: runs.Run, path: str) -> str | None:
    """Return the outcome of the receipt that this run found at a path."""
    if run.receipt_begun:
        return run.receipt_before
    held = run.gates.receipts.outcome(path)
    return held.value if isinstance(held, knowledge.Known) else None


def why_kept(run: runs.Run, path: str) -> str | None:
    """Say why what lies at a path is not overwritten; None if it may be."""
    held = run.gates.receipts.outcome(path)
    if isinstance(held, knowledge.Unknown):
        return f'is kept, since {held.why}'
    if held.value == receipt.Outcome.PUBLISHED.value:
        return 'is the receipt of a finished release and is kept'
    return None


def end(run: runs.Run, outcome: receipt.Outcome) -> receipt.Receipt:
    """End a run before step 15, and write down what there is to say.

    A run that sent nothing leaves a file only where one was asked for by
    name, and never in the place of a receipt that tells of an upload.
    """
    run.finished = run.gates.clock.now()
    story = run.draw(outcome)
    path = run.receipt_path
    if path is None:
        return story
    if not run.sending and not _may_be_replaced(run, path):
        return story
    try:
        put(run, story)
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP713', path, error)])
        story = run.draw(outcome)
    return story


def _may_be_replaced(run: runs.Run, path: str) -> bool:
    if run.receipt_begun:
        # Ours says "incomplete", which is true of an earlier run alone.
        return run.receipt_before in _SENT_NOTHING
    if run.request.receipt is None:
        return False
    held = run.gates.receipts.outcome(path)
    return isinstance(held, knowledge.Known) and held.value in _SENT_NOTHING
