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

"""The upload credential: found as twine finds it, read offline, narrowed.

A credential comes from the values that are handed in (command line and
``TWINE_*``), else from ``.pypirc``, else from the keyring, else a person is
asked. twine's own resolver is not used for that: it keeps the secret in a
process-wide ``lru_cache``, takes a keyring that fails for an empty one, asks
for user names on stdout, and without a password tries to get a token as a
Trusted Publisher, which Zuul cannot be.

An API token of PyPI is a macaroon: ``pypi-`` and a base64 document whose
caveats anybody can read, and to which its holder can add further ones
(warehouse ``macaroons/caveats``, 2026-08-21). Its identifier is that of the
token; the user's stands in a caveat, where it stands at all.
"""

from __future__ import annotations

import dataclasses
import datetime
import getpass
import os
from collections.abc import Callable
from typing import Any

import pypitoken
from twine import auth
from twine import exceptions as twine_exceptions
from twine import settings as twine_settings
from twine import utils

from openstack_publish import exceptions
from openstack_publish.model import credential
from openstack_publish.model import names
from openstack_publish.model import urls

PREFIX = 'pypi-'
TOKEN_USER = '__token__'  # noqa: S105  a name, no secret
"""What goes with a token in place of a user name."""

BEFORE = 300
"""Seconds before now from which a narrowed token is valid: clocks differ,
and PyPI refuses one whose time begins 3 s ahead (seen 2026-11-21)."""

AFTER = 900
"""Seconds after now until which a narrowed token is valid: one upload."""


@dataclasses.dataclass(frozen=True)
class UploadSettings:
    """twine's options as plain values; ``None`` is "not given"."""

    repository: str = 'pypi'
    """Name of a section of the configuration file."""

    repository_url: str | None = None
    """Outranks :attr:`repository`; the file is then not read."""

    config_file: str = utils.DEFAULT_CONFIG_FILE
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    cert: str | None = None
    client_cert: str | None = None
    non_interactive: bool = False
    ask: Callable[[str], str] = getpass.getpass
    """Asks a person, on the terminal and never on stdout."""


class TwineCredentials:
    """Finds the credential where twine would.

    :raises Misconfigured: the configuration is wrong, or its URL must not
        be uploaded to
    """

    def __init__(self, given: UploadSettings) -> None:
        self._given = given
        url = given.repository_url
        if url is not None:
            _check(url, '--repository-url')
        settings = _settings(given)
        self._config = settings.repository_config
        url = self._config['repository'] or ''
        _check(url, given.config_file)
        self._url = urls.without_user(url)
        self._cert = _there(settings.cacert, '--cert')
        self._client_cert = _there(settings.client_cert, '--client-cert')
        self._found: credential.Login | None = None
        self._looked = False

    @property
    def upload_url(self) -> str:
        """Return where uploads go, without user or password."""
        return self._url

    @property
    def cert(self) -> str | None:
        """Return the certificates to believe instead of the usual ones."""
        return self._cert

    @property
    def client_cert(self) -> str | None:
        """Return the file with a client's certificate and key."""
        return self._client_cert

    def describe(self) -> credential.Credential | None:
        """Describe the credential; None where there is none.

        :raises Unavailable: a key store did not answer
        """
        found = self._find()
        if found is None:
            return None
        token = _token(found.password)
        if token is None:
            return credential.Credential('other', found.username)
        return _described(found.username, token)

    def login(
        self, project: names.ProjectName, now: datetime.datetime
    ) -> credential.Login | None:
        """Return what to send: a token narrowed to a project and a time.

        What is no token is returned as it is.

        :raises Unavailable: a key store did not answer
        """
        found = self._find()
        if found is None:
            return None
        token = _token(found.password)
        if token is None:
            return found
        token.restrict(
            not_before=now - datetime.timedelta(seconds=BEFORE),
            not_after=now + datetime.timedelta(seconds=AFTER),
            project_names=[project],
        )
        return credential.Login(found.username, token.dump())

    def _find(self) -> credential.Login | None:
        """Look for user name and password, once."""
        if not self._looked:
            self._found = self._look()
            self._looked = True
        return self._found

    def _look(self) -> credential.Login | None:
        password = self._given.password or self._config.get('password')
        username = self._username(password)
        if not username:
            return None
        if not password:
            password = self._in_keyring_for(username)
        if not password:
            password = self._ask('API token' if self._is_pypi else 'password')
        if not password:
            return None
        if password.strip().startswith(PREFIX):
            # Often read from a file, with the end of its line.
            password = password.strip()
        return credential.Login(username, password)

    def _username(self, password: str | None) -> str | None:
        if self._given.username:
            return self._given.username
        if self._is_pypi:
            # As twine does: the file's user name is passed over here.
            return TOKEN_USER
        username = self._config.get('username')
        if username:
            return username
        if password is not None and password.strip().startswith(PREFIX):
            return TOKEN_USER
        return self._user_in_keyring() or self._ask('user name')

    @property
    def _is_pypi(self) -> bool:
        return self._url.startswith(
            (utils.DEFAULT_REPOSITORY, utils.TEST_REPOSITORY)
        )

    def _user_in_keyring(self) -> str | None:
        def read(keyring: Any) -> str | None:
            found = keyring.get_credential(self._url, None)
            return None if found is None else str(found.username)

        return _from_keyring(read)

    def _in_keyring_for(self, username: str) -> str | None:
        def read(keyring: Any) -> str | None:
            found = keyring.get_password(self._url, username)
            return None if found is None else str(found)

        return _from_keyring(read)

    def _ask(self, what: str) -> str | None:
        if self._given.non_interactive:
            return None
        try:
            return self._given.ask(f'Enter your {what} for {self._url}: ')
        except (EOFError, OSError):
            return None


def _from_keyring(read: Callable[[Any], str | None]) -> str | None:
    """Ask the keyring, where twine has one.

    :param read: is given the module, which twine imports only when asked
    :raises Unavailable: there is one, and it does not answer
    """
    keyring = getattr(auth, 'keyring', None)
    if keyring is None:
        return None
    try:
        return read(keyring)
    except keyring.errors.NoKeyringError:
        return None
    except Exception as error:  # noqa: BLE001
        # Back ends are plugins, and raise what they like. What they say may
        # hold what they keep, so only the kind of the error is told.
        raise exceptions.Unavailable(
            'the credential in the keyring',
            f'the keyring fails with {type(error).__name__}',
        ) from None


_KINDS: dict[type[Exception], str] = {
    KeyError: 'its section names no repository',
    UnicodeDecodeError: 'it is no text',
}


def _settings(given: UploadSettings) -> twine_settings.Settings:
    """Let twine read its configuration; the password stays here."""
    try:
        settings = twine_settings.Settings(
            username=given.username,
            non_interactive=True,
            config_file=given.config_file,
            cacert=given.cert,
            client_cert=given.client_cert,
            repository_name=given.repository,
            repository_url=given.repository_url,
            disable_progress_bar=True,
        )
        settings.check_repository_url()
    except twine_exceptions.TwineException as error:
        raise exceptions.Misconfigured(
            ' '.join(str(error).split()), where=given.config_file
        ) from None
    except Exception as error:  # noqa: BLE001
        # A section without "repository" is a KeyError, a file that is no
        # text a UnicodeError. Parsers quote lines, which hold passwords:
        # only the kind of the error is told.
        raise exceptions.Misconfigured(
            f'{given.config_file} cannot be used for {given.repository!r}: '
            f'{_KINDS.get(type(error), type(error).__name__)}',
            where=given.config_file,
        ) from None
    return settings


def _check(url: str, where: str) -> None:
    objection = urls.objection(url, with_user=True)
    if objection is not None:
        raise exceptions.Misconfigured(
            f'the upload URL {urls.without_user(url)} {objection}', where=where
        )


def _there(path: str | None, option: str) -> str | None:
    if path is not None and not os.path.exists(path):
        raise exceptions.Misconfigured(f'{path} is not there', where=option)
    return path


def _token(password: str) -> pypitoken.Token | None:
    """Return the macaroon that a password is, or None if it is none."""
    if not password.startswith(PREFIX):
        return None
    try:
        return pypitoken.Token.load(password)
    except pypitoken.PyPITokenException:
        return None


def _described(username: str, token: pypitoken.Token) -> credential.Credential:
    """Read the caveats; each of them must hold, so each only narrows."""
    projects: frozenset[names.ProjectName] | None = None
    not_before: datetime.datetime | None = None
    not_after: datetime.datetime | None = None
    user_id: str | None = None
    unread = 0
    # Token.restrictions gives up at the first one that it cannot read.
    for caveat in token._macaroon.caveats:
        try:
            read = pypitoken.Restriction.load_json(caveat.caveat_id)
            match read:
                case (
                    pypitoken.DateRestriction()
                    | pypitoken.LegacyDateRestriction()
                ):
                    begins = _moment(read.not_before)
                    ends = _moment(read.not_after)
                    not_before = max(begins, not_before or begins)
                    not_after = min(ends, not_after or ends)
                case (
                    pypitoken.ProjectNamesRestriction()
                    | pypitoken.LegacyProjectNamesRestriction()
                ):
                    named = frozenset(
                        names.project_name(name) for name in read.project_names
                    )
                    projects = named if projects is None else projects & named
                case pypitoken.UserIDRestriction():
                    user_id = user_id or read.user_id
                case pypitoken.LegacyNoopRestriction():
                    pass
                case _:
                    # The id of a project says nothing of its name.
                    unread += 1
        except (pypitoken.PyPITokenException, ValueError, OverflowError):
            unread += 1
    return credential.Credential(
        'api-token',
        username,
        projects,
        not_before,
        not_after,
        user_id,
        unread,
    )


def _moment(timestamp: int) -> datetime.datetime:
    """Return a caveat's time.

    :raises ValueError: no year has it
    :raises OverflowError: likewise
    """
    return datetime.datetime.fromtimestamp(timestamp, datetime.UTC)
