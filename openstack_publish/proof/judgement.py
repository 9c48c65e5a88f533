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

"""Steps 5 to 9: may this release go on?

Nothing is sent here, and nothing is written but a throw-away signature in a
private directory.
"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import receipt
from openstack_publish.proof import papers
from openstack_publish.proof import run as runs
from openstack_publish.proof import signatures
from openstack_publish.rules import acceptance
from openstack_publish.rules import acceptance_form
from openstack_publish.rules import acceptance_state
from openstack_publish.rules import archived
from openstack_publish.rules import credential_fit
from openstack_publish.rules import findings
from openstack_publish.rules import maintainership
from openstack_publish.rules import signed


def foresee_acceptance(run: runs.Run) -> None:
    """Step 5: make the refusals here that the server would make."""
    with run.step(5) as step:
        kind = run.gates.index.kind
        run.say(acceptance_form.form(run.distributions, kind))
        if run.request.skip_existing:
            run.say(
                [
                    findings.noted(
                        'OSP711',
                        '--skip-existing',
                        'accepted; digests decide what is there already, '
                        'not file names',
                    )
                ]
            )
        if run.listed is None:
            step.outcome = 'not-done'
            return
        run.say(
            acceptance_state.against_listing(
                run.distributions, run.listed, run.started, kind
            )
        )
        run.say(archived.archived(run.distributions, run.archived))
        run.plan = acceptance.planned(run.distributions, run.listed)
        for planned in run.plan.files:
            if planned.action == 'already-there':
                run.stored[planned.distribution.filename] = 'already-there'
        step.found = ', '.join(
            f'{planned.distribution.filename}: {planned.action}'
            for planned in run.plan.files
        )


def judge_maintainers(run: runs.Run) -> None:
    """Step 6: does exactly who may hold a role hold one?"""
    with run.step(6) as step:
        if run.project is None or run.listed is None:
            step.outcome = 'not-done'
            return
        kind = run.gates.index.kind
        run.before = reading_of(
            # Of a plain index nobody knows who may upload, there too where
            # it has nothing of the project yet.
            run.listed.new if kind == 'pypi' else knowledge.Known(False),
            run.listed.maintainers,
        )
        run.say(
            maintainership.before(
                run.project,
                run.listed,
                run.project_policy,
                run.today,
                kind,
            )
        )
        step.found = _who(run.before)


def reading_of(
    new: knowledge.Knowledge[bool],
    who: knowledge.Knowledge[maintainers.Maintainers],
) -> receipt.MaintainersReading:
    """Return maintainers as a receipt has them."""
    if new == knowledge.Known(True):
        return receipt.MaintainersReading('new')
    match who:
        case knowledge.Known(value=known):
            match known.organization:
                case knowledge.Unknown(what=what, why=why):
                    return receipt.MaintainersReading(
                        'unknown', f'{what}: {why}', known
                    )
                case _:
                    return receipt.MaintainersReading('known', None, known)
        case knowledge.Unknown(what=what, why=why):
            return receipt.MaintainersReading('unknown', f'{what}: {why}')


def read_credential(run: runs.Run) -> None:
    """Step 7: will the credential do? It is read offline and never shown.

    :raises Misconfigured: there is none, and this is no dry run
    """
    with run.step(7) as step:
        try:
            run.credential = run.gates.uploader.read_credential(run.started)
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP604', 'credential', error)])
            return
        if run.credential is None and not run.request.dry_run:
            raise exceptions.Misconfigured(
                'there is no credential to upload with: put an API token '
                'into TWINE_PASSWORD, .pypirc or the keyring; a password that '
                'is no API token needs a user name (-u, TWINE_USERNAME) too',
                where='TWINE_PASSWORD',
            )
        if run.project is not None:
            run.say(
                credential_fit.fits(
                    run.credential,
                    run.project,
                    run.started,
                    dry_run=run.request.dry_run,
                )
            )
            if run.gates.index.kind == 'pypi':
                run.say(
                    acceptance.attestations(
                        run.request.attestations, run.credential
                    )
                )
        step.found = _described(run)


def check_signatures(run: runs.Run) -> None:
    """Step 8: verify what is signed, and try the key that is to sign.

    :raises Misconfigured: a named key file isn't one
    """
    with run.step(8) as step:
        try:
            trust = signatures.trust(
                run.gates.checkout,
                run.terms.policy,
                run.request.trusted,
            )
            paths = [_signature_path(run, dist) for dist in run.distributions]
            # To verify takes everybody's keys; to judge our own key takes
            # the fingerprints that may sign.
            load = trust.all_in if any(paths) else trust.named_in
            run.trusted = load(run.gates.signer)
            for dist, path in zip(run.distributions, paths, strict=True):
                if path is not None:
                    verify(run, dist, path)
                elif run.request.signatures == 'require':
                    run.say(signed.missing(dist.filename))
            run.key = run.gates.signer.prove()
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP513', 'signatures', error)])
            return
        if run.key is not None or run.request.signatures == 'create':
            run.say(
                signed.key(
                    run.key,
                    run.trusted,
                    run.started,
                    dry_run=run.request.dry_run,
                )
            )
        step.found = (
            f'{len(run.signed)} of {len(run.distributions)} signed already'
        )


def verify(run: runs.Run, dist: distribution.Distribution, path: str) -> None:
    """Verify one signature and keep it if it is good.

    :raises Unavailable: gpg could not be run
    """
    good, found = signatures.verified(
        run.gates.signer, dist, path, run.trusted
    )
    run.say(found)
    if good is not None:
        run.signed[dist.filename] = good


def pass_gate(run: runs.Run) -> bool:
    """Step 9: say whether the release may go on.

    :raises Misconfigured: the receipt's place holds a finished one
    """
    with run.step(9) as step:
        verdict = finding.worst(tuple(run.findings))
        if verdict is not None:
            step.outcome = verdict
            refusing = [item.code for item in run.findings if item.refuses]
            step.found = 'refused: ' + ', '.join(sorted(set(refusing)))
            return False
        if run.plan is not None and run.plan.uploads:
            _receipt_has_a_place(run)
        step.found = 'nothing was sent or written so far'
        return True


def _receipt_has_a_place(run: runs.Run) -> None:
    """Refuse to start what could not be written down."""
    path = run.receipt_path
    if path is None or run.request.dry_run:
        return
    kept = papers.why_kept(run, path)
    if kept is not None:
        raise exceptions.Misconfigured(
            f'{path} {kept}, but this run has something to upload; name '
            'another file with --receipt',
            where='--receipt',
        )


def _signature_path(
    run: runs.Run, dist: distribution.Distribution
) -> str | None:
    """Return where a signature of these bytes lies, if there is one."""
    beside = run.gates.distributions.signature_of(dist.path)
    if beside is not None:
        return beside
    archive = run.gates.archive
    if archive is None or run.order is None:
        return None
    match archive.find(run.order.repo, dist.filename):
        case knowledge.Known(value=file) if file is not None:
            if file.sha256 == dist.sha256:
                return file.signature_path
    return None


def _who(reading: receipt.MaintainersReading) -> str:
    if reading.maintainers is not None:
        return ', '.join(str(role) for role in reading.maintainers.roles)
    return reading.reason or reading.state


def _described(run: runs.Run) -> str:
    """Describe the credential in a line that shows nothing of it."""
    held = run.credential
    if held is None:
        return 'none, not tried'
    if held.kind == 'other':
        return 'user name and password, used as they are'
    return f'API token for {held.scope}, narrowed for each upload'
