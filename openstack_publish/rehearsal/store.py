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

"""The state of the stand-in index, with everything that people do to it.

What owners and administrators do on the web site, and what a test plants.
"""

from __future__ import annotations

import dataclasses
import datetime
import pathlib
import shutil
import uuid
from collections.abc import Iterable

from openstack_publish.model import names
from openstack_publish.rehearsal import ledger
from openstack_publish.rehearsal import records


class Store(ledger.Ledger):
    """Users, projects, releases, files and every way to change them."""

    def add_user(
        self,
        name: str,
        *,
        two_factor: bool = True,
        verified_email: bool = True,
        frozen: bool = False,
    ) -> records.User:
        """Register a user; an existing one gets the given state."""
        with self._lock:
            user = self._state.find_user(name)
            if user is None:
                user = records.User(name=name, id=str(uuid.uuid4()))
                self._state.users[name.lower()] = user
            user.two_factor = two_factor
            user.verified_email = verified_email
            user.frozen = frozen
            return user

    def add_project(
        self,
        name: str,
        owner: str | None = None,
        maintainers: Iterable[str] = (),
        *,
        organization: str | None = None,
        status: records.Status = 'active',
    ) -> records.Project:
        """Create a project without releases.

        :raises ValueError: there is one of that name
        """
        with self._lock:
            if self._state.find_project(name) is not None:
                raise ValueError(f'project {name} exists already')
            project = self._create(name)
            project.organization = organization
            project.status = status
            if owner is not None:
                self.add_role(name, owner, 'Owner')
            for maintainer in maintainers:
                self.add_role(name, maintainer, 'Maintainer')
            return project

    def add_role(self, project: str, user: str, role: records.Role) -> None:
        """Give a user a role, or another one; unknown users register."""
        with self._lock:
            found = self.project(project)
            holder = (self._state.find_user(user) or self.add_user(user)).name
            self._give_role(found, holder, role)

    def remove_role(self, project: str, user: str) -> None:
        """Take a user's role away.

        :raises KeyError: the user has none
        """
        with self._lock:
            found = self.project(project)
            holder = self.user(user).name
            role = found.roles.pop(holder)
            self._journal(found, None, f'remove {role} {holder}')

    def invite(self, project: str, user: str, role: records.Role) -> None:
        """Invite a user to a role, which only the journal shows."""
        with self._lock:
            self._journal(self.project(project), None, f'invite {role} {user}')

    def accept_invitation(
        self, project: str, user: str, role: records.Role
    ) -> None:
        """Accept an invitation: the user holds the role from now on."""
        with self._lock:
            found = self.project(project)
            holder = (self._state.find_user(user) or self.add_user(user)).name
            found.roles[holder] = role
            self._journal(found, None, f'accepted {role} {holder}')

    def revoke_invitation(
        self, project: str, user: str, role: records.Role
    ) -> None:
        """Take an invitation back before it was accepted."""
        with self._lock:
            self._journal(
                self.project(project), None, f'revoke_invite {role} {user}'
            )

    def set_status(self, project: str, status: records.Status) -> None:
        """Archive, quarantine or reopen a project.

        Only quarantine leaves a journal row.
        """
        with self._lock:
            found = self.project(project)
            before, found.status = found.status, status
            if status == 'quarantined' != before:
                self._journal(found, None, 'project quarantined')
            elif before == 'quarantined' != status:
                self._journal(found, None, 'project quarantine cleared')

    def set_organization(self, project: str, slug: str | None) -> None:
        """Hand a project to an organization, which leaves no journal row."""
        with self._lock:
            self.project(project).organization = slug

    def add_release(self, project: str, version: str) -> records.Release:
        """Create a release without files, as a removal of all leaves it."""
        with self._lock:
            return self._release(self.project(project), version, {})

    def add_file(
        self,
        project: str,
        version: str,
        filename: str,
        content: bytes | pathlib.Path,
        *,
        packagetype: records.Packagetype | None = None,
        python_version: str | None = None,
        requires_python: str | None = None,
    ) -> records.StoredFile:
        """Put a file there without any check: by another hand, or planted.

        Project and release are created where they are not there.
        """
        if packagetype is None:
            packagetype = (
                'bdist_wheel' if filename.endswith('.whl') else 'sdist'
            )
        if python_version is None:
            python_version = (
                filename.removesuffix('.whl').split('-')[-3]
                if packagetype == 'bdist_wheel'
                else 'source'
            )
        place = self.spool()
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            shutil.copyfile(content, place)
        file = records.StoredFile(
            filename=filename,
            content=place,
            size=place.stat().st_size,
            packagetype=packagetype,
            python_version=python_version,
            uploaded=self.now(),
            requires_python=requires_python,
            digests=_digests_of(place),
        )
        with self._lock:
            found = self._state.find_project(project) or self._create(project)
            release = found.find_release(version) or self._release(
                found, version, {}
            )
            self._put(found, release, file)
        return file

    def age_release(self, project: str, version: str, days: float) -> None:
        """Make a release, and the files in it, that many days old."""
        then = self.now() - datetime.timedelta(days=days)
        with self._lock:
            release = self.release(project, version)
            release.created = then
            for name, file in release.files.items():
                release.files[name] = dataclasses.replace(file, uploaded=then)

    def yank_release(
        self, project: str, version: str, reason: str | None = None
    ) -> None:
        """Yank a release."""
        with self._lock:
            release = self.release(project, version)
            release.yanked = True
            release.yanked_reason = reason
            self._journal(
                self.project(project), release.version, 'yank release'
            )

    def delete_file(self, project: str, version: str, filename: str) -> None:
        """Remove a file; its name stays used for ever."""
        with self._lock:
            release = self.release(project, version)
            del release.files[filename]
            self._journal(
                self.project(project),
                release.version,
                f'remove file {filename}',
            )

    def delete_release(self, project: str, version: str) -> None:
        """Remove a release with its files."""
        with self._lock:
            found = self.project(project)
            release = self.release(project, version)
            del found.releases[records.canonical_version(version)]
            self._journal(found, release.version, 'remove release')

    def empty_project(self, project: str) -> None:
        """Remove every release; roles stay."""
        with self._lock:
            for release in list(self.project(project).releases.values()):
                self.delete_release(project, release.version)

    def delete_project(self, project: str) -> None:
        """Remove a project; its name is free, its filenames are not."""
        with self._lock:
            found = self.project(project)
            self._journal(found, None, 'remove project')
            del self._state.projects[found.normalized_name]

    def prohibit_name(self, name: str) -> None:
        """Put a name on the administrators' list."""
        with self._lock:
            self._state.prohibited_names.add(names.project_name(name))

    def set_flags(self, **flags: bool) -> None:
        """Turn administrators' switches on or off (:class:`.Flags`)."""
        with self._lock:
            for name, value in flags.items():
                if not hasattr(self._state.flags, name):
                    raise ValueError(f'there is no flag {name}')
                setattr(self._state.flags, name, value)


def _digests_of(path: pathlib.Path) -> records.Digests:
    digester = records.Digester()
    with path.open('rb') as stream:
        while chunk := stream.read(records.MIB):
            digester.update(chunk)
    return digester.digests()
