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

"""Where an index is read."""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.model import urls


def root(read_url: str) -> str:
    """Return the URL that every other one begins with, without a slash.

    :raises Misconfigured: it is none that may be read
    """
    objection = urls.objection(read_url)
    if objection is not None:
        raise exceptions.Misconfigured(
            f'{urls.without_user(read_url)} {objection}', where='--read-url'
        )
    return read_url.rstrip('/')
