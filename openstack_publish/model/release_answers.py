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

"""What the answers of an index say together of one release.

They are read again and again after an upload, until the release shows.
"""

from __future__ import annotations

import dataclasses

from openstack_publish.model import documents
from openstack_publish.model import index_answers
from openstack_publish.model import index_form
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names


@dataclasses.dataclass(frozen=True)
class ReleaseAnswers:
    """What two routes said of a release."""

    project: names.ProjectName
    version: str
    release: index_answers.Json
    simple: index_answers.Simple

    @property
    def _document(self) -> index_form.JsonDocument | None:
        if isinstance(self.release, knowledge.Unknown):
            return None
        return self.release.value

    @property
    def need_roles(self) -> bool:
        """Say whether XML-RPC has to be asked for the roles."""
        document = self._document
        return document is not None and document.maintainers is None

    def reading(
        self, roles: index_answers.Roles | None
    ) -> listing.ReleaseReading:
        """Put everything together."""
        document = self._document
        shown = () if document is None else document.files
        return listing.ReleaseReading(
            self.release
            if isinstance(self.release, knowledge.Unknown)
            else knowledge.Known(shown),
            self._maintainers(roles),
            index_answers.simple_files(
                self.project, self.version, self.simple, shown
            ),
            index_answers.status_of(self.project, self.simple),
            None if document is None else document.serial,
        )

    def _maintainers(
        self, roles: index_answers.Roles | None
    ) -> index_answers.Who:
        what = f'maintainers of {self.project}'
        if isinstance(self.release, knowledge.Unknown):
            return knowledge.Unknown(
                what, f'{self.release.what}: {self.release.why}'
            )
        if self.release.value is None:
            return knowledge.Unknown(
                what, f'the index does not show {self.version} yet'
            )
        if roles is not None:
            return index_answers.by_xmlrpc(self.project, roles)
        match self.release.value.maintainers:
            case maintainers.Maintainers() as known:
                return knowledge.Known(known)
            case documents.Malformed() as error:
                return knowledge.Unknown(what, str(error))
            case None:
                return knowledge.Unknown(what, 'no route names them')
