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

"""Reads the data of Zuul's configuration into who publishes.

Only what decides is looked at: stanzas of projects, and templates that hold
the job themselves. The rest of the form is Zuul's business
(https://zuul-ci.org/docs/zuul/latest/config/project.html, read 2026-08).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from collections.abc import Mapping

from openstack_publish.model import located
from openstack_publish.model import publishing
from openstack_publish.model import reading

_PIPELINES = ('release', 'pre-release')
"""The pipelines whose tags have artifacts."""


@dataclasses.dataclass(frozen=True)
class Stanza:
    """One ``project`` or ``project-template``, as far as it decides."""

    name: str
    is_template: bool
    templates: frozenset[str]
    pipelines: frozenset[str]
    """Those of :data:`_PIPELINES` in which it runs the job itself."""


def read(
    data: object, path: str
) -> tuple[tuple[Stanza, ...], tuple[located.Problem, ...]]:
    """Return the stanzas of one file, and what is wrong with them.

    :param path: what the problems call the file
    """
    walk = reading.Walk(path)
    found = []
    for index, entry in enumerate(walk.sequence(data, (), or_null=True)):
        stanza = walk.entries(entry, (index,))
        for kind in ('project', 'project-template'):
            if kind not in stanza:
                continue
            key = (index, kind)
            fields = walk.entries(stanza[kind], key)
            name = walk.optional_text(fields, 'name', key)
            # Without a name it is of the repository that holds it, which
            # publishes nothing.
            if name is not None:
                _check_pattern(walk, name, (*key, 'name'))
                found.append(
                    Stanza(
                        name,
                        kind == 'project-template',
                        _templates(walk, fields, key),
                        _pipelines(walk, fields, key),
                    )
                )
    return tuple(found), walk.problems


def publishing_of(stanzas: Iterable[Stanza]) -> publishing.Publishing:
    """Return what stanzas of all files say together.

    A project's stanzas add up (Zuul's documentation, "Project").
    """
    given = tuple(stanzas)
    jobs = {
        stanza.name: _jobs(stanza.pipelines)
        for stanza in given
        if stanza.is_template
    }
    templates: dict[str, frozenset[str]] = {}
    patterns: list[tuple[re.Pattern[str], frozenset[str]]] = []
    for stanza in given:
        if stanza.is_template:
            continue
        found = stanza.templates & publishing.TEMPLATES
        found |= _jobs(stanza.pipelines)
        for name in stanza.templates - publishing.TEMPLATES:
            found |= jobs.get(name, frozenset())
        if not found:
            continue
        if stanza.name.startswith('^'):
            patterns.append((re.compile(stanza.name), found))
        else:
            repo = publishing.repository(stanza.name)
            templates[repo] = templates.get(repo, frozenset()) | found
    return publishing.Publishing(templates, tuple(patterns))


def _jobs(pipelines: frozenset[str]) -> frozenset[str]:
    """Return what stands for the bare job in these pipelines."""
    found = set()
    if 'release' in pipelines:
        found.add(publishing.JOB)
    if 'pre-release' in pipelines:
        found.add(publishing.PRE_RELEASE_JOB)
    return frozenset(found)


def _check_pattern(
    walk: reading.Walk, name: str, key: located.KeyPath
) -> None:
    if not name.startswith('^'):
        return
    try:
        re.compile(name)
    except re.error as error:
        walk.problem(
            key,
            f'{reading.named(name)} cannot be read as a regular expression: '
            f'{error}',
        )


def _templates(
    walk: reading.Walk, fields: Mapping[str, object], key: located.KeyPath
) -> frozenset[str]:
    above = (*key, 'templates')
    data = fields.get('templates')
    if type(data) is str:
        # Zuul takes a single one for a list of one.
        return frozenset({data})
    found = set()
    for index, entry in enumerate(walk.sequence(data, above, or_null=True)):
        name = walk.text(entry, (*above, index))
        if name is not None:
            found.add(name)
    return frozenset(found)


def _pipelines(
    walk: reading.Walk, fields: Mapping[str, object], key: located.KeyPath
) -> frozenset[str]:
    """Return the pipelines in which the stanza itself runs the job."""
    found = set()
    for pipeline in _PIPELINES:
        above = (*key, pipeline)
        inner = walk.entries(fields.get(pipeline), above, or_null=True)
        jobs = inner.get('jobs')
        entries = [jobs] if type(jobs) is str else jobs
        for entry in walk.sequence(entries, (*above, 'jobs'), or_null=True):
            # Either the job's name, or a mapping of it to its variant.
            if entry == publishing.JOB or (
                type(entry) is dict and publishing.JOB in entry
            ):
                found.add(pipeline)
    return frozenset(found)
