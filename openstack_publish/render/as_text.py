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

"""Receipts and findings for human eyes, at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import receipt
from openstack_publish.model import signing
from openstack_publish.render import moment
from openstack_publish.render import plain

WIDTH = 80
"""Columns."""

_SUMMARIES = {
    receipt.Outcome.PUBLISHED: 'published and confirmed',
    receipt.Outcome.NOTHING_TO_DO: 'nothing to do, everything is there',
    receipt.Outcome.DRY_RUN: 'would be published; nothing was sent',
    receipt.Outcome.REFUSED: 'refused; this run uploaded nothing',
    receipt.Outcome.UNAVAILABLE: (
        'could not know enough; this run uploaded nothing'
    ),
    receipt.Outcome.INCOMPLETE: 'INCOMPLETE on the index',
    receipt.Outcome.UNCONFIRMED: 'uploaded, but NOT CONFIRMED',
    receipt.Outcome.MISCONFIGURED: 'wrong usage or configuration',
}
_STATES = {
    'in-time': 'valid now, as far as the token itself says',
    'not-yet-valid': 'not valid yet',
    'expired': 'expired',
    'unknown': 'not known',
}
_FOR_PROJECT = {
    True: 'the token is for it',
    False: 'NOT for it',
    None: 'only the index can tell whether it is for it',
}
_RANK = {'error': 0, 'warning': 1, 'note': 2}


def of_receipt(story: receipt.Receipt) -> str:
    """Return a receipt as a report."""
    return '\n'.join(_report(story)) + '\n'


def of_finding(found: finding.Finding) -> str:
    """Return a finding as a paragraph: what, where, what to do."""
    where = ''
    if found.path is not None:
        where = plain.line(found.path)
        where += f':{found.line}: ' if found.line is not None else ': '
    verdict = 'unknown' if found.verdict == 'unknown' else found.severity
    head = (
        f'{found.code} {verdict}: {where}'
        f'{plain.line(found.subject)}: {plain.line(found.message)}'
    )
    lines = wrapped(head, '  ', '    ')
    if found.remedy:
        lines += wrapped(f'do: {plain.line(found.remedy)}', '    ', '        ')
    return '\n'.join(lines)


def of_findings(findings: Sequence[finding.Finding]) -> str:
    """Return findings as paragraphs, the gravest first."""
    ranked = sorted(findings, key=lambda item: _RANK[item.severity])
    return '\n'.join(of_finding(found) for found in ranked)


def of_signing(told: signing.Signing) -> str:
    """Return which distribution is signed, and by which key."""
    signed = sum(file.signature is not None for file in told.files)
    lines = [f'{signed} of {len(told.files)} distributions signed']
    for file in told.files:
        lines.append(_row('file', file.filename))
        if file.signature is None:
            lines.append(_row('', 'no good signature'))
            continue
        when = 'now' if file.created_now else 'before'
        lines.append(_row('', f'signed {when} by {file.signature.primary}'))
    if told.findings:
        lines += ['', of_findings(told.findings)]
    return '\n'.join(lines) + '\n'


def of_credential(told: credential.Description) -> str:
    """Return what can be said of a credential without showing it."""
    held = told.credential
    lines = [
        'API token' if held.kind == 'api-token' else 'user name and password',
        _row('for', told.upload_url),
        _row('user', held.username or 'not given'),
    ]
    if held.kind == 'api-token':
        lines += [
            _row('user id', held.user_id or 'not in the token'),
            _row('projects', held.scope),
            _row('times', _times(held)),
            _row('', _STATES[told.state]),
        ]
    if told.project is not None:
        lines.append(_row('asked', told.project))
        lines.append(_row('', _FOR_PROJECT[told.for_project]))
    if told.findings:
        lines += ['', of_findings(told.findings)]
    return '\n'.join(lines) + '\n'


def of_checkup(checks: Sequence[checkup.Check]) -> str:
    """Return the checks of an examination, a line each."""
    return ''.join(
        f'{check.verdict:<7}  {check.name:<8}  {plain.line(check.detail)}\n'
        for check in checks
    )


def of_ending(story: receipt.Receipt, command: str) -> tuple[str, ...]:
    """Return what to do after a failure: the command, and the time left.

    :param command: the one command to type next
    """
    lines = []
    if story.days_left is not None:
        lines.append(
            f'{story.days_left:.1f} of the 14 days are left in which the '
            'index takes files of this release'
        )
    first = story.outcome in (
        receipt.Outcome.REFUSED,
        receipt.Outcome.MISCONFIGURED,
    )
    when = 'next, once that is mended' if first else 'next'
    lines.append(f'{when}: {plain.line(command)}')
    return tuple(lines)


def of_maintainers(who: maintainers.Maintainers) -> str:
    """Return the roles and the organization in one line."""
    roles = ', '.join(str(role) for role in who.roles) or 'nobody'
    match who.organization:
        case knowledge.Known(value=None):
            return roles
        case knowledge.Known(value=slug):
            return f'{roles}; organization {slug}'
        case knowledge.Unknown(why=why):
            return f'{roles}; organization unknown: {why}'


def wrapped(text: str, first: str, later: str) -> list[str]:
    """Return a text in lines of :data:`WIDTH` columns; no word is broken.

    :param first: what the first line begins with
    :param later: what the others begin with
    """
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _report(story: receipt.Receipt) -> Iterator[str]:
    release = story.release
    name = plain.line(release.project or 'the release')
    version = plain.line(release.version or '')
    yield f'{name} {version}'.rstrip() + f': {_SUMMARIES[story.outcome]}'
    if release.commit is not None:
        yield _row('order', release.deliverable or 'no deliverable file')
        yield _row('', f'{release.repo} at')
        yield _row('', release.commit)
    if story.index is not None:
        yield _row('index', story.index.read_url)
    for artifact in story.artifacts:
        yield _row('file', artifact.distribution.filename)
        yield _row('', _artifact(artifact))
        if artifact.signature is not None:
            yield _row('', f'signed by {artifact.signature.primary}')
    for label, reading in (
        ('before', story.before),
        ('after', story.after),
    ):
        if reading.state != 'not-read':
            yield _row(label, _reading(reading))
    for change in story.drift or ():
        yield _row('changed', change)
    if story.archive is not None:
        yield _row('archive', story.archive.place)
        for file in story.archive.files:
            yield _row('', f'{file.state}: {file.filename}')
    if story.findings:
        yield ''
        yield of_findings(story.findings)


def _artifact(artifact: receipt.Artifact) -> str:
    confirmed = {True: 'confirmed', False: 'not confirmed', None: ''}
    words = [artifact.step, confirmed[artifact.confirmed]]
    return ', '.join(word for word in words if word)


def _reading(reading: receipt.MaintainersReading) -> str:
    if reading.maintainers is not None:
        return of_maintainers(reading.maintainers)
    if reading.state == 'new':
        return 'the project does not exist yet'
    return f'unknown: {reading.reason}'


def _times(held: credential.Credential) -> str:
    begins, ends = held.not_before, held.not_after
    return ' '.join(
        (
            'from any time' if begins is None else moment.rfc3339(begins),
            'without an end' if ends is None else f'to {moment.rfc3339(ends)}',
        )
    )


def _row(label: str, value: str) -> str:
    return f'  {label:<8} {plain.line(value)}'.rstrip()
