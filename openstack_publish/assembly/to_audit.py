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

"""What an audit needs."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish import audit
from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import auditfile
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import policyfile
from openstack_publish.gates import policywriting
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import workers
from openstack_publish.gates.index import xmlrpc_roles
from openstack_publish.model import auditing
from openstack_publish.model import policy


@dataclasses.dataclass(frozen=True)
class Auditing:
    """Everything that an audit needs."""

    policy: policy.Policy
    gates: audit.Gates


@contextlib.contextmanager
def auditing_with(
    configuration: settings.Configuration,
    observer: seams.Observer,
    *,
    from_index: bool = False,
) -> Iterator[Auditing]:
    """Build what an audit needs, and put it away at the end.

    :param from_index: whether the index is asked for the projects of the
        users whom the policy requires
    :raises Misconfigured: something that was named isn't there or is wrong,
        or the index is of a kind that has no roles
    """
    time = clock.SystemClock()
    rules = _policy(configuration)
    if rules.index != 'pypi':
        raise exceptions.Misconfigured(
            f'{rules.origin} says that the index is of kind {rules.index}, '
            'which has no roles that could be audited',
            where='--policy',
        )
    url = parts.read_url(configuration, None, rules.index)
    with contextlib.ExitStack() as stack:
        crew = stack.enter_context(
            workers.Threads(
                functools.partial(
                    many.overviews, configuration, time, rules.index
                ),
                configuration.jobs,
            )
        )
        yield Auditing(
            rules,
            audit.Gates(
                workers=crew,
                read_url=url,
                accounts=(
                    xmlrpc_roles.Accounts(
                        stack.enter_context(parts.reader(configuration, time)),
                        url,
                    )
                    if from_index
                    else None
                ),
                checkout=(
                    None
                    if configuration.releases is None
                    else checkout.Checkout(
                        configuration.releases,
                        processes.Processes(configuration.environment),
                    )
                ),
                project_config=(
                    None
                    if configuration.project_config is None
                    else projectconfig.ProjectConfig(
                        configuration.project_config
                    )
                ),
                clock=time,
                observer=observer,
            ),
        )


def saved(path: str, option: str) -> auditing.Audit:
    """Read a saved audit.

    :param option: that names it
    :raises Misconfigured: it isn't there, or is no saved audit
    :raises Unavailable: it cannot be read
    """
    return auditfile.read(path, option)


def save(path: str, text: str) -> None:
    """Save an audit; an older one of that name goes.

    :raises Unavailable: it cannot be written
    """
    auditfile.write(path, text)


def may_be_written(saving: str | None, policy_file: str | None) -> None:
    """Make sure, before an audit of minutes, that its results have a place.

    :raises Misconfigured: one has none
    """
    if saving is not None:
        auditfile.may_be_written(saving, '--save')
    if policy_file is not None:
        policywriting.may_be_written(policy_file)


def write_policy(
    path: str,
    configuration: settings.Configuration,
    allowances: Iterable[auditing.Allowance],
) -> None:
    """Write the policy that holds, with more that it allows.

    :raises Misconfigured: there is a file of that name
    :raises Unavailable: it cannot be written
    """
    source = policyfile.source(configuration.policy, configuration.releases)
    policywriting.write(
        path,
        source.content,
        source.shown,
        source.directory,
        allowances,
        configuration.repository,
    )


def _policy(configuration: settings.Configuration) -> policy.Policy:
    return policyfile.read(
        configuration.policy, configuration.releases, configuration.repository
    )
