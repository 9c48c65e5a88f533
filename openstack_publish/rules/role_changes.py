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

"""What is different between two readings of a project's maintainers."""

from __future__ import annotations

import dataclasses
from typing import Literal

from openstack_publish.model import knowledge
from openstack_publish.model import maintainers


@dataclasses.dataclass(frozen=True)
class Change:
    """One user whose roles are not what they were, or the organization."""

    kind: Literal['added', 'changed', 'removed', 'organization']
    subject: str
    """The user, or ``organization``."""

    text: str
    gone: tuple[maintainers.Role, ...] = ()
    """Roles that are there no more."""


def between(
    was: maintainers.Maintainers, now: maintainers.Maintainers
) -> tuple[Change, ...]:
    """Return every change, users first.

    >>> owner = maintainers.Role('openstackci', 'Owner')
    >>> other = maintainers.Role('mallory', 'Maintainer')
    >>> none = knowledge.Known(None)
    >>> changes = between(
    ...     maintainers.maintainers([owner], none),
    ...     maintainers.maintainers([owner, other], none),
    ... )
    >>> [change.text for change in changes]
    ['added Maintainer mallory']
    """
    return (*_changes(was, now), *_organization_changes(was, now))


def folded(slug: str | None) -> str | None:
    """Return what two organizations are compared by."""
    return None if slug is None else slug.casefold()


def _changes(
    was: maintainers.Maintainers, now: maintainers.Maintainers
) -> tuple[Change, ...]:
    old, new = _by_user(was), _by_user(now)
    found = []
    for user in sorted(set(old) | set(new)):
        gone, came = _less(old, new, user), _less(new, old, user)
        if came and gone:
            text = (
                f'changed {came[0].user} from {_named(gone)} to {_named(came)}'
            )
            found.append(Change('changed', came[0].user, text, gone))
        elif came:
            text = ', '.join(str(role) for role in came)
            found.append(Change('added', came[0].user, f'added {text}'))
        elif gone:
            text = ', '.join(str(role) for role in gone)
            found.append(
                Change('removed', gone[0].user, f'removed {text}', gone)
            )
    return tuple(found)


def _organization_changes(
    was: maintainers.Maintainers, now: maintainers.Maintainers
) -> tuple[Change, ...]:
    old, new = was.organization, now.organization
    if isinstance(old, knowledge.Unknown) or isinstance(
        new, knowledge.Unknown
    ):
        return ()
    if folded(old.value) == folded(new.value):
        return ()
    return (
        Change(
            'organization',
            'organization',
            f'changed organization from {old.value or "none"} to '
            f'{new.value or "none"}',
        ),
    )


def _by_user(
    who: maintainers.Maintainers,
) -> dict[str, dict[str, maintainers.Role]]:
    found: dict[str, dict[str, maintainers.Role]] = {}
    for role in who.roles:
        user, name = role.key
        found.setdefault(user, {})[name] = role
    return found


def _less(
    one: dict[str, dict[str, maintainers.Role]],
    other: dict[str, dict[str, maintainers.Role]],
    user: str,
) -> tuple[maintainers.Role, ...]:
    """Return the roles that a user has in one and not in the other."""
    return tuple(
        role
        for name, role in sorted(one.get(user, {}).items())
        if name not in other.get(user, {})
    )


def _named(roles: tuple[maintainers.Role, ...]) -> str:
    return ' and '.join(role.role for role in roles)
