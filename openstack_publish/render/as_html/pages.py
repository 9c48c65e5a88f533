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

"""The files of the site: pages from templates, and what lies beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from collections.abc import Sequence
from importlib import resources

import jinja2

from openstack_publish.model import audit_history
from openstack_publish.model import audit_site
from openstack_publish.model import auditing
from openstack_publish.render import as_json
from openstack_publish.render import audits
from openstack_publish.render import moment
from openstack_publish.render.as_html import chart
from openstack_publish.render.as_html import environment
from openstack_publish.render.as_html import views

LONGEST_LIST = 10
"""Teams and accounts on the first page."""

LATEST = 30
"""Audits in the table of the first page."""


@dataclasses.dataclass(frozen=True)
class _Site:
    """What every page can speak of."""

    audit: auditing.Audit
    version: str
    projects: Sequence[views.Project]
    teams: Sequence[views.Team]
    accounts: Sequence[views.Account]
    required: frozenset[str]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return the projects by verdict."""
        return views.count(self.projects)

    @property
    def roles_unknown(self) -> int:
        """Return of how many projects nobody knows who holds a role."""
        return sum(each.roles_unknown is not None for each in self.projects)


def site(
    audit: auditing.Audit,
    history: audit_history.History,
    required: frozenset[str],
    version: str,
) -> dict[str, str]:
    """Return the files of a site by their paths in it.

    :param history: with this audit in it; what was read of other indexes
        is kept and not shown
    :param required: users whom the policy requires, case-folded
    :param version: of this tool
    """
    projects = views.projects(audit)
    shared = _Site(
        audit,
        version,
        projects,
        views.teams(projects),
        views.accounts(projects, audit, required),
        required,
    )
    templates = environment.environment()
    templates.globals['site'] = shared
    templates.globals['why'] = views.why
    ours = tuple(
        point for point in history if point.read_url == audit.read_url
    )
    files = {name: _asset(name) for name in audit_site.ASSETS}
    files[audit_site.AUDIT] = as_json.text(audits.saved(audit, version))
    files[audit_site.HISTORY] = as_json.text(_history(history))
    if len(ours) > 1:
        files.update(chart.charts(ours))
    files.update(_lists(templates, shared, ours))
    files.update(_details(templates, shared))
    return files


def _lists(
    templates: jinja2.Environment,
    shared: _Site,
    history: audit_history.History,
) -> dict[str, str]:
    """Return the pages that are about everything."""
    acting = [
        team
        for team in shared.teams
        if team.counts['failed'] or team.counts['unknown']
    ]
    index = templates.get_template('index.html.j2').render(
        root='',
        page='index.html',
        teams=acting[:LONGEST_LIST],
        accounts=shared.accounts[:LONGEST_LIST],
        history=history,
        latest=history[: -LATEST - 1 : -1],
    )
    return {
        'index.html': index,
        **{
            page: templates.get_template(f'{page}.j2').render(
                root='', page=page
            )
            for page in audit_site.LISTS
        },
    }


def _details(templates: jinja2.Environment, shared: _Site) -> dict[str, str]:
    """Return the pages that are about one project, team or account."""
    files = {}
    template = templates.get_template('project.html.j2')
    for project in shared.projects:
        files[project.page] = template.render(
            root='../', page=project.page, project=project
        )
    template = templates.get_template('team.html.j2')
    for team in shared.teams:
        files[team.page] = template.render(
            root='../',
            page=team.page,
            team=team,
            accounts=views.accounts(
                team.projects, shared.audit, shared.required
            ),
        )
    template = templates.get_template('account.html.j2')
    for account in shared.accounts:
        files[account.page] = template.render(
            root='../',
            page=account.page,
            account=account,
            profile=views.link(
                shared.audit.read_url, 'user', account.held.user
            ),
        )
    return files


def _asset(name: str) -> str:
    return (
        resources.files('openstack_publish.render.as_html')
        .joinpath('assets', name)
        .read_text(encoding='utf-8')
    )


def _history(history: audit_history.History) -> as_json.Document:
    return {
        'schema': audit_history.SCHEMA,
        'audits': [
            {
                'taken': moment.rfc3339(point.taken),
                'index': point.read_url,
                **point.counts,
            }
            for point in history
        ],
    }
