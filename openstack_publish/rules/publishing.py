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

"""Whether a version of a repository reaches PyPI at all.

Two things decide, neither of them in the deliverable file: the form of the
tag, which one of two pipelines takes or none, and the Zuul templates of the
repository. Sources: the pipelines ``release`` and ``pre-release`` of
openstack/project-config (2026-08-17), the templates of
openstack/openstack-zuul-jobs (2026-06-23).
"""

from __future__ import annotations

import re

from openstack_publish.model import publishing

_RELEASE = re.compile(r'[0-9]+(\.[0-9]+)*')
_PRE_RELEASE = re.compile(r'[0-9]+(\.[0-9]+)*(a|b|rc)[0-9]+')

_BOTH = frozenset(
    {
        'publish-to-pypi',
        'publish-to-pypi-quietly',
        'publish-xstatic-to-pypi',
    }
)
"""Templates that have the job in both pipelines."""


def tag_form(version: str) -> publishing.TagForm:
    """Return which of the two pipelines takes a tag, or that none does.

    Tags such as ``victoria-eol`` start no job that builds.
    """
    if _RELEASE.fullmatch(version):
        return 'release'
    if _PRE_RELEASE.fullmatch(version):
        return 'pre-release'
    return 'neither'


def reaches(
    version: str, repo: str, config: publishing.Publishing | None
) -> publishing.Reach:
    """Say whether a tag of a repository reaches PyPI, and why.

    :param config: None where no checkout of project-config was given
    """
    form = tag_form(version)
    if form == 'neither':
        return publishing.Reach(
            'no',
            f'the tag {version} has the form of neither a release nor a '
            'pre-release: no job builds artifacts of it',
        )
    if config is None:
        return publishing.Reach(
            'unknown',
            'which repositories publish stands in openstack/project-config, '
            'and no checkout of it was given (--project-config)',
        )
    templates = config.of(repo)
    named = ', '.join(sorted(templates))
    if not templates:
        return publishing.Reach(
            'unknown',
            f'project-config has no template that publishes {repo}; the '
            'repository may have one in its own Zuul configuration',
        )
    if form == 'release' and templates != {publishing.PRE_RELEASE_JOB}:
        return publishing.Reach('yes', f'{repo} has {named}')
    if form == 'pre-release' and templates & {
        *_BOTH,
        publishing.PRE_RELEASE_JOB,
    }:
        return publishing.Reach('yes', f'{repo} has {named}')
    return publishing.Reach(
        'unknown',
        f'{repo} has {named} and nothing else; whether that publishes a '
        f'{form} such as {version} is not certain',
    )
