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

"""Where an audit's site goes, and what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from openstack_publish.assembly import extras
from openstack_publish.gates import sitefiles
from openstack_publish.model import audit_history

EXTRA = 'site'
"""The extra of this distribution that a site needs."""


def history(directory: str) -> audit_history.History:
    """Make sure that a site can be made, and return the history it keeps.

    :raises Misconfigured: the extra isn't installed, or what is in the
        directory is no site of ours
    :raises Unavailable: the site that is there cannot be read
    """
    extras.require(EXTRA, 'a site', sitefiles.OPTION)
    return sitefiles.history(directory)


def write(directory: str, files: Mapping[str, str]) -> None:
    """Put a site in its place.

    :param files: contents by paths within the directory
    :raises Misconfigured: what is there now is no site of ours
    :raises Unavailable: it cannot be written
    """
    sitefiles.write(directory, files)
