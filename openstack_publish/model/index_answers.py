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

"""What the answers of an index say together.

Each route of an index can be stale or away on its own. Where two of them
contradict each other, neither is believed.
"""

from __future__ import annotations

import dataclasses

from packaging import version as packaging_version

from openstack_publish.model import documents
from openstack_publish.model import filenames
from openstack_publish.model import index_form
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import simple_json

Json = knowledge.Knowledge[index_form.JsonDocument | None]
"""A document of the JSON API; None for the index's own "not found"."""

Simple = knowledge.Knowledge[simple_json.SimpleDocument | None]
Roles = knowledge.Knowledge[tuple[maintainers.Role, ...]]
Files = knowledge.Knowledge[tuple[listing.ListedFile, ...]]
Who = knowledge.Knowledge[maintainers.Maintainers]

_MISSING: knowledge.Known[None] = knowledge.Known(None)


@dataclasses.dataclass(frozen=True)
class OverviewAnswers:
    """What two routes said of a project."""

    project: names.ProjectName
    whole: Json
    """``/pypi/NAME/json``"""

    simple: Simple

    @property
    def _json(self) -> tuple[Json, ...]:
        """What the JSON API said, the nearest to the question first."""
        return (self.whole,)

    @property
    def _documents(self) -> tuple[index_form.JsonDocument, ...]:
        """The JSON documents that were read."""
        return tuple(
            answer.value
            for answer in self._json
            if isinstance(answer, knowledge.Known) and answer.value is not None
        )

    @property
    def _exists(self) -> bool:
        """Say whether some route shows that the project is there."""
        return bool(self._documents) or (
            isinstance(self.simple, knowledge.Known)
            and self.simple.value is not None
        )

    @property
    def _missing(self) -> bool:
        """Say whether every route answers that there is no such project."""
        return all(answer == _MISSING for answer in (*self._json, self.simple))

    @property
    def _has_visible_release(self) -> bool:
        return not (self._exists and self.whole == _MISSING)

    @property
    def need_roles(self) -> bool:
        """Say whether XML-RPC has to be asked for the roles."""
        if self._documents:
            return all(
                document.maintainers is None for document in self._documents
            )
        return self._missing or not self._has_visible_release

    def overview(self, roles: Roles | None) -> listing.Overview:
        """Put everything together.

        :param roles: XML-RPC's answer, where it had to be asked
        """
        new = self._new(roles)
        is_new = new == knowledge.Known(True)
        return listing.Overview(
            self.project,
            new,
            self._status(is_new),
            knowledge.Known(()) if is_new else self._files,
            self._maintainers(new, roles),
            self._serial,
            self._has_visible_release,
        )

    def _new(self, roles: Roles | None) -> knowledge.Knowledge[bool]:
        what = f'whether {self.project} is new'
        if self._exists:
            return knowledge.Known(False)
        for answer in (*self._json, self.simple):
            if isinstance(answer, knowledge.Unknown):
                return knowledge.Unknown(what, f'{answer.what}: {answer.why}')
        if isinstance(roles, knowledge.Known) and roles.value:
            named = ', '.join(str(role) for role in roles.value)
            return knowledge.Unknown(
                what,
                'JSON and simple page say that there is no such project, '
                f'but XML-RPC names {named}',
            )
        # XML-RPC is on its way out at PyPI; that it is silent proves
        # nothing against two routes that answered.
        return knowledge.Known(True)

    def _status(self, is_new: bool) -> knowledge.Knowledge[str]:
        if is_new:
            # PEP 792: what has no marker is active.
            return knowledge.Known('active')
        return status_of(self.project, self.simple)

    @property
    def _files(self) -> Files:
        """The union of all routes: a planted file may show in one only."""
        if isinstance(self.simple, knowledge.Unknown):
            return self.simple
        if self.simple.value is None:
            return _no_page(self.project, 'files')
        files = self.simple.value.files
        try:
            for document in self._documents:
                files = index_form.merged(files, document.files)
        except documents.Malformed as error:
            return knowledge.Unknown(f'files of {self.project}', str(error))
        return knowledge.Known(files)

    def _maintainers(
        self, new: knowledge.Knowledge[bool], roles: Roles | None
    ) -> Who:
        what = f'maintainers of {self.project}'
        if isinstance(new, knowledge.Unknown):
            return knowledge.Unknown(what, new.why)
        if new.value:
            return knowledge.Known(
                maintainers.maintainers((), knowledge.Known(None))
            )
        if roles is not None:
            return by_xmlrpc(self.project, roles)
        known: list[maintainers.Maintainers] = []
        for document in self._documents:
            match document.maintainers:
                case documents.Malformed() as error:
                    return knowledge.Unknown(what, str(error))
                case maintainers.Maintainers() as who:
                    known.append(who)
                case None:
                    pass
        if not known:
            why = [
                f'{answer.what}: {answer.why}'
                for answer in self._json
                if isinstance(answer, knowledge.Unknown)
            ]
            return knowledge.Unknown(
                what, '; '.join(why) or 'no route names them'
            )
        if known[0] != known[-1]:
            return knowledge.Unknown(
                what,
                'the JSON of the release and that of the project name '
                f'different ones: {_shown(known[0])}, and {_shown(known[-1])}',
            )
        return knowledge.Known(known[0])

    @property
    def _serial(self) -> int | None:
        """The oldest of all: what is put together is not newer than that.

        A cache may give one document anew and another one as it was.
        """
        said = [document.serial for document in self._documents]
        if isinstance(self.simple, knowledge.Known) and self.simple.value:
            said.append(self.simple.value.serial)
        return min((one for one in said if one is not None), default=None)


@dataclasses.dataclass(frozen=True)
class Answers(OverviewAnswers):
    """What three routes said of a project and of one release of it."""

    version: str
    release: Json
    """``/pypi/NAME/VERSION/json``"""

    @property
    def _json(self) -> tuple[Json, ...]:
        return (self.release, self.whole)

    def listing(self, roles: Roles | None) -> listing.Listing:
        """Put everything together.

        :param roles: XML-RPC's answer, where it had to be asked
        """
        known = self.overview(roles)
        return listing.Listing(
            project=self.project,
            version=self.version,
            new=known.new,
            status=known.status,
            files=known.files,
            release=(
                knowledge.Known(())
                if known.new == knowledge.Known(True)
                else self._release_files
            ),
            maintainers=known.maintainers,
            serial=known.serial,
            has_visible_release=known.has_visible_release,
        )

    @property
    def _release_files(self) -> Files:
        """The union of both routes: a planted file may show in one only."""
        if isinstance(self.release, knowledge.Unknown):
            return self.release
        shown = () if self.release.value is None else self.release.value.files
        match simple_files(self.project, self.version, self.simple, shown):
            case knowledge.Known(value=files):
                if self.simple == _MISSING:
                    return _no_page(self.project, 'files')
                try:
                    return knowledge.Known(index_form.merged(shown, files))
                except documents.Malformed as error:
                    return knowledge.Unknown(
                        f'files of {self.project} {self.version}', str(error)
                    )
            case knowledge.Unknown() as unknown:
                return unknown


def simple_files(
    project: names.ProjectName,
    version: str,
    simple: Simple,
    shown: tuple[listing.ListedFile, ...],
) -> Files:
    """Return what the simple page lists under a version.

    :param shown: what the JSON API lists there: it alone knows to which
        release a file belongs whose name cannot be taken apart
    """
    if isinstance(simple, knowledge.Unknown):
        return simple
    try:
        wanted = packaging_version.Version(version)
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return knowledge.Unknown(
            f'files of {project} {version}', f'{version!r} is no version'
        )
    by_json = {file.filename for file in shown}
    files = () if simple.value is None else simple.value.files
    return knowledge.Known(
        tuple(
            file
            for file in files
            if file.filename in by_json
            or filenames.version_of(file.filename) == wanted
        )
    )


def status_of(
    project: names.ProjectName, simple: Simple
) -> knowledge.Knowledge[str]:
    """Return the status marker of a project's simple page."""
    if isinstance(simple, knowledge.Unknown):
        return simple
    if simple.value is None:
        return _no_page(project, 'status')
    return knowledge.Known(simple.value.status)


def by_xmlrpc(project: names.ProjectName, roles: Roles) -> Who:
    """Return maintainers as XML-RPC names them, of a project that exists."""
    what = f'maintainers of {project}'
    if isinstance(roles, knowledge.Unknown):
        return knowledge.Unknown(what, f'{roles.what}: {roles.why}')
    if not roles.value:
        return knowledge.Unknown(
            what, 'XML-RPC names nobody, though the project exists'
        )
    return knowledge.Known(
        maintainers.maintainers(
            roles.value,
            knowledge.Unknown(
                f'organization of {project}',
                'only XML-RPC names the roles, and it says nothing of '
                'organizations',
            ),
        )
    )


def _no_page(project: names.ProjectName, what: str) -> knowledge.Unknown:
    return knowledge.Unknown(
        f'{what} of {project}',
        'the simple API answers that there is no such project, and JSON does '
        'not say the same',
    )


def _shown(who: maintainers.Maintainers) -> str:
    shown = ', '.join(str(role) for role in who.roles)
    if isinstance(who.organization, knowledge.Known):
        shown += f' (organization {who.organization.value or "none"})'
    return shown
