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

"""Steps 13 to 15: read everything back, and write down what happened."""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import receipt
from openstack_publish.model import signature
from openstack_publish.proof import archiving
from openstack_publish.proof import judgement
from openstack_publish.proof import papers
from openstack_publish.proof import run as runs
from openstack_publish.proof import signatures
from openstack_publish.proof import steps
from openstack_publish.rules import confirmed
from openstack_publish.rules import findings
from openstack_publish.rules import maintainership
from openstack_publish.rules import signed

FIRST_PAUSE = 2.0
"""Seconds between the first two readings; doubled each time."""

LONGEST_PAUSE = 30.0
"""Seconds between two readings at the most."""

_WAITED_FOR = frozenset({'OSP701', 'OSP704'})
"""Findings that more waiting may settle; no waiting undoes another."""


def read_files_back(run: runs.Run) -> None:
    """Step 13: read until the index shows our bytes and nothing else."""
    with run.step(13) as step:
        expected = _expected(run)
        if not expected or run.project is None or run.version is None:
            step.outcome = 'not-done'
            step.found = 'the index holds nothing of this release'
            return
        kind = run.gates.index.kind
        clock, wait = run.gates.clock, run.request.wait
        began, pause = clock.monotonic(), FIRST_PAUSE
        while True:
            reading = run.gates.index.read_release(run.project, run.version)
            waited = clock.monotonic() - began
            found = confirmed.files(
                expected, reading, waited, kind, in_doubt=run.distributions
            )
            if not found or waited >= wait:
                break
            if not {item.code for item in found} <= _WAITED_FOR:
                break
            now = min(pause, wait - waited)
            run.gates.observer.waits('for the index to show every file', now)
            clock.sleep(now)
            pause = min(pause * 2, LONGEST_PAUSE)
        run.reading = reading
        run.say(found)
        run.say(confirmed.unsaid(reading, kind))
        _keep_confirmed(run, expected, reading)
        _read_signatures_back(run, expected, reading)
        if run.request.confirm_only:
            archiving.confirm(run)
        shown = list(run.confirmed.values()).count(True)
        step.found = f'{shown} of {len(expected)} files as we sent them'


def read_maintainers_back(run: runs.Run) -> None:
    """Step 14: are the maintainers still who they were, and allowed?"""
    with run.step(14) as step:
        if run.reading is None or run.project is None:
            step.outcome = 'not-done'
            return
        who = _of_our_moment(run, run.reading)
        run.after = judgement.reading_of(knowledge.Known(False), who)
        before = run.before.maintainers
        if run.before.state not in ('known', 'new'):
            # Nothing was read before (--confirm-only): only the policy can
            # be held against what is there now.
            before = run.after.maintainers
        found = maintainership.after(
            run.project,
            before,
            who,
            run.project_policy,
            run.today,
            run.gates.index.kind,
        )
        # What an index never says was noted in step 6, in the same words.
        run.say(
            item
            for item in found
            if item.verdict != 'noted' or item not in run.findings
        )
        if (
            run.before.maintainers is not None
            and run.after.maintainers is not None
            and run.before.state == run.after.state == 'known'
        ):
            run.drift = maintainership.drift(
                run.before.maintainers, run.after.maintainers
            )
        step.found = (
            _nobody(run.after)
            if run.after.maintainers is None
            else ', '.join(str(role) for role in run.after.maintainers.roles)
        )


def finish(run: runs.Run) -> receipt.Receipt:
    """Step 15: finish the receipt, put it on disk and sign it."""
    clock, began = run.gates.clock, run.gates.clock.monotonic()
    with run.step(15) as step:
        path = run.receipt_path
        before = None if path is None else papers.outcome_before(run, path)
        kept = None if path is None else papers.why_kept(run, path)
        if run.request.confirm_only:
            _try_key(run)
        outcome = papers.outcome_of(run)
        if before in _UNFINISHED and not run.uploaded:
            # The run before this one uploaded and was cut short.
            if receipt.exit_code(outcome) != 0:
                kept = kept or 'tells of an upload that is not confirmed'
            elif outcome is receipt.Outcome.NOTHING_TO_DO:
                # This one confirmed it: the release's receipt is complete.
                outcome = receipt.Outcome.PUBLISHED
        if path is not None and kept is not None:
            run.say([findings.noted('OSP710', path, kept)])
        # Using a key does not make it trusted, here neither.
        can_sign = (
            run.key is not None
            and run.key.state is _USABLE
            and run.key.primary in run.trusted
        )
        if path is not None and kept is None and not can_sign:
            run.say([signed.unsigned_receipt(path)])
        run.finished = clock.now()
        record = receipt.StepRecord(
            15, steps.STEPS[15], clock.monotonic() - began, 'held'
        )
        story = papers.finished(run, outcome, record)
        if path is None or kept is not None:
            return story
        try:
            papers.put(run, story, signed=can_sign)
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP713', path, error)])
        else:
            step.found = path
            return story
    return papers.end(run, papers.outcome_of(run))


def _try_key(run: runs.Run) -> None:
    """Try the key for the receipt, where no step before has tried it."""
    try:
        run.trusted = signatures.trust(
            run.gates.checkout, run.terms.policy, run.request.trusted
        ).named_in(run.gates.signer)
        run.key = run.gates.signer.prove()
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP513', 'receipt', error)])


_USABLE = signature.KeyState.USABLE
_UNFINISHED = frozenset({'incomplete', 'unconfirmed'})


def _expected(run: runs.Run) -> tuple[distribution.Distribution, ...]:
    """Return the distributions that the index should hold by now."""
    if run.request.confirm_only:
        return run.distributions
    return tuple(
        dist for dist in run.distributions if dist.filename in run.stored
    )


def _keep_confirmed(
    run: runs.Run,
    expected: tuple[distribution.Distribution, ...],
    reading: listing.ReleaseReading,
) -> None:
    parts = (reading.files, reading.simple_files)
    for dist in expected:
        seen = [_holds(part, dist) for part in parts]
        if False in seen:
            run.confirmed[dist.filename] = False
        elif None not in seen:
            run.confirmed[dist.filename] = True
            run.stored.setdefault(dist.filename, 'already-there')


def _holds(
    files: knowledge.Knowledge[tuple[listing.ListedFile, ...]],
    dist: distribution.Distribution,
) -> bool | None:
    match files:
        case knowledge.Known(value=listed):
            digests = [
                file.sha256
                for file in listed
                if file.filename == dist.filename
            ]
            if digests == [None]:
                return None
            return dist.sha256 in digests
        case knowledge.Unknown():
            return None


def _read_signatures_back(
    run: runs.Run,
    expected: tuple[distribution.Distribution, ...],
    reading: listing.ReleaseReading,
) -> None:
    """Find out whether the index serves every signature that we sent."""
    if isinstance(reading.files, knowledge.Unknown):
        return
    urls = {file.filename: file for file in reading.files.value}
    for dist in expected:
        sent = run.signed.get(dist.filename)
        file = urls.get(dist.filename)
        if sent is None or file is None:
            continue
        kept = run.gates.index.keeps_signature(file, sent.path)
        if isinstance(kept, knowledge.Unknown):
            run.keeps_signatures = None
            run.say([signed.not_read_back(dist.filename, kept)])
            return
        run.keeps_signatures = kept.value
        if not kept.value:
            archive = run.gates.archive
            run.say(
                [
                    signed.dropped(
                        run.gates.index.read_url,
                        None if archive is None else archive.place,
                    )
                ]
            )
            return


def _of_our_moment(
    run: runs.Run, reading: listing.ReleaseReading
) -> knowledge.Knowledge[maintainers.Maintainers]:
    """Return the maintainers if the same document lists our files."""
    for dist in _expected(run):
        if _holds(reading.files, dist) is not True:
            return knowledge.Unknown(
                f'maintainers of {run.project} after the upload',
                'the document that names them does not list '
                f'{dist.filename} with our bytes, so it may be an old one',
            )
    return reading.maintainers


def _nobody(reading: receipt.MaintainersReading) -> str:
    return reading.reason or reading.state
