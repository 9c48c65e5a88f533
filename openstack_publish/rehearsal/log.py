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

"""What the stand-in index remembers of the requests that it got."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from openstack_publish.rehearsal import replies


@dataclasses.dataclass(frozen=True)
class LoggedRequest:
    """One request that was answered, or cut; without its secrets."""

    method: str
    path: str
    route: replies.Route
    status: int | None
    """None where the connection was cut before the answer."""

    headers: Mapping[str, str]
    """By lower-case name, without ``authorization`` and ``cookie``."""

    authorized: bool
    """Whether an ``Authorization`` header came along."""

    fields: tuple[str, ...]
    """Names of an upload's form fields."""

    body_bytes: int
    """Bytes that the client sent as body."""

    filename: str | None = None
    """Of an upload."""

    @property
    def user_agent(self) -> str:
        """Who the client said it was."""
        return self.headers.get('user-agent', '')
