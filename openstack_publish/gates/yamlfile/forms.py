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

"""Reads the bytes of a file as what it is: a deliverable, a policy."""

from __future__ import annotations

from importlib import resources

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import yamlfile
from openstack_publish.model import deliverable_form
from openstack_publish.model import policy as policies
from openstack_publish.model import policy_form

SHIPPED = 'openstack_publish/data/openstack-policy.yaml'
"""What messages call the policy that comes with this package."""


def deliverable(content: bytes, path: str) -> seams.DeliverableReading:
    """Return a deliverable file's value, or all that is wrong with it.

    :param path: relative to the checkout; says series and name
    """
    document = yamlfile.read(content, path)
    found = None
    problems = document.problems
    if document.readable:
        found, wrong = deliverable_form.read(document.data, path)
        problems += wrong
    return seams.DeliverableReading(
        found, yamlfile.with_lines(content, problems)
    )


def policy(
    content: bytes, path: str, repository: str | None
) -> policies.Policy:
    """Return the policy in a file.

    :param path: what the problems call the file
    :param repository: the name of the repository in use, whose entry in
        ``indexes`` is laid over the rest
    :raises Misconfigured: it is no valid policy; every problem has file,
        line, column and key
    """
    document = yamlfile.read(content, path)
    found = None
    problems = document.problems
    if document.readable:
        found, wrong = policy_form.read(document.data, path, repository)
        problems += wrong
    if found is None or problems:
        problems = yamlfile.with_lines(content, problems)
        count = len(problems)
        raise exceptions.Misconfigured(
            f'{path} is no valid policy: '
            + ('1 problem' if count == 1 else f'{count} problems'),
            path,
            problems,
        )
    return found


def shipped_policy(repository: str | None) -> policies.Policy:
    """Return the policy that comes with this package."""
    return policy(shipped_content(), SHIPPED, repository)


def shipped_content() -> bytes:
    """Return the file of the policy that comes with this package."""
    shipped = resources.files('openstack_publish').joinpath(
        'data', 'openstack-policy.yaml'
    )
    return shipped.read_bytes()
