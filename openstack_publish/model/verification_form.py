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

"""Reads a verification back from the JSON that was made of it."""

from __future__ import annotations

from typing import Any, get_args

from openstack_publish.model import documents
from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import verification

_LINKS = frozenset(get_args(verification.LinkName))
_VERDICTS = frozenset(get_args(verification.Held))
_SEVERITIES = frozenset(get_args(finding.Severity))
_FOUND = frozenset(get_args(finding.Verdict))


def read(document: object) -> verification.Verification:
    """Return the verification that a document was made of.

    :raises Malformed: it is none, or its verdict is not that of its links
    """
    data = _object(document)
    project = data.get('project')
    version = data.get('version')
    if not (
        isinstance(project, str | None) and isinstance(version, str | None)
    ):
        raise documents.Malformed('project and version are no texts')
    found = verification.Verification(
        None if project is None else names.ProjectName(project),
        version,
        tuple(map(_link, documents.member(data, 'links', list))),
        tuple(map(_finding, documents.member(data, 'findings', list))),
    )
    if data.get('verdict') != found.verdict:
        raise documents.Malformed(
            f'the verdict is {data.get("verdict")!r}, that of its links '
            f'{found.verdict!r}'
        )
    return found


def _link(value: object) -> verification.Link:
    data = _object(value)
    return verification.Link(
        _one_of(data, 'name', _LINKS),
        _one_of(data, 'verdict', _VERDICTS),
        documents.member(data, 'detail', str),
    )


def _finding(value: object) -> finding.Finding:
    data = _object(value)
    path, line = data.get('path'), data.get('line')
    if not (isinstance(path, str | None) and isinstance(line, int | None)):
        raise documents.Malformed('path and line are malformed')
    return finding.Finding(
        code=documents.member(data, 'code', str),
        severity=_one_of(data, 'severity', _SEVERITIES),
        verdict=_one_of(data, 'verdict', _FOUND),
        subject=documents.member(data, 'subject', str),
        message=documents.member(data, 'message', str),
        remedy=documents.member(data, 'remedy', str),
        path=path,
        line=line,
    )


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise documents.Malformed('it is no object')
    return value


# A Literal cannot be told from the set of its words.
def _one_of(data: dict[str, object], key: str, words: frozenset[str]) -> Any:
    value = documents.member(data, key, str)
    if value not in words:
        raise documents.Malformed(f'{key} is {value!r}')
    return value
