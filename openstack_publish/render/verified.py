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

"""Verifications as text, at 80 columns, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.model import verification
from openstack_publish.render import as_json
from openstack_publish.render import as_text
from openstack_publish.render import plain

COLUMNS = ('project', 'version', 'verdict', 'links', 'findings')
"""Keys of a document, in the contract's order."""

_DETAIL = ' ' * 11
"""What stands before a detail: a SHA-256 has room behind it."""


def document(told: verification.Verification) -> as_json.Document:
    """Return a verification as a JSON document."""
    return {
        'project': told.project,
        'version': told.version,
        'verdict': told.verdict,
        'links': [
            {'name': link.name, 'verdict': link.verdict, 'detail': link.detail}
            for link in told.links
        ],
        'findings': [as_json.of_finding(found) for found in told.findings],
    }


def text(told: Sequence[verification.Verification]) -> str:
    """Return verifications as a report.

    One alone is told link by link; of many those that hold are one line
    each, and at the end stands how many there are of each.
    """
    lines: list[str] = []
    for one in told:
        if len(told) > 1 and one.verdict == 'held':
            lines.append(_head(one))
            continue
        lines += _whole(one)
    if len(told) > 1:
        lines.append(_sum(told))
    return ''.join(f'{line}\n' for line in lines)


def _whole(one: verification.Verification) -> Iterator[str]:
    yield _head(one)
    for link in one.links:
        yield from _link(link)
    if one.findings:
        yield ''
        yield as_text.of_findings(one.findings)
        yield ''


def _head(one: verification.Verification) -> str:
    name = plain.line(one.project or 'the release')
    version = plain.line(one.version or '')
    return f'{one.verdict:<7}  {name} {version}'.rstrip()


def _link(link: verification.Link) -> Iterator[str]:
    yield f'  {link.verdict:<7}  {link.name}'
    for part in plain.line(link.detail).split('; '):
        yield from as_text.wrapped(part, _DETAIL, _DETAIL)


def _sum(told: Sequence[verification.Verification]) -> str:
    counts = {
        verdict: sum(one.verdict == verdict for one in told)
        for verdict in ('held', 'failed', 'unknown')
    }
    return f'{len(told)} releases: ' + ', '.join(
        f'{count} {verdict}' for verdict, count in counts.items()
    )
