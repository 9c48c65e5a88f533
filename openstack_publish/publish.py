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

"""Publish a release and prove that it was done right.

The proof has fifteen numbered steps; each stands under its number in
:mod:`openstack_publish.proof`. Steps 1 to 9 write and send nothing.
"""

from __future__ import annotations

import datetime

from openstack_publish import exceptions
from openstack_publish.model import finding
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import receipt
from openstack_publish.proof import archiving
from openstack_publish.proof import confirmation
from openstack_publish.proof import delivery
from openstack_publish.proof import dry
from openstack_publish.proof import papers
from openstack_publish.proof import request
from openstack_publish.proof import run as runs
from openstack_publish.rules import findings


def publish(terms: request.Terms, gates: request.Gates) -> receipt.Receipt:
    """Publish one release.

    Whatever happens is told by the receipt: a run that is refused, cannot
    know enough, is stopped by a signal or meets an error of its own ends in
    a receipt too, and never in an exception.
    """
    run = runs.Run(terms, gates, gates.clock.now())
    try:
        return _prove(run)
    except exceptions.Misconfigured as error:
        return _cut_short(run, *_misconfigured(error))
    except KeyboardInterrupt:
        return _cut_short(run, _stopped(run.subject))
    except Exception as error:  # noqa: BLE001  an error of our own must not
        # lose what is known: after the first POST it decides over exit 4.
        gates.observer.broke(error)
        return _cut_short(run, _own_error(run.subject, error))


def not_begun(error: BaseException, now: datetime.datetime) -> receipt.Receipt:
    """Return the receipt of a run that ended before its first step.

    :param error: what the building of the gates raised; KeyboardInterrupt
        where a signal stopped it
    """
    found: tuple[finding.Finding, ...]
    outcome = receipt.Outcome.UNAVAILABLE
    match error:
        case exceptions.Misconfigured():
            outcome = receipt.Outcome.MISCONFIGURED
            found = _misconfigured(error)
        case exceptions.Unavailable():
            found = (findings.unavailable('OSP707', 'gates', error),)
        case KeyboardInterrupt():
            found = (_stopped('gates'),)
        case _:
            found = (_own_error('gates', error),)
    return receipt.Receipt(outcome, now, now, findings=found)


def _prove(run: runs.Run) -> receipt.Receipt:
    asked = run.request
    run.say(run.terms.remarks)
    _check(run)
    dry.gather(run)
    if not asked.confirm_only:
        if not dry.judge(run) or asked.dry_run:
            return papers.end(run, papers.outcome_of(run))
        if not delivery.sign(run) or not archiving.stage(run):
            return papers.end(run, papers.outcome_of(run))
        delivery.upload(run)
        if not run.stored:
            return papers.end(run, papers.outcome_of(run))
    elif finding.worst(tuple(run.findings)) is not None:
        return papers.end(run, papers.outcome_of(run))
    confirmation.read_files_back(run)
    confirmation.read_maintainers_back(run)
    return confirmation.finish(run)


def _check(run: runs.Run) -> None:
    """Refuse what cannot be meant.

    :raises Misconfigured: always, where something is wrong
    """
    asked = run.request
    if asked.receipt is not None:
        # Raises where there is no directory for it.
        run.gates.receipts.outcome(asked.receipt)
    if asked.commit is not None and not names.is_commit_hash(asked.commit):
        raise exceptions.Misconfigured(
            f'{asked.commit!r} is no commit hash: give all 40 hexadecimal '
            'digits ("git rev-parse TAG^{commit}")',
            where='--commit',
        )
    if asked.dry_run and asked.confirm_only:
        raise exceptions.Misconfigured(
            '--dry-run ends before anything is sent and --confirm-only '
            'begins after it; choose one',
            where='--confirm-only',
        )
    if asked.signatures == 'create' and not (
        asked.dry_run or asked.confirm_only or run.gates.signer.can_sign
    ):
        raise exceptions.Misconfigured(
            'signatures are to be created but no key is named: give '
            '--sign-key or --sign-key-file, or use --signatures require for '
            'distributions that are signed already',
            where='--sign-key',
        )


def _misconfigured(
    error: exceptions.Misconfigured,
) -> tuple[finding.Finding, ...]:
    """Return what is wrong, and each problem of a file with its place."""
    subject = error.where or 'configuration'
    return (
        findings.failed('OSP714', subject, error.message),
        *(
            findings.failed(
                'OSP714',
                located.spelled(problem.place.key) or subject,
                problem.message,
                place=problem.place,
            )
            for problem in error.problems
        ),
    )


def _stopped(subject: str) -> finding.Finding:
    return findings.failed(
        'OSP706', subject, 'the run was stopped by a signal'
    )


def _own_error(subject: str, error: BaseException) -> finding.Finding:
    return findings.failed(
        'OSP707',
        subject,
        f'an error of this program: {type(error).__name__}',
    )


def _cut_short(run: runs.Run, *found: finding.Finding) -> receipt.Receipt:
    """End a run that did not come to its end by itself."""
    run.say(found)
    if run.unsettled is not None:
        run.say([delivery.cut_short(run.unsettled)])
    if run.sending and not run.complete:
        run.in_doubt = True
    if run.uploaded or run.sending:
        outcome = (
            receipt.Outcome.UNCONFIRMED
            if run.complete
            else receipt.Outcome.INCOMPLETE
        )
    elif found[0].code == 'OSP714':
        outcome = receipt.Outcome.MISCONFIGURED
    else:
        outcome = receipt.Outcome.UNAVAILABLE
    try:
        return papers.end(run, outcome)
    except (Exception, KeyboardInterrupt):  # noqa: BLE001  whoever called is
        # told how it ended, even where that cannot be written down.
        return run.draw(outcome)
