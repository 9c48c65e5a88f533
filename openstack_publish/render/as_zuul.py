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

"""A check as what Zuul takes back from a job: comments in the files.

The form is that of ``zuul_return`` (Zuul's documentation, "Return Values",
read 2026-08). One key too many in a comment, or one value of another type,
would drop all comments: nothing but ``line``, ``message`` and ``level`` is
written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openstack_publish.model import checking
from openstack_publish.model import finding
from openstack_publish.render import checked
from openstack_publish.render import plain

_LEVELS = {'error': 'error', 'warning': 'warning', 'note': 'info'}


def document(told: checking.Check, why: Mapping[str, str]) -> dict[str, Any]:
    """Return the data for ``zuul_return``.

    Comments go to lines of files that the change has; what has no such line
    becomes a warning of the build, unless it is a note.

    :param why: the reason of each rule, by code
    """
    comments: dict[str, list[dict[str, Any]]] = {}
    warnings: list[str] = []
    for row in told.rows:
        for found in row.findings:
            lines = checked.said(found, why)
            if found.path is not None and _can_hold(found, told.in_change):
                comment = {
                    'line': found.line,
                    'message': '\n'.join(lines),
                    'level': _level(found),
                }
                at = comments.setdefault(found.path, [])
                if comment not in at:
                    at.append(comment)
            elif found.severity != 'note':
                # A path that a comment cannot be given to is told here.
                text = '; '.join(lines)
                if found.path is not None:
                    text = f'{_place(found)}: {text}'
                if text not in warnings:
                    warnings.append(text)
    return {'zuul': {'file_comments': comments, 'warnings': warnings}}


def _can_hold(found: finding.Finding, in_change: frozenset[str]) -> bool:
    """Say whether a comment can be given to a finding's line."""
    return (
        found.path is not None
        and found.path.isprintable()
        and found.path in in_change
        and found.line is not None
        and found.line >= 1
    )


def _level(found: finding.Finding) -> str:
    if found.verdict == 'unknown':
        return 'warning'
    return _LEVELS[found.severity]


def _place(found: finding.Finding) -> str:
    place = plain.line(found.path or "")
    return place if found.line is None else f'{place}:{found.line}'
