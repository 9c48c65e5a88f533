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

"""Finds out which projects are ours: from files, policy and index."""

from __future__ import annotations

import dataclasses

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import auditing
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.rules import findings
from openstack_publish.rules import managed


class Survey:
    """Which projects are ours, by what was read so far.

    What a saved audit has is looked at again. Where the index itself named
    a project, it would drop out of the list together with our role.

    :param allowed: the policy
    :param was: a saved audit
    :param accounts: tells the projects of those who must hold a role
    :raises Misconfigured: a file that was named is malformed
    :raises Unavailable: checkout or project-config cannot be read
    """

    def __init__(
        self,
        allowed: policy.Policy,
        was: auditing.Audit | None,
        accounts: seams.Accounts | None,
        checkout: seams.Checkout | None,
        project_config: seams.ProjectConfig | None,
    ) -> None:
        self.doubts: list[finding.Finding] = []
        """What kept projects from being named."""

        self._was = was
        self._checkout = checkout
        self._config = (
            None if project_config is None else project_config.read()
        )
        self._others = set(allowed.projects)
        self._ask(allowed, accounts)
        self._deliverables: list[deliverable.Deliverable] = []
        self._newest_first: list[str] = []
        self._left: list[str] = []
        if checkout is not None:
            self._newest_first = [each.name for each in checkout.read_series()]
            # The newest stand last, from where they are taken.
            self._left = sorted(checkout.paths(), key=self._age, reverse=True)

    def read(self, count: int | None = None) -> None:
        """Read some more deliverable files; all that are left if not given.

        A bad file leaves the others.
        """
        if self._checkout is None:
            return
        end = 0 if count is None else max(0, len(self._left) - count)
        while len(self._left) > end:
            path = self._left.pop()
            try:
                found = self._checkout.read_deliverable(path)
            except exceptions.Unavailable as error:
                problem = located.Problem(located.Place(path), error.cause)
                self.doubts.append(_unread(problem))
                continue
            self.doubts.extend(map(_unread, found.problems[:1]))
            if found.deliverable is not None:
                self._deliverables.append(found.deliverable)

    def certain(self) -> tuple[names.ProjectName, ...]:
        """Return projects that are ours whatever the other files say.

        Those that project-config adds are not: a file may give the
        repository another name.
        """
        found = managed.managed(
            self._deliverables, self._newest_first, None, self._others
        )
        return tuple(each.project for each in found)

    def ours(self) -> tuple[auditing.Managed, ...]:
        """Return every project of ours."""
        found = managed.managed(
            self._deliverables, self._newest_first, self._config, self._others
        )
        known = {each.project for each in found}
        return found + tuple(
            auditing.Managed(row.project, row.team)
            for row in (() if self._was is None else self._was.projects)
            if row.project not in known
        )

    def _ask(
        self, allowed: policy.Policy, accounts: seams.Accounts | None
    ) -> None:
        """Ask the index for the projects of those who must hold a role."""
        if accounts is None:
            return
        for role in allowed.general.maintainers.required:
            held = accounts.projects_of(role.user)
            if isinstance(held, knowledge.Unknown):
                self.doubts.append(findings.unknown('OSP424', role.user, held))
            else:
                self._others.update(held.value)

    def _age(self, path: str) -> tuple[int, str]:
        """Sort files by the age of their series; those without one first."""
        series = path.split('/')[1].lstrip('_')
        if series == managed.INDEPENDENT:
            return -1, path
        if series in self._newest_first:
            return self._newest_first.index(series), path
        return len(self._newest_first), path


def _unread(problem: located.Problem) -> finding.Finding:
    """Say that a file may name projects that nobody knows of."""
    field = located.spelled(problem.place.key)
    return dataclasses.replace(
        findings.unknown(
            'OSP423',
            problem.place.path,
            knowledge.Unknown(
                'which projects it names',
                f'{field}: {problem.message}' if field else problem.message,
            ),
        ),
        path=problem.place.path,
        line=problem.place.line,
    )
