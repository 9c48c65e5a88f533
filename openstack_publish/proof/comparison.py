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

"""Step 3 with a source tree: are the distributions what the commit holds?"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.model import finding
from openstack_publish.model import source as sources
from openstack_publish.proof import run as runs
from openstack_publish.rules import findings
from openstack_publish.rules import layout
from openstack_publish.rules import source
from openstack_publish.rules import source_metadata
from openstack_publish.rules import source_wheel


def with_source(run: runs.Run) -> tuple[finding.Finding, ...]:
    """Hold every file of the distributions against the ordered commit.

    The sdist is held against the tree, and the wheels against the sdist;
    against the tree itself where there is no sdist to read. Nothing is said
    where no source tree was named.
    """
    gates, order = run.gates, run.order
    if gates.source_tree is None or order is None:
        return ()
    try:
        tree = gates.source_tree.read(order.commit, source_metadata.is_read)
    except exceptions.Unavailable as error:
        return (findings.unavailable('OSP118', order.repo, error),)
    if isinstance(tree, sources.NoTree):
        return (findings.failed('OSP118', order.repo, tree.why),)
    where = layout.layout(tree)
    originals = source_wheel.from_tree(tree)
    found: list[finding.Finding] = []
    for dist in sorted(
        run.distributions, key=lambda dist: dist.kind == 'bdist_wheel'
    ):
        code = 'OSP117' if dist.kind == 'bdist_wheel' else 'OSP115'
        try:
            members = tuple(
                gates.distributions.members(
                    dist, source_metadata.is_entry_points
                )
            )
        except exceptions.Unavailable as error:
            found.append(findings.unavailable(code, dist.filename, error))
            continue
        found += source_metadata.metadata_agrees(tree, dist, members)
        if dist.kind == 'bdist_wheel':
            found += source_wheel.wheel_agrees(dist, members, originals, where)
        else:
            found += source.sdist_agrees(tree, dist, members)
            originals = source_wheel.from_sdist(dist, members, where)
    return tuple(found)
