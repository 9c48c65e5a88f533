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

"""Reads the data of a deliverable file into values.

The form is ``openstack_releases/schema.yaml`` of openstack/releases with what
its ``deliverable.py`` adds (2026-08-21). One thing is a remark
(:attr:`~openstack_publish.model.deliverable.Deliverable.remarks`) and no
problem: odd ``flags`` of a repository. That schema has a hole there, so they
get merged (``_independent/pylockfile.yaml`` has the string ``-retired``), and
they say nothing of what is released.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from openstack_publish.model import deliverable
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import reading

KEYS = frozenset(
    {
        'team',
        'type',
        'launchpad',
        'storyboard',
        'release-notes',
        'include-pypi-link',
        'release-model',
        'artifact-link-mode',
        'repository-settings',
        'release-type',
        'stable-branch-type',
        'stable-status',
        'cycle-highlights',
        'releases',
        'branches',
    }
)
"""The keys of a deliverable file."""

_RELEASE = frozenset({'version', 'projects', 'diff-start', 'flags'})
_PROJECT = frozenset({'repo', 'hash', 'comment', 'tarball-base'})
_SETTINGS = frozenset({'pypi-name', 'tarball-base', 'flags'})
_BRANCH = frozenset({'name', 'location'})
_RELEASE_FLAGS = frozenset({'forced', 'skipped-sig'})
_SETTINGS_FLAGS = frozenset({'no-artifact-build-job', 'retired'})

_REPO = re.compile(r'\w[\w.-]*(/\w[\w.-]*)+', re.ASCII)
"""A repository's full name. It becomes a directory of the archive, so no part
of it may begin with a dot."""

_TAG = re.compile(r'\w[\w.+!-]*', re.ASCII)
"""What a version may look like: 5.2.0, 1.0.0.0rc1, v0.4.0, victoria-eol."""


def read(
    data: object, path: str
) -> tuple[deliverable.Deliverable | None, tuple[located.Problem, ...]]:
    """Return a deliverable, and everything that is wrong with its file.

    What is wrong is left out of the value: one that comes with problems is
    good for messages only. An empty file is an empty mapping, as the release
    team's tools have it.

    :param path: relative to the checkout, ``deliverables/SERIES/NAME.yaml``
    :returns: None for the value where the data is no mapping
    """
    walk = reading.Walk(path)
    top = walk.mapping(
        {} if data is None else data, (), KEYS, ('team', 'type')
    )
    if data is not None and type(data) is not dict:
        return None, walk.problems
    directory, filename = posixpath.split(path)
    series = posixpath.basename(directory).lstrip('_')
    name = filename.removesuffix('.yaml')
    model = walk.optional_choice(
        top, 'release-model', (), deliverable.RELEASE_MODELS
    )
    remarks = reading.Walk(path)
    value = deliverable.Deliverable(
        path=path,
        series=series,
        name=name,
        team=walk.optional_text(top, 'team', ()) or '',
        type=_type(walk, top, name, model),
        release_model=_release_model(series, model),
        release_type=walk.optional_choice(
            top, 'release-type', (), deliverable.RELEASE_TYPES
        ),
        include_pypi_link=_includes_pypi_link(walk, top),
        artifact_link_mode=walk.optional_choice(
            top, 'artifact-link-mode', (), ('tarball', 'none')
        )
        or 'tarball',
        stable_status=walk.optional_choice(
            top, 'stable-status', (), deliverable.STATUSES
        ),
        settings=_settings(walk, remarks, top),
        releases=_releases(walk, top),
        remarks=remarks.problems,
    )
    _check_unused(walk, top)
    return value, walk.problems


def _type(
    walk: reading.Walk,
    top: Mapping[str, object],
    name: str,
    release_model: str | None,
) -> str:
    """Return the type; name and release model overrule what is written."""
    written = walk.optional_choice(top, 'type', (), deliverable.TYPES)
    if 'tempest-plugin' in name:
        return 'tempest-plugin'
    if release_model == 'cycle-trailing':
        return 'trailing'
    return written or 'other'


def _release_model(series: str, written: str | None) -> str | None:
    if series == 'independent' and written != 'abandoned':
        return 'independent'
    return written


def _includes_pypi_link(walk: reading.Walk, top: Mapping[str, object]) -> bool:
    if 'include-pypi-link' not in top:
        return False
    return (
        walk.truth(top['include-pypi-link'], ('include-pypi-link',)) or False
    )


def _settings(
    walk: reading.Walk, remarks: reading.Walk, top: Mapping[str, object]
) -> tuple[deliverable.RepositorySettings, ...]:
    found = []
    entries = walk.entries(
        top.get('repository-settings'),
        ('repository-settings',),
        or_null=True,
    )
    for repo, data in entries.items():
        key = ('repository-settings', repo)
        _check_repo(walk, repo, key)
        if data is None or data == {}:
            # "openstack/x: {}" is the common form; "openstack/x:" says as
            # much.
            found.append(deliverable.RepositorySettings(repo, key=key))
            continue
        fields = walk.mapping(data, key, _SETTINGS)
        found.append(
            deliverable.RepositorySettings(
                repo=repo,
                pypi_name=_project_name(walk, fields, 'pypi-name', key),
                tarball_base=_project_name(walk, fields, 'tarball-base', key),
                flags=_flags(remarks, fields, key, _SETTINGS_FLAGS),
                key=key,
            )
        )
    return tuple(found)


def _releases(
    walk: reading.Walk, top: Mapping[str, object]
) -> tuple[deliverable.Release, ...]:
    found = []
    entries = walk.sequence(top.get('releases'), ('releases',), or_null=True)
    for index, data in enumerate(entries):
        key = ('releases', index)
        fields = walk.mapping(data, key, _RELEASE, ('version', 'projects'))
        version = walk.optional_text(fields, 'version', key)
        if version is not None and not _TAG.fullmatch(version):
            walk.problem(
                (*key, 'version'),
                f'must be a version or tag, is {reading.named(version)}',
            )
            version = None
        diff_start = walk.optional_text(fields, 'diff-start', key)
        flags = (
            _flags(walk, fields, key, _RELEASE_FLAGS)
            if 'flags' in fields
            else frozenset()
        )
        repos = _repos(walk, fields.get('projects'), (*key, 'projects'))
        if version is not None:
            found.append(
                deliverable.Release(version, repos, flags, diff_start, key)
            )
    return tuple(found)


def _repos(
    walk: reading.Walk, data: object, above: located.KeyPath
) -> tuple[deliverable.ReleasedRepo, ...]:
    """Return what one release takes of each repository."""
    found: dict[str, deliverable.ReleasedRepo] = {}
    for index, entry in enumerate(walk.sequence(data, above, or_null=True)):
        key = (*above, index)
        fields = walk.mapping(entry, key, _PROJECT, ('repo', 'hash'))
        repo = walk.optional_text(fields, 'repo', key)
        commit = walk.optional_text(fields, 'hash', key)
        tarball_base = None
        comment = None
        if len(fields) > 2:
            tarball_base = _project_name(walk, fields, 'tarball-base', key)
            comment = walk.optional_text(fields, 'comment', key)
        if commit is not None and not names.is_commit_hash(commit):
            walk.problem(
                (*key, 'hash'),
                'must be a commit hash of 40 lower-case hexadecimal digits, '
                f'is {reading.named(commit)}',
            )
            commit = None
        if repo is None or not _check_repo(walk, repo, (*key, 'repo')):
            continue
        if repo in found:
            walk.problem(
                (*key, 'repo'),
                f'{repo} is in this release a second time; each repository '
                'has one commit in a release',
            )
        elif commit is not None:
            found[repo] = deliverable.ReleasedRepo(
                repo, commit, tarball_base, comment, key
            )
    return tuple(found.values())


def _check_repo(walk: reading.Walk, repo: str, key: located.KeyPath) -> bool:
    if _REPO.fullmatch(repo):
        return True
    walk.problem(
        key,
        "must be a repository's full name such as openstack/os-vif, is "
        f'{reading.named(repo)}',
    )
    return False


def _project_name(
    walk: reading.Walk,
    fields: Mapping[str, object],
    name: str,
    key: located.KeyPath,
) -> str | None:
    text = walk.optional_text(fields, name, key)
    if text is not None and not names.is_project_name(text):
        walk.problem(
            (*key, name),
            "must be a project's name (ASCII letters, digits and -_. between "
            f'them), is {reading.named(text)}',
        )
        return None
    return text


def _flags(
    walk: reading.Walk,
    fields: Mapping[str, object],
    above: located.KeyPath,
    known: frozenset[str],
) -> frozenset[str]:
    """Return the known flags of a list; anything else counts for nothing."""
    key = (*above, 'flags')
    found = set()
    flags = walk.sequence(fields.get('flags'), key, or_null=True)
    for index, flag in enumerate(flags):
        if walk.choice(flag, (*key, index), known):
            found.add(str(flag))
    return frozenset(found)


def _check_unused(walk: reading.Walk, top: Mapping[str, object]) -> None:
    """Check the form of what this package makes no use of."""
    walk.optional_text(top, 'launchpad', ())
    if type(top.get('storyboard', 0)) not in (int, str):
        walk.problem(
            ('storyboard',),
            'must be a number or a string, is '
            f'{reading.named(top["storyboard"])}',
        )
    _check_text_or_texts(walk, top, 'release-notes', ())
    walk.optional_choice(
        top, 'stable-branch-type', (), deliverable.STABLE_BRANCH_TYPES
    )
    key: located.KeyPath = ('cycle-highlights',)
    highlights = walk.sequence(top.get('cycle-highlights'), key, or_null=True)
    for index, text in enumerate(highlights):
        walk.text(text, (*key, index))
    branches = walk.sequence(top.get('branches'), ('branches',), or_null=True)
    for index, data in enumerate(branches):
        key = ('branches', index)
        fields = walk.mapping(data, key, _BRANCH, ('name', 'location'))
        walk.optional_text(fields, 'name', key)
        _check_text_or_texts(walk, fields, 'location', key)


def _check_text_or_texts(
    walk: reading.Walk,
    fields: Mapping[str, object],
    name: str,
    above: located.KeyPath,
) -> None:
    """Check a string, or a mapping from repositories to strings."""
    data = fields.get(name)
    if type(data) is not dict:
        walk.optional_text(fields, name, above)
        return
    for repo, text in data.items():
        walk.text(text, (*above, name, repo))
