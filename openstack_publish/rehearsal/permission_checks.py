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

"""Who may upload: switches, authentication, new names, roles.

In PyPI's order and with its texts, as observed on 2026-11-21.
"""

from __future__ import annotations

import base64
import binascii
import sys

from openstack_publish.model import names
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import store as stores
from openstack_publish.rehearsal import tokens as token_book

TOKEN_USER = '__token__'  # noqa: S105 (a user's name)
"""What a client with a token calls itself."""

_STANDARD_LIBRARY = frozenset(
    names.project_name(module.strip('_')) for module in sys.stdlib_module_names
)


class Gatekeeper:
    """Decides who may upload what.

    :param help_url: where messages point to
    """

    def __init__(
        self,
        store: stores.Store,
        tokens: token_book.Tokens,
        help_url: str,
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._help_url = help_url

    def see(self, anchor: str) -> str:
        """Return the sentence that points to the help page."""
        return f'See {self._help_url}#{anchor} for more information.'

    def check_flags(self, state: records.State) -> None:
        """Check that uploads are open at all.

        :raises .replies.Refusal: an administrator closed them
        """
        if state.flags.read_only:
            raise replies.Refusal(
                403, 'Read-only mode: Uploads are temporarily disabled.'
            )
        if state.flags.uploads_disabled:
            raise replies.Refusal(
                403,
                'New uploads are temporarily disabled. '
                + self.see('admin-intervention'),
            )

    def authenticate(self, authorization: str | None) -> token_book.Presented:
        """Return the token that came with a request.

        Its signature and caveats are looked at when the project is known.

        :raises .replies.Refusal: there is none that the index knows
        """
        user, password = _credentials(authorization)
        if user and user != TOKEN_USER:
            raise replies.Refusal(
                403,
                'Username/Password authentication is no longer supported. '
                'Migrate to API Tokens or Trusted Publishers instead. '
                f'See {self._help_url}#apitoken',
            )
        token = self._tokens.present(password)
        if token is None:
            raise replies.Refusal(
                403,
                'Invalid or non-existent authentication information. '
                + self.see('invalid-auth'),
            )
        return token

    def check_new_name(
        self, state: records.State, name: str, token: token_book.Presented
    ) -> None:
        """Check that a project of this name may be created.

        :raises .replies.Refusal: it may not
        """
        if not self._store.may_create_project(token.user.name):
            raise replies.Refusal(429, 'Too many new projects created')
        if state.flags.new_projects_disabled:
            raise replies.Refusal(
                403,
                'New project registration temporarily disabled. '
                + self.see('admin-intervention'),
            )
        normalized = names.project_name(name)
        if normalized in _STANDARD_LIBRARY:
            raise replies.Refusal(
                400,
                f"The name {name!r} isn't allowed (conflict with Python "
                'Standard Library module name). ' + self.see('project-name'),
            )
        if normalized in state.prohibited_names:
            raise replies.Refusal(
                400,
                f"The name {name!r} isn't allowed. "
                + self.see('project-name'),
            )
        folded = records.look_alike(normalized)
        if any(
            records.look_alike(other) == folded for other in state.projects
        ):
            raise replies.Refusal(
                400,
                f'The name {name!r} is too similar to an existing project. '
                + self.see('project-name'),
            )

    def check_permission(
        self, token: token_book.Presented, project: records.Project
    ) -> None:
        """Check that a token may upload to a project.

        An archived project gives the very answer of one without a role.

        :raises .replies.Refusal: it may not
        """
        user = token.user
        denial = token.denial(
            project_name=project.name,
            normalized_name=project.normalized_name,
            project_id=project.id or None,
            now=self._store.now(),
        )
        if denial is not None:
            raise replies.Refusal(403, f'Invalid API Token: {denial}')
        lacks = (
            f'User {user.name!r}, associated with the API token used, '
            'does not have '
        )
        if not user.verified_email:
            raise replies.Refusal(
                403,
                f'{lacks}a verified primary email address. Please add a '
                'verified primary email before attempting to upload to '
                f'PyPI. {self.see("verified-email")}',
            )
        if not user.two_factor:
            raise replies.Refusal(
                403,
                f'{lacks}two-factor authentication enabled. Please enable '
                'two-factor authentication before attempting to upload to '
                f'PyPI. {self.see("two-factor-authentication")}',
            )
        if project.role_of(user.name) is None or project.status == 'archived':
            raise replies.Refusal(
                403,
                f"The user {user.name!r} isn't allowed to upload to project "
                f'{project.name!r}. {self.see("project-name")}',
            )


def _credentials(authorization: str | None) -> tuple[str, str]:
    """Return user and password of Basic authentication, empty if none."""
    scheme, _, encoded = (authorization or '').partition(' ')
    if scheme.lower() != 'basic':
        return '', ''
    try:
        decoded = base64.b64decode(encoded, validate=True).decode('utf-8')
    except (binascii.Error, UnicodeDecodeError):
        return '', ''
    user, _, password = decoded.partition(':')
    return user, password
