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

"""What can be said of an upload credential without showing it."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Literal

from openstack_publish.model import finding
from openstack_publish.model import names


@dataclasses.dataclass(frozen=True)
class Credential:
    """A token or password, described."""

    kind: Literal['api-token', 'other']
    """``api-token``: a macaroon, which can be narrowed offline."""

    username: str | None
    projects: frozenset[names.ProjectName] | None = None
    """Projects it may upload to; None where it names none."""

    not_before: datetime.datetime | None = None
    not_after: datetime.datetime | None = None
    user_id: str | None = None
    """The index's id of the user; the name is nowhere in a token."""

    unread_caveats: int = 0
    """Restrictions in a form that this version cannot read."""

    @property
    def scope(self) -> str:
        """Say what it may upload to, as far as that can be read."""
        if self.projects is None:
            scope = 'every project of its user'
        else:
            scope = ', '.join(sorted(self.projects)) or 'no project at all'
        if self.unread_caveats:
            scope += (
                f', with {self.unread_caveats} restrictions that are not '
                'known here'
            )
        return scope


State = Literal['in-time', 'not-yet-valid', 'expired', 'unknown']
"""Whether now is within a token's times; unknown of what is no token.

That the index takes it is more than anybody can read offline.
"""


@dataclasses.dataclass(frozen=True)
class Description:
    """A credential, and what it is good for."""

    upload_url: str
    """Where it would be sent."""

    credential: Credential
    state: State
    project: names.ProjectName | None
    """The project that was asked about."""

    for_project: bool | None
    """Whether it may upload to that; None where only the index can tell."""

    findings: tuple[finding.Finding, ...]


@dataclasses.dataclass(frozen=True)
class Login:
    """What is sent with one upload. The only value that holds a secret."""

    username: str
    password: str = dataclasses.field(repr=False)
    """Password or token; of a token a copy that was narrowed."""
