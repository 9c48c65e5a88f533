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

"""``openstack-publish audit``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from openstack_publish import audit
from openstack_publish import exceptions
from openstack_publish import version
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_audit
from openstack_publish.assembly import to_show
from openstack_publish.cli import console
from openstack_publish.cli import listed
from openstack_publish.cli import many
from openstack_publish.cli import options
from openstack_publish.model import audit_history
from openstack_publish.model import auditing
from openstack_publish.model import finding
from openstack_publish.model import policy
from openstack_publish.model import verdicts
from openstack_publish.render import as_json
from openstack_publish.render import as_text
from openstack_publish.render import audit_text
from openstack_publish.render import audits
from openstack_publish.rules import allowances
from openstack_publish.rules import audit_changes

VIEWS: tuple[auditing.View, ...] = ('project', 'team', 'account')


class Audit(listed.ListCommand):
    """Audit who can upload to every project, against the policy.

    Looks at each project that a release ever carried, that project-config
    publishes or that the policy has a rule for, or at those that are named:
    roles, organization, status, and whether files came from a Trusted
    Publisher. Nothing is changed.

    Exit codes: 0 everything held, 1 something failed, 3 something could not
    be known.
    """

    examples = (
        (
            'Who can upload to two projects',
            'openstack-publish audit os-vif oslo.config',
        ),
        (
            'Every project of a team, held against the policy',
            'openstack-publish audit --releases releases --team oslo',
        ),
        (
            'Every project, with a site to read it on',
            'openstack-publish audit --releases releases '
            '--project-config project-config --html site',
        ),
    )

    columns: Sequence[str] = audits.COLUMNS

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what the command takes."""
        parser.add_argument(
            'projects',
            nargs='*',
            type=options.project,
            metavar='PROJECT',
            help='look only at these; no checkout is needed',
        )
        parser.add_argument(
            '--by',
            choices=VIEWS,
            default='project',
            help='what the list is arranged by [project]',
        )
        group = parser.add_argument_group('which projects')
        options.add_releases(group)
        options.add_project_config(group)
        group.add_argument(
            '--from-index',
            action='store_true',
            help='also those on which a required user holds a role, as the '
            'index says (XML-RPC)',
        )
        group.add_argument(
            '--series',
            metavar='S',
            help='only those that a deliverable file of this series names',
        )
        group.add_argument(
            '--team',
            metavar='T',
            help='only those of this team',
        )
        group = parser.add_argument_group('what is allowed')
        options.add_policy(group)
        group.add_argument(
            '--write-policy',
            metavar='FILE',
            help='write the policy that holds with an exception for a year '
            'for everything that it does not allow today; FILE must be new',
        )
        group = parser.add_argument_group('comparing audits')
        group.add_argument(
            '--save',
            metavar='FILE',
            help='save this audit as JSON',
        )
        group.add_argument(
            '--since',
            metavar='FILE',
            help='say what changed since a saved audit',
        )
        group.add_argument(
            '--html',
            metavar='DIR',
            help='make a static site of this audit, with a chart of those '
            'that it was made of before; DIR must be new, empty, or such a '
            'site',
        )
        many.add(parser.add_argument_group('index'))

    def act(self, args: argparse.Namespace) -> int:
        """Audit, print, save, and return the exit code."""
        if args.by == 'account':
            self.columns = audits.ACCOUNT_COLUMNS
        with self.answering(args.formatter, []):
            configuration = options.configuration(args)
            _check_usage(args, configuration)
            self.check_columns(args)
            to_audit.may_be_written(args.save, args.write_policy)
            past = () if args.html is None else to_show.history(args.html)
            was = None
            if args.since is not None:
                was = to_audit.saved(args.since, '--since')
            rules, done = self._audit(args, configuration, was)
        problem = _kept(args, configuration, done)
        if args.html is not None and problem is None:
            problem = _shown(
                args.html,
                audit_history.grown(
                    past, (done,) if was is None else (was, done)
                ),
                done,
                rules,
            )
        self._print(args, rules, done, was)
        if problem is not None:
            raise problem
        said = finding.worst(done.findings)
        return verdicts.exit_code(
            (
                *(row.verdict for row in done.projects),
                *(() if said is None else (said,)),
            )
        )

    def _audit(
        self,
        args: argparse.Namespace,
        configuration: settings.Configuration,
        was: auditing.Audit | None,
    ) -> tuple[policy.Policy, auditing.Audit]:
        """Look at every project.

        :raises PublishError: it could not be done
        """
        observer = console.observer(
            self.app.stderr, self.app.options.verbose_level == 0, self.broke
        )
        with to_audit.auditing_with(
            configuration, observer, from_index=args.from_index
        ) as tools:
            if was is not None and was.read_url != tools.gates.read_url:
                raise exceptions.Misconfigured(
                    f'{args.since} is an audit of {was.read_url}, this one '
                    f'is of {tools.gates.read_url}',
                    where='--since',
                )
            return tools.policy, audit.audit(
                audit.Request(tuple(args.projects), args.series, args.team),
                tools.policy,
                was,
                tools.gates,
            )

    def _print(
        self,
        args: argparse.Namespace,
        rules: policy.Policy,
        done: auditing.Audit,
        was: auditing.Audit | None,
    ) -> None:
        required = _required(rules)
        if args.by == 'account':
            accounts = auditing.accounts(done, required)
            self.put(
                args,
                audits.account_rows(accounts),
                audit_text.by_account(
                    done, accounts, audit_changes.CODES, was
                ),
            )
        else:
            rows = list(done.projects)
            if args.by == 'team':
                rows.sort(
                    key=lambda row: (
                        row.team is None,
                        (row.team or '').casefold(),
                    )
                )
            self.put(
                args,
                audits.rows(rows),
                audit_text.VIEWS[args.by](
                    done, required, audit_changes.CODES, was
                ),
            )
        if done.findings and (args.formatter != 'table' or args.columns):
            # The rows have no place for what is about no project.
            self.app.stderr.write(as_text.of_findings(done.findings) + '\n')


def _check_usage(
    args: argparse.Namespace, configuration: settings.Configuration
) -> None:
    """Make sure that the options go together.

    :raises Misconfigured: they don't
    """
    for option in ('series', 'team'):
        if getattr(args, option) is None:
            continue
        if args.projects:
            raise exceptions.Misconfigured(
                'selects among all projects; it does not go with names',
                where=f'--{option}',
            )
        if configuration.releases is None:
            raise exceptions.Misconfigured(
                'needs a checkout of openstack/releases (--releases)',
                where=f'--{option}',
            )
    sources = (
        args.projects,
        configuration.releases,
        configuration.project_config,
        configuration.policy,
        args.from_index,
        args.since,
    )
    if not any(sources):
        raise exceptions.Misconfigured(
            'name projects, or say where they stand: --releases, '
            '--project-config, --from-index',
            where='PROJECT',
        )


def _required(rules: policy.Policy) -> frozenset[str]:
    """Return the users whom the policy requires, case-folded."""
    return frozenset(
        role.user.casefold() for role in rules.general.maintainers.required
    )


def _shown(
    directory: str,
    history: audit_history.History,
    done: auditing.Audit,
    rules: policy.Policy,
) -> exceptions.PublishError | None:
    """Make the site.

    :returns: why it could not be done; the results are shown all the same
    """
    # Not above: it needs the extra.
    from openstack_publish.render import as_html

    try:
        to_show.write(
            directory,
            as_html.site(done, history, _required(rules), version.VERSION),
        )
    except exceptions.PublishError as error:
        return error
    return None


def _kept(
    args: argparse.Namespace,
    configuration: settings.Configuration,
    done: auditing.Audit,
) -> exceptions.PublishError | None:
    """Save the audit and write the policy, where that was asked for.

    :returns: why it could not be done; the results are shown all the same
    """
    try:
        if args.save is not None:
            to_audit.save(
                args.save, as_json.text(audits.saved(done, version.VERSION))
            )
        if args.write_policy is not None:
            until = allowances.a_year_after(done.taken.date())
            to_audit.write_policy(
                args.write_policy,
                configuration,
                allowances.allowances(done, until),
            )
    except exceptions.PublishError as error:
        return error
    return None
