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

"""API tokens of the stand-in index: real macaroons.

Anybody who holds one can narrow it offline by adding caveats; the index
checks the signature with its key and then every caveat. Texts as PyPI gave
them on 2026-11-21.
"""

from __future__ import annotations

import dataclasses
import datetime
import secrets
import threading
import uuid
from collections.abc import Iterable

import pymacaroons
import pypitoken
from pymacaroons import exceptions as macaroon_exceptions

from openstack_publish.rehearsal import records

DOMAIN = 'stand-in.invalid'
"""What tokens say they are for; no name that could ever be looked up."""


@dataclasses.dataclass(frozen=True)
class KnownToken:
    """What the index keeps of a token."""

    identifier: str
    user: records.User
    key: bytes = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class Presented:
    """A token as it came with a request, its signature not yet checked."""

    known: KnownToken
    macaroon: pymacaroons.Macaroon = dataclasses.field(repr=False)

    @property
    def user(self) -> records.User:
        """Whose token it says it is."""
        return self.known.user

    def denial(
        self,
        *,
        project_name: str,
        normalized_name: str,
        project_id: str | None,
        now: datetime.datetime,
    ) -> str | None:
        """Say why the token doesn't allow an upload, None where it does.

        :param project_name: display name, which the text shows
        :param project_id: None of a project that is being created
        """
        failures: list[str] = []

        def satisfied(caveat: str) -> bool:
            failure = _caveat_failure(
                caveat,
                project_name=project_name,
                context=(normalized_name, project_id, self.user.id, now),
            )
            if failure is not None:
                failures.append(failure)
            return failure is None

        verifier = pymacaroons.Verifier()
        verifier.satisfy_general(satisfied)
        try:
            verifier.verify(self.macaroon, self.known.key)
        except macaroon_exceptions.MacaroonInvalidSignatureException:
            return ', '.join(failures) or 'signatures do not match'
        except Exception:  # noqa: BLE001 (the library raises anything)
            return ', '.join(failures) or 'unknown error'
        return None


class Tokens:
    """Mints tokens and knows them again."""

    def __init__(self, domain: str = DOMAIN) -> None:
        self._domain = domain
        self._known: dict[str, KnownToken] = {}
        self._lock = threading.Lock()

    def mint(
        self,
        user: records.User,
        *,
        projects: Iterable[str] | None = None,
        project_ids: Iterable[str] | None = None,
        not_before: datetime.datetime | None = None,
        not_after: datetime.datetime | None = None,
    ) -> str:
        """Return a new token of a user.

        :param projects: normalised names; None for the whole account
        :param not_before: goes with *not_after*
        """
        known = KnownToken(
            identifier=str(uuid.uuid4()),
            user=user,
            key=secrets.token_bytes(32),
        )
        token = pypitoken.Token.create(
            domain=self._domain, identifier=known.identifier, key=known.key
        )
        # PyPI's own: a token is its user's, and says so.
        token.restrict(user_id=user.id)
        if projects is not None:
            token.restrict(project_names=list(projects))
        if project_ids is not None:
            token.restrict(project_ids=list(project_ids))
        if not_before is not None or not_after is not None:
            token.restrict(not_before=not_before, not_after=not_after)
        with self._lock:
            self._known[known.identifier] = known
        return str(token.dump())

    def forge(self, raw: str) -> str:
        """Return a token with the same identifier and another signature."""
        genuine = pypitoken.Token.load(raw)
        return str(
            pypitoken.Token.create(
                domain=genuine.domain,
                identifier=genuine.identifier,
                key=secrets.token_bytes(32),
            ).dump()
        )

    def revoke(self, raw: str) -> None:
        """Delete a token, as its user does on the web site."""
        with self._lock:
            del self._known[pypitoken.Token.load(raw).identifier]

    def present(self, raw: str) -> Presented | None:
        """Return the token that a client sent; None where it is nobody's.

        Malformed, revoked, or of a frozen user: one answer for all.
        """
        prefix, _, serialized = raw.partition('-')
        if prefix != 'pypi':
            return None
        try:
            macaroon = pymacaroons.Macaroon.deserialize(serialized)
            identifier = macaroon.identifier_bytes.decode('utf-8')
        except Exception:  # noqa: BLE001 (the library raises anything)
            return None
        with self._lock:
            known = self._known.get(identifier)
        if known is None or known.user.frozen:
            return None
        return Presented(known=known, macaroon=macaroon)


def _caveat_failure(
    caveat: str,
    *,
    project_name: str,
    context: tuple[str, str | None, str, datetime.datetime],
) -> str | None:
    normalized_name, project_id, user_id, now = context
    try:
        restriction = pypitoken.Restriction.load_json(caveat)
    except pypitoken.LoaderError:
        return 'caveat not deserializable'
    unfit = f'project-scoped token is not valid for project: {project_name!r}'
    match restriction:
        case pypitoken.DateRestriction() | pypitoken.LegacyDateRestriction():
            inside = (
                restriction.not_before
                <= int(now.timestamp())
                < restriction.not_after
            )
            return None if inside else 'token is expired'
        case pypitoken.ProjectNamesRestriction():
            fits = normalized_name in restriction.project_names
            return None if fits else unfit
        case pypitoken.LegacyProjectNamesRestriction():
            fits = normalized_name in restriction.project_names
            return None if fits else unfit
        case pypitoken.ProjectIDsRestriction():
            fits = project_id in restriction.project_ids
            return None if fits else unfit
        case pypitoken.UserIDRestriction():
            return (
                None
                if restriction.user_id == user_id
                else 'current user does not match user restriction in token'
            )
        case pypitoken.LegacyNoopRestriction():
            return None
        case _:
            return 'caveat has no verifier'
