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
from collections.abc import Mapping

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


@dataclasses.dataclass(frozen=True)
class Publishing:
    """What project-config says of every repository that publishes."""

    templates: Mapping[str, frozenset[str]]
    """By full name of the repository: names out of :data:`TEMPLATES`, and
    :data:`JOB` where the job stands alone. What is not in it has none there;
    it may still have one in a configuration of its own."""

    def of(self, repo: str) -> frozenset[str]:
        """Return what publishes a repository; nothing where nothing does."""
        return self.templates.get(repo, frozenset())
