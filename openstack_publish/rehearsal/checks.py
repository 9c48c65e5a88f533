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

import dataclasses
from collections.abc import Callable

from packaging import metadata

from openstack_publish.model import names
from openstack_publish.rehearsal import archive_checks
from openstack_publish.rehearsal import form_checks
from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import ledger
from openstack_publish.rehearsal import metadata_checks
from openstack_publish.rehearsal import permission_checks
from openstack_publish.rehearsal import records
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal import store as stores
from openstack_publish.rehearsal import tokens as token_book


@dataclasses.dataclass(frozen=True)
class _Upload:
    """An upload whose form is in order."""

    part: forms.FilePart
    packagetype: records.Packagetype
    metadata: metadata.Metadata
    token: token_book.Presented


@dataclasses.dataclass(frozen=True)
class _Seen:
    """What was there when the checks looked."""

    project: records.Project
    """The one that is there, or the one that would be created."""

    project_was_there: bool
    release: records.Release | None


class Reception:
    """Takes uploads into a store.

    :param help_url: where messages point to
    :param before_commit: called between checks and commit, without the lock
    """

    def __init__(
        self,
        store: stores.Store,
        tokens: token_book.Tokens,
        help_url: str,
        before_commit: Callable[[], None],
    ) -> None:
        self._store = store
        self._help_url = help_url
        self._before_commit = before_commit
        self._gatekeeper = permission_checks.Gatekeeper(
            store, tokens, help_url
        )

    def receive(self, authorization: str | None, form: forms.Form) -> bool:
        """Check an upload and store it.

        :returns: False where the very file was there already
        :raises .replies.Refusal: it is refused
        :raises .ledger.Conflict: a parallel upload was quicker
        """
        with self._store.locked() as state:
            self._gatekeeper.check_flags(state)
        token = self._gatekeeper.authenticate(authorization)
        form_checks.clean(form)
        packagetype = form_checks.check(form)
        parsed = metadata_checks.parse(form)
        upload = _Upload(
            part=form_checks.content(form),
            packagetype=packagetype,
            metadata=parsed,
            token=token,
        )
        seen = self._look(upload)
        self._gatekeeper.check_permission(token, seen.project)
        metadata_checks.check_description(parsed, self._help_url)
        archive_checks.check_filename(upload.part.filename, packagetype)
        self._check_size(upload.part, seen.project)
        form_checks.check_digests(form, upload.part)
        if self._is_duplicate(upload.part):
            return False
        self._check_release(upload, seen)
        core_metadata = self._check_archive(upload, seen)
        if 'attestations' in form.names:
            raise replies.Refusal(
                400,
                'Invalid attestations supplied during upload: Attestations '
                'are only supported when using Trusted Publishing',
            )
        self._before_commit()
        self._commit(form, upload, seen, core_metadata)
        return True

    def _look(self, upload: _Upload) -> _Seen:
        name = upload.metadata.name
        with self._store.locked() as state:
            project = state.find_project(name)
            if project is not None:
                release = project.find_release(str(upload.metadata.version))
                return _Seen(project, True, release)
            self._gatekeeper.check_new_name(state, name, upload.token)
        tentative = records.Project(
            name=name,
            normalized_name=names.project_name(name),
            id='',
            created=self._store.now(),
            roles={upload.token.user.name: 'Owner'},
        )
        return _Seen(tentative, False, None)

    def _check_size(
        self, part: forms.FilePart, project: records.Project
    ) -> None:
        if not part.content_type or part.content_type.startswith('image/'):
            raise replies.Refusal(400, 'Invalid distribution file.')
        limit = self._store.limits.file_size
        if part.size > limit:
            raise replies.Refusal(
                400,
                f'File too large. Limit for project {project.name!r} is '
                f'{limit // records.MIB} MB. '
                + self._gatekeeper.see('file-size-limit'),
            )

    def _is_duplicate(self, part: forms.FilePart) -> bool:
        with self._store.locked() as state:
            for _, _, file in state.files():
                same_name = file.filename == part.filename
                same_bytes = file.digests == part.digests
                if same_name and same_bytes:
                    return True
                if same_name or same_bytes:
                    raise replies.Refusal(
                        400,
                        f'File already exists ({part.filename!r}, with '
                        f'blake2_256 hash {part.digests.blake2b_256!r}). '
                        + self._gatekeeper.see('file-name-reuse'),
                    )
            if part.filename in state.used_filenames:
                raise replies.Refusal(
                    400,
                    'This filename was previously used by a file that has '
                    'since been deleted. Use a different version. '
                    + self._gatekeeper.see('file-name-reuse'),
                )
        return False

    def _check_release(self, upload: _Upload, seen: _Seen) -> None:
        if seen.release is None:
            return
        age = self._store.now() - seen.release.created
        limit = self._store.limits.release_age_days
        if age.total_seconds() > limit * 86_400:
            raise replies.Refusal(
                400,
                'Uploading new files to releases older than '
                f'{limit:g} days is not allowed.',
            )
        with self._store.locked():
            has_sdist = any(
                file.packagetype == 'sdist'
                for file in seen.release.files.values()
            )
        if upload.packagetype == 'sdist' and has_sdist:
            raise replies.Refusal(
                400, 'Only one sdist may be uploaded per release.'
            )

    def _check_archive(self, upload: _Upload, seen: _Seen) -> bytes | None:
        content, filename = upload.part.content, upload.part.filename
        archive_checks.check_archive(content, filename)
        if upload.packagetype == 'sdist':
            archive_checks.check_sdist(
                content, filename, seen.project.name, upload.metadata
            )
            return None
        return archive_checks.check_wheel(
            content, filename, seen.project.name, upload.metadata
        )

    def _commit(
        self,
        form: forms.Form,
        upload: _Upload,
        seen: _Seen,
        core_metadata: bytes | None,
    ) -> None:
        place = self._store.spool()
        upload.part.content.rename(place)
        file = records.StoredFile(
            filename=upload.part.filename,
            content=place,
            size=upload.part.size,
            digests=upload.part.digests,
            packagetype=upload.packagetype,
            python_version=form.first('pyversion') or 'source',
            uploaded=self._store.now(),
            comment=form.first('comment'),
            requires_python=form.first('requires_python') or None,
            core_metadata=core_metadata,
        )
        try:
            self._store.accept(
                user=upload.token.user,
                name=upload.metadata.name,
                version=str(upload.metadata.version),
                file=file,
                metadata=metadata_checks.for_json(upload.metadata),
                project_was_there=seen.project_was_there,
                release_was_there=seen.release is not None,
            )
        except ledger.Conflict:
            place.unlink()
            raise
