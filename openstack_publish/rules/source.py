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

"""Step 3 with a source tree: the sdist, file by file.

Every file of the sdist has the content that the ordered commit has under the
same path, or is one that building is known to make.
"""

from __future__ import annotations

from collections.abc import Sequence

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import source
from openstack_publish.rules import findings
from openstack_publish.rules import generated
from openstack_publish.rules import layout

IN_FULL = 20
"""Files of one distribution that are told one by one; the rest is counted."""

MODULE = '.py'


def sdist_agrees(
    tree: source.Tree,
    dist: distribution.Distribution,
    members: Sequence[source.Member],
) -> tuple[finding.Finding, ...]:
    """Hold an sdist against the tree (OSP115, OSP116)."""
    roots = layout.layout(tree).roots
    differing = []
    foreign = []
    for member in members:
        if _is_as_committed(tree, member) or _is_generated(
            tree, member, dist, roots
        ):
            continue
        if member.path in tree.entries:
            differing.append(_difference(tree, member))
        else:
            foreign.append(_foreign(tree, member))
    return (
        *told('OSP115', dist, differing),
        *told('OSP116', dist, foreign),
        *_missing(tree, dist, members),
    )


def told(
    code: str, dist: distribution.Distribution, messages: Sequence[str]
) -> tuple[finding.Finding, ...]:
    """Say what is wrong with files, the first of them one by one."""
    found = [
        findings.failed(code, dist.filename, message)
        for message in messages[:IN_FULL]
    ]
    if len(messages) > IN_FULL:
        found.append(
            findings.failed(
                code,
                dist.filename,
                f'and {len(messages) - IN_FULL} more files; {IN_FULL} of '
                f'{len(messages)} are told one by one',
            )
        )
    return tuple(found)


def described(member: source.Member) -> str:
    """Return what a member is, with its digests."""
    if member.kind != 'file':
        return f'a {member.kind} to {member.target}'
    return (
        f'{member.size} bytes, sha256 {member.sha256}, git blob {member.blob}'
    )


def _is_as_committed(tree: source.Tree, member: source.Member) -> bool:
    """Say whether a member is what the commit has under its path.

    A build back end may store a symbolic link, or copy what it leads to.
    """
    entry = tree.entries.get(member.path)
    if entry is None or entry.kind == 'submodule':
        return False
    if member.kind == 'link':
        return (
            entry.kind == 'link'
            and tree.links.get(member.path) == member.target
        )
    if member.kind != 'file':
        return False
    file = tree.file(member.path)
    return file is not None and tree.entries[file].id == member.blob


def _is_generated(
    tree: source.Tree,
    member: source.Member,
    dist: distribution.Distribution,
    roots: frozenset[str],
) -> bool:
    if member.kind != 'file':
        return False
    if member.path != generated.SETUP_CFG:
        return generated.in_sdist(member.path, dist.project, roots)
    if member.path in tree.entries and member.path not in tree.contents:
        return False
    written = generated.setup_cfg(tree.contents.get(member.path, b''))
    return written is not None and source.blob_id(written) == member.blob


def _difference(tree: source.Tree, member: source.Member) -> str:
    entry = tree.entries[member.path]
    committed = f'git blob {entry.id}'
    if entry.kind == 'link':
        committed = f'a link to {tree.links.get(member.path)}'
    elif entry.kind == 'submodule':
        committed = f'a submodule at {entry.id}'
    if member.path == generated.SETUP_CFG:
        committed += ', and not only its section [egg_info] was added'
    return (
        f'{member.path} is {described(member)}; at {tree.commit} it is '
        f'{committed}'
    )


def _foreign(tree: source.Tree, member: source.Member) -> str:
    message = (
        f'{member.path} ({described(member)}) is not in the tree at '
        f'{tree.commit}'
    )
    submodule = tree.submodule_of(member.path)
    if submodule is not None:
        return f'{message}, which holds no file of the submodule {submodule}'
    return message


def _missing(
    tree: source.Tree,
    dist: distribution.Distribution,
    members: Sequence[source.Member],
) -> tuple[finding.Finding, ...]:
    """Note modules that are committed and not in the sdist (OSP115)."""
    there = {member.path for member in members}
    missing = sorted(
        path
        for path in tree.entries
        if path.endswith(MODULE) and path not in there
    )
    if not missing:
        return ()
    listed = ', '.join(missing[:IN_FULL])
    if len(missing) > IN_FULL:
        listed += f' and {len(missing) - IN_FULL} more'
    return (
        findings.noted(
            'OSP115',
            dist.filename,
            f'{len(missing)} modules of the tree at {tree.commit} are not in '
            f'the sdist: {listed}',
        ),
    )
