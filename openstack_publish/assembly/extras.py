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

"""Extras of this distribution: what only some commands need."""

from __future__ import annotations

import importlib.metadata

from packaging import requirements

from openstack_publish import exceptions


def require(extra: str, needing: str, where: str | None = None) -> None:
    """Check that everything which an extra names is installed.

    :param needing: what needs it, as a sentence begins
    :param where: the option that asked for that
    :raises Misconfigured: something isn't installed, or is too old
    """
    for text in importlib.metadata.requires('openstack-publish') or ():
        requirement = requirements.Requirement(text)
        marker = requirement.marker
        if marker is None or marker.evaluate({'extra': ''}):
            continue
        if not marker.evaluate({'extra': extra}):
            continue
        try:
            found = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            found = None
        if found is None or found not in requirement.specifier:
            raise exceptions.Misconfigured(
                f'{needing} needs {requirement.name}'
                f'{requirement.specifier}, and there is '
                f'{"none" if found is None else found}; '
                f'install "openstack-publish[{extra}]"',
                where,
            )
