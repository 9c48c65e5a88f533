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

"""Which repositories publish to PyPI, as project-config says.

Not the deliverable file decides what reaches PyPI but the Zuul templates of
the repository and the form of the tag (openstack/project-config,
``zuul.d/projects.yaml``, 2026-08-17).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Literal

TEMPLATES = frozenset(
    {
        'publish-to-pypi',
        'publish-to-pypi-quietly',
        'publish-to-pypi-stable-only',
        'publish-xstatic-to-pypi',
    }
)
"""Templates whose jobs upload to PyPI."""

JOB = 'release-openstack-python'
"""The job that uploads, which a repository may also name itself."""

PRE_RELEASE_JOB = f'{JOB} (pre-release)'
"""The same job in the pipeline of pre-releases."""

TagForm = Literal['release', 'pre-release', 'neither']
"""``neither``: no pipeline that builds artifacts takes such a tag."""


@dataclasses.dataclass(frozen=True)
class Reach:
    """Whether a version of a repository reaches PyPI."""

    answer: Literal['yes', 'no', 'unknown']
    why: str
    """What says so; of ``unknown`` what is missing."""


@dataclasses.dataclass(frozen=True)
class Publishing:
    """What project-config says of every repository that publishes."""

    templates: Mapping[str, frozenset[str]]
    """By full name of the repository: names out of :data:`TEMPLATES`, and
    :data:`JOB` or :data:`PRE_RELEASE_JOB` where the job stands alone. What is
    not in it has none there; it may still have one in a configuration of its
    own."""

    patterns: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = ()
    """The same for every repository whose whole name matches."""

    def of(self, repo: str) -> frozenset[str]:
        """Return what publishes a repository; nothing where nothing does."""
        found = self.templates.get(repo, frozenset())
        for pattern, templates in self.patterns:
            if pattern.fullmatch(repo):
                found |= templates
        return found


def repository(name: str) -> str:
    """Return a repository's full name without the host that Zuul allows.

    >>> repository('opendev.org/openstack/nova'), repository('x/nova')
    ('openstack/nova', 'x/nova')
    """
    host, _, rest = name.partition('/')
    return rest if '.' in host and '/' in rest else name
