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

"""Steps 10 and 12: sign, upload. Step 11 is in :mod:`.archiving`.

A server's answer that leaves a doubt is settled by what the index shows,
never by the answer's words.
"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import receipt
from openstack_publish.proof import archiving
from openstack_publish.proof import judgement
from openstack_publish.proof import papers
from openstack_publish.proof import run as runs
from openstack_publish.rules import credential_fit
from openstack_publish.rules import findings
from openstack_publish.rules import readable

ATTEMPTS = 3
"""How often one file is posted at most, each time after the index was seen
not to have it."""

PAUSE = 2.0
"""Seconds before the second attempt; doubled before the third."""

LONGEST_PAUSE = 60.0
"""Longest pause that a server's Retry-After may ask for, in seconds."""

_NO = frozenset({400, 409})
"""What servers answer where a file is refused, or there already."""


def sign(run: runs.Run) -> bool:
    """Step 10: sign what has no signature, and verify it.

    :returns: whether every distribution now has a good signature
    """
    with run.step(10) as step:
        said = len(run.findings)
        made = 0
        try:
            for dist in run.distributions:
                if dist.filename in run.signed:
                    continue
                target = f'{dist.path}.asc'
                run.gates.signer.sign(dist.path, target)
                judgement.verify(run, dist, target)
                made += 1
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP514', run.subject, error)])
        step.found = f'{made} signed, {len(run.distributions) - made} before'
        return finding.worst(tuple(run.findings[said:])) is None


def upload(run: runs.Run) -> None:
    """Step 12: upload, one file after the other, each with its signature."""
    with run.step(12) as step:
        uploads = () if run.plan is None else run.plan.uploads
        doubtful = None
        try:
            for planned in uploads:
                if not _send(run, planned.distribution):
                    if run.in_doubt:
                        doubtful = planned
                    break
        except exceptions.Misconfigured:
            if not run.stored and not run.sending:
                archiving.discard(run)
            raise
        if uploads and not run.stored and not run.in_doubt:
            archiving.discard(run)
        for planned in uploads:
            name = planned.distribution.filename
            if planned is doubtful:
                # OSP322 says that it may be there.
                continue
            if name not in run.stored and run.uploaded:
                run.say(
                    [
                        findings.failed(
                            'OSP712',
                            name,
                            'is not on the index; the release is incomplete',
                        )
                    ]
                )
        sent = list(run.stored.values()).count('uploaded')
        step.found = f'{sent} uploaded, {len(run.stored) - sent} there before'


def _send(run: runs.Run, dist: distribution.Distribution) -> bool:
    """Upload one file until it is settled; say whether it is there."""
    try:
        if not run.gates.distributions.unchanged(dist):
            run.say([readable.changed(dist)])
            return False
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP201', dist.filename, error)])
        return False
    if not _write_down(run):
        return False
    try:
        stored = _settled(run, dist)
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP604', 'credential', error)])
        return False
    run.unsettled = None
    # Where the archive has got another build of what is still to be sent,
    # nothing more goes out.
    undisputed = not stored or archiving.promote(run)
    return _write_down(run) and stored and undisputed


def _write_down(run: runs.Run) -> bool:
    """Put the receipt of this moment on disk; say whether it is there."""
    try:
        papers.write(run, receipt.Outcome.INCOMPLETE)
    except exceptions.Unavailable as error:
        run.say([findings.unavailable('OSP713', run.subject, error)])
        return False
    return True


def _settled(run: runs.Run, dist: distribution.Distribution) -> bool:
    """Post a file and find out what became of it."""
    pause = PAUSE
    attempt = 0
    while True:
        attempt += 1
        answer = _post(run, dist)
        if answer.outcome == 'stored':
            run.stored[dist.filename] = 'uploaded'
            return True
        if answer.outcome == 'refused':
            run.say([_refused(run, dist, answer)])
            return False
        held = _held(run, dist)
        if isinstance(held, knowledge.Unknown):
            run.in_doubt = True
            run.say([_in_doubt(dist, answer, held)])
            return False
        if held.value == dist.sha256:
            # pypiserver (2.4) refuses a signature that it has already, after
            # it has stored the file.
            mine = (
                attempt > 1
                or answer.status not in _NO
                or run.gates.index.kind == 'plain'
            )
            run.stored[dist.filename] = 'uploaded' if mine else 'already-there'
            return True
        run.unsettled = None
        if held.value is not None:
            run.say([_planted(dist, held.value)])
            return False
        if answer.status in _NO:
            run.say([_refused(run, dist, answer)])
            return False
        if attempt == ATTEMPTS:
            run.say([_absent(dist, answer)])
            return False
        wait = max(pause, min(answer.retry_after or 0.0, LONGEST_PAUSE))
        run.gates.observer.waits(
            f'before another attempt, after {answer.reason}', wait
        )
        run.gates.clock.sleep(wait)
        pause *= 2


def _post(
    run: runs.Run, dist: distribution.Distribution
) -> seams.UploadAnswer:
    """Post one file, once, with a token narrowed to this very moment."""

    def progress(done: int, total: int) -> None:
        run.gates.observer.bytes_done(
            f'uploading {dist.filename}', done, total
        )

    signed = run.signed.get(dist.filename)
    sent_before, run.sending = run.sending, True
    run.unsettled = dist.filename
    try:
        return run.gates.uploader.upload(
            dist,
            None if signed is None else signed.checked,
            run.gates.clock.now(),
            progress,
        )
    except exceptions.PublishError:
        # It raises only where nothing was sent.
        run.sending = sent_before
        run.unsettled = None
        raise


def _held(
    run: runs.Run, dist: distribution.Distribution
) -> knowledge.Known[str | None] | knowledge.Unknown:
    """Return the digest that the index shows under a file's name."""
    if run.project is None or run.version is None:
        return knowledge.Unknown(dist.filename, 'its project is not known')
    reading = run.gates.index.read_release(run.project, run.version)
    if isinstance(reading.files, knowledge.Unknown):
        return reading.files
    for file in reading.files.value:
        if file.filename != dist.filename:
            continue
        if file.sha256 is None:
            return knowledge.Unknown(
                dist.filename, 'the index states no digest for it'
            )
        return knowledge.Known(file.sha256)
    return knowledge.Known(None)


def _refused(
    run: runs.Run, dist: distribution.Distribution, answer: seams.UploadAnswer
) -> finding.Finding:
    code = 'OSP318'
    if credential_fit.refused_credential(
        answer.status, answer.reason, run.gates.index.kind
    ):
        code = 'OSP605'
    return findings.failed(
        code, dist.filename, f'{answer.status} {answer.reason}'
    )


def _planted(dist: distribution.Distribution, held: str) -> finding.Finding:
    return findings.failed(
        'OSP302',
        dist.filename,
        'while we were uploading, the index got other bytes under this '
        f'name: sha256 {held}, ours is {dist.sha256}',
    )


def _in_doubt(
    dist: distribution.Distribution,
    answer: seams.UploadAnswer,
    held: knowledge.Unknown,
) -> finding.Finding:
    return findings.unknown(
        'OSP322',
        dist.filename,
        knowledge.Unknown(
            'whether it was stored',
            f'the upload ended with {answer.reason}, and then '
            f'{held.what}: {held.why}',
        ),
    )


def cut_short(filename: str) -> finding.Finding:
    """Say that a run ended before it knew what became of a file."""
    return findings.unknown(
        'OSP322',
        filename,
        knowledge.Unknown(
            'whether it was stored',
            'the run ended while the file was on its way, before the index '
            'had shown what became of it',
        ),
    )


def _absent(
    dist: distribution.Distribution, answer: seams.UploadAnswer
) -> finding.Finding:
    return findings.unknown(
        'OSP322',
        dist.filename,
        knowledge.Unknown(
            'the upload',
            f'{ATTEMPTS} attempts, the last ended with {answer.reason}; '
            'the index does not have the file',
        ),
    )
