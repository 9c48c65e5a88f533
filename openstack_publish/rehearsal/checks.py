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

"""Takes an upload: every check in PyPI's order, then the commit.

The order decides which message a client sees where several things are
wrong, and that an identical file is welcome even where a new one would not
be. Observed on 2026-11-21 against PyPI's own software.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hmac
import re
import sys
from collections.abc import Callable

from packaging import metadata

from openstack_publish.model import names
from openstack_publish.rehearsal import archive_checks
from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import metadata_checks
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import release_metadata
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import store as stores
from openstack_publish.rehearsal import tokens as token_book

_NAME = re.compile(r'[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]', re.IGNORECASE)
_HEX = re.compile(r'[0-9a-f]{64}', re.IGNORECASE)
_PASSWORDS_ARE_OVER = (
    'Username/Password authentication is no longer supported. '
    'Migrate to API Tokens or Trusted Publishers instead. See '
)
_STANDARD_LIBRARY = frozenset(
    names.project_name(module.strip('_'))
    for module in sys.stdlib_module_names
    if module.strip('_')
)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was there when the checks looked."""

    project: records.Project
    """The one that is there, or the one that would be created."""

    project_was_there: bool
    release: records.Release | None


@dataclasses.dataclass(frozen=True)
class Reception:
    """Takes uploads into a store.

    :ivar help_url: where messages point to
    :ivar before_commit: called between checks and commit, without the lock
    """

    store: stores.Store
    tokens: token_book.Tokens
    help_url: str
    before_commit: Callable[[], None]

    def receive(self, authorization: str | None, form: forms.Form) -> bool:
        """Check an upload and store it.

        :returns: False where the very file was there already
        :raises .replies.Refusal: it is refused
        :raises .store.Conflict: a parallel upload was quicker
        """
        self._check_flags()
        token = self._authenticate(authorization)
        packagetype = self._check_form(form)
        try:
            parsed = metadata_checks.parse(form)
        except metadata_checks.Invalid as err:
            raise replies.Refusal(400, str(err)) from err
        part = form.files.get('content')
        if part is None or part.digests is None:
            raise replies.Refusal(400, 'Upload payload does not have a file.')
        seen = self._look(form.first('name'), str(parsed.version), token)
        self._check_permission(token, seen)
        try:
            metadata_checks.check_description(parsed, self.help_url)
            archive_checks.check_filename(part.filename, packagetype)
        except (
            metadata_checks.Invalid,
            archive_checks.Refused,
        ) as err:
            raise replies.Refusal(400, str(err)) from err
        self._check_content(form, part, seen.project)
        if self._is_duplicate(part):
            return False
        self._check_release(part, packagetype, seen)
        core_metadata = self._check_archive(part, packagetype, seen, parsed)
        if 'attestations' in form.names:
            raise replies.Refusal(
                400,
                'Invalid attestations supplied during upload: Attestations '
                'are only supported when using Trusted Publishing',
            )
        self.before_commit()
        self._commit(
            form, part, packagetype, parsed, seen, token, core_metadata
        )
        return True

    def _check_flags(self) -> None:
        with self.store.locked() as state:
            flags = state.flags
            if flags.read_only:
                raise replies.Refusal(
                    403, 'Read-only mode: Uploads are temporarily disabled.'
                )
            if flags.uploads_disabled:
                raise replies.Refusal(
                    403,
                    'New uploads are temporarily disabled. '
                    + self._see('admin-intervention'),
                )

    def _authenticate(self, authorization: str | None) -> token_book.Presented:
        user, password = _credentials(authorization)
        if password and not (
            user == '__token__' or password.startswith('pypi-')
        ):
            raise replies.Refusal(
                403, _PASSWORDS_ARE_OVER + f'{self.help_url}#apitoken'
            )
        if user and user != '__token__':
            raise replies.Refusal(
                403, _PASSWORDS_ARE_OVER + f'{self.help_url}#apitoken'
            )
        token = self.tokens.present(password)
        if token is None:
            raise replies.Refusal(
                403,
                'Invalid or non-existent authentication information. '
                + self._see('invalid-auth'),
            )
        return token

    def _check_form(self, form: forms.Form) -> records.Packagetype:
        for values in form.values.values():
            values[:] = [
                value.replace('\x00', '\\x00')
                for value in values
                if value.strip() != 'UNKNOWN'
            ]
        if (form.first('protocol_version') or '1') != '1':
            raise replies.Refusal(400, 'Unknown protocol version.')
        for field in sorted(set(form.files) - {'content', 'gpg_signature'}):
            raise replies.Refusal(400, f'{field}: Should not be a tuple.')
        name = form.first('name')
        if not _NAME.fullmatch(name):
            shown = name if len(name) <= 60 else f'{name[:30]}...{name[-30:]}'
            raise replies.Refusal(
                400,
                f'{shown!r} is an invalid value for Name. Error: '
                + (
                    'Start and end with a letter or numeral containing only '
                    "ASCII numeric and '.', '_' and '-'."
                    if name
                    else 'This field is required.'
                )
                + ' See https://packaging.python.org/specifications/'
                'core-metadata for more information.',
            )
        for field, kind in (
            ('blake2_256_digest', 'BLAKE2'),
            ('sha256_digest', 'SHA256'),
        ):
            if form.first(field) and not _HEX.fullmatch(form.first(field)):
                raise replies.Refusal(
                    400,
                    f'Invalid value for {field}. Error: Use a valid, '
                    f'hex-encoded, {kind} message digest.',
                )
        packagetype: records.Packagetype
        if form.first('filetype') == 'sdist':
            packagetype = 'sdist'
            if form.first('pyversion') not in {'', 'source'}:
                raise replies.Refusal(
                    400,
                    "Error: Use 'source' as Python version for an sdist.",
                )
        elif form.first('filetype') == 'bdist_wheel':
            packagetype = 'bdist_wheel'
            if not form.first('pyversion'):
                raise replies.Refusal(
                    400,
                    'Error: Python version is required for binary '
                    'distribution uploads.',
                )
        else:
            raise replies.Refusal(
                400,
                'Invalid value for filetype. Error: Use a known file type.'
                if form.first('filetype')
                else 'Invalid value for filetype. Error: This field is '
                'required.',
            )
        if not any(
            form.first(f'{kind}_digest')
            for kind in ('md5', 'sha256', 'blake2_256')
        ):
            raise replies.Refusal(
                400, 'Error: Include at least one message digest.'
            )
        return packagetype

    def _look(
        self, name: str, version: str, token: token_book.Presented
    ) -> Seen:
        with self.store.locked() as state:
            project = state.find_project(name)
            if project is not None:
                return Seen(project, True, project.find_release(version))
            self._check_new_name(state, name, token)
        tentative = records.Project(
            name=name,
            normalized_name=names.project_name(name),
            id='',
            created=self.store.now(),
            roles={token.user.name: 'Owner'},
        )
        return Seen(tentative, False, None)

    def _check_new_name(
        self, state: records.State, name: str, token: token_book.Presented
    ) -> None:
        if not self.store.may_create_project(token.user.name):
            raise replies.Refusal(429, 'Too many new projects created')
        if state.flags.new_projects_disabled:
            raise replies.Refusal(
                403,
                'New project registration temporarily disabled. '
                + self._see('admin-intervention'),
            )
        normalized = names.project_name(name)
        if normalized in _STANDARD_LIBRARY:
            raise replies.Refusal(
                400,
                f"The name {name!r} isn't allowed (conflict with Python "
                'Standard Library module name). ' + self._see('project-name'),
            )
        if normalized in state.prohibited_names:
            raise replies.Refusal(
                400,
                f"The name {name!r} isn't allowed. "
                + self._see('project-name'),
            )
        folded = records.look_alike(normalized)
        if any(
            records.look_alike(other) == folded for other in state.projects
        ):
            raise replies.Refusal(
                400,
                f'The name {name!r} is too similar to an existing project. '
                + self._see('project-name'),
            )

    def _check_permission(
        self, token: token_book.Presented, seen: Seen
    ) -> None:
        user, project = token.user, seen.project
        denial = token.denial(
            project_name=project.name,
            normalized_name=project.normalized_name,
            project_id=project.id or None,
            now=self.store.now(),
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
                f'PyPI. {self._see("verified-email")}',
            )
        if not user.two_factor:
            raise replies.Refusal(
                403,
                f'{lacks}two-factor authentication enabled. Please enable '
                'two-factor authentication before attempting to upload to '
                f'PyPI. {self._see("two-factor-authentication")}',
            )
        if project.role_of(user.name) is None or project.status == 'archived':
            raise replies.Refusal(
                403,
                f"The user {user.name!r} isn't allowed to upload to project "
                f'{project.name!r}. {self._see("project-name")}',
            )

    def _check_content(
        self, form: forms.Form, part: forms.FilePart, project: records.Project
    ) -> None:
        if not part.content_type or part.content_type.startswith('image/'):
            raise replies.Refusal(400, 'Invalid distribution file.')
        limit = self.store.limits.file_size
        if part.size > limit:
            raise replies.Refusal(
                400,
                f'File too large. Limit for project {project.name!r} is '
                f'{limit // records.MIB} MB. {self._see("file-size-limit")}',
            )
        digests = part.digests
        for field, value in (
            ('md5_digest', digests.md5 if digests else ''),
            ('sha256_digest', digests.sha256 if digests else ''),
            ('blake2_256_digest', digests.blake2b_256 if digests else ''),
        ):
            stated = form.first(field).lower()
            if stated and not hmac.compare_digest(
                stated.encode(), value.encode()
            ):
                raise replies.Refusal(
                    400,
                    'The digest supplied does not match a digest calculated '
                    'from the uploaded file.',
                )

    def _is_duplicate(self, part: forms.FilePart) -> bool:
        with self.store.locked() as state:
            for _, _, file in state.files():
                same_name = file.filename == part.filename
                if same_name and file.digests == part.digests:
                    return True
                if same_name or file.digests == part.digests:
                    blake2 = part.digests.blake2b_256 if part.digests else ''
                    raise replies.Refusal(
                        400,
                        f'File already exists ({part.filename!r}, with '
                        f'blake2_256 hash {blake2!r}). '
                        + self._see('file-name-reuse'),
                    )
            if part.filename in state.used_filenames:
                raise replies.Refusal(
                    400,
                    'This filename was previously used by a file that has '
                    'since been deleted. Use a different version. '
                    + self._see('file-name-reuse'),
                )
        return False

    def _check_release(
        self,
        part: forms.FilePart,
        packagetype: records.Packagetype,
        seen: Seen,
    ) -> None:
        if seen.release is None:
            return
        age = self.store.now() - seen.release.created
        limit = self.store.limits.release_age_days
        if age.total_seconds() > limit * 86_400:
            raise replies.Refusal(
                400,
                'Uploading new files to releases older than '
                f'{limit:g} days is not allowed.',
            )
        with self.store.locked():
            if packagetype == 'sdist' and any(
                file.packagetype == 'sdist'
                for file in seen.release.files.values()
            ):
                raise replies.Refusal(
                    400, 'Only one sdist may be uploaded per release.'
                )

    def _check_archive(
        self,
        part: forms.FilePart,
        packagetype: records.Packagetype,
        seen: Seen,
        parsed: metadata.Metadata,
    ) -> bytes | None:
        name = seen.project.name
        try:
            archive_checks.check_archive(part.content, part.filename)
            if packagetype == 'sdist':
                archive_checks.check_sdist(
                    part.content, part.filename, name, parsed
                )
                return None
            return archive_checks.check_wheel(
                part.content, part.filename, name, parsed
            )
        except archive_checks.Refused as err:
            raise replies.Refusal(400, str(err)) from err

    def _commit(
        self,
        form: forms.Form,
        part: forms.FilePart,
        packagetype: records.Packagetype,
        parsed: metadata.Metadata,
        seen: Seen,
        token: token_book.Presented,
        core_metadata: bytes | None,
    ) -> None:
        if part.digests is None:
            raise replies.Refusal(400, 'Upload payload does not have a file.')
        place = self.store.spool()
        part.content.rename(place)
        file = records.StoredFile(
            filename=part.filename,
            content=place,
            size=part.size,
            digests=part.digests,
            packagetype=packagetype,
            python_version=form.first('pyversion') or 'source',
            uploaded=self.store.now(),
            comment=form.first('comment'),
            requires_python=form.first('requires_python') or None,
            core_metadata=core_metadata,
        )
        self.store.accept(
            user=token.user,
            name=parsed.name,
            version=str(parsed.version),
            file=file,
            metadata=release_metadata.of(parsed),
            project_was_there=seen.project_was_there,
            release_was_there=seen.release is not None,
        )

    def _see(self, anchor: str) -> str:
        return f'See {self.help_url}#{anchor} for more information.'


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
