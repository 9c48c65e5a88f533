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

"""Which commit of openstack/releases made an order what it is.

The commits that touched the ordering file are followed from HEAD backwards,
through renames, for as long as the file has the order; the last of them
brought it. Looking for the version's text would not do: one hash is often
ordered as a candidate first, and a version may stand in another release.

Form: git-log(1) with ``-z --raw``, section "RAW OUTPUT FORMAT" of
git-diff-tree(1); trailers as gitformat-trailers has them (git 2.39).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish.gates import git
from openstack_publish.gates import processes
from openstack_publish.gates import yamlfile
from openstack_publish.model import deliverable
from openstack_publish.model import deliverable_form
from openstack_publish.model import names
from openstack_publish.model import timeline

COMMITS = 5000
"""Most commits of one file that are read; the oldest deliverable file of
openstack/releases has some 300 (2026-08)."""

FILE_SIZE = 8 * 1024 * 1024
"""Bytes of one deliverable file; the largest has 0.1 MB."""

_LOG = (
    # The user's configuration is to change nothing here.
    '-c',
    'log.showSignature=false',
    '-c',
    'log.showRoot=true',
    'log',
    '-z',
    '--raw',
    '--no-abbrev',
    '--follow',
    '--no-ext-diff',
    '--no-textconv',
)
_MARK = '\x01'
_FORMAT = (
    f'tformat:{_MARK}%H%n%P%n%aI%n'
    '%(trailers:key=Change-Id,valueonly,separator=%x20)%n%an%n%s'
)
_NO_OBJECT = '0' * 40


@dataclasses.dataclass(frozen=True)
class _Touched:
    """A commit that changed the file."""

    story: timeline.OrderingCommit
    parents: tuple[str, ...]
    blob: str
    """The file's content after it."""


class OrderHistory:
    """Fits :class:`~openstack_publish.seams.OrderHistory`.

    :param root: the directory of the checkout, a git work tree
    :param programs: runs git
    """

    def __init__(self, root: str, programs: processes.Processes) -> None:
        self._repository = git.Repository(root, programs)

    def ordered(
        self, order: deliverable.Order
    ) -> timeline.OrderingCommit | None:
        """Return the commit that made an order what it is.

        :returns: None where no commit up to HEAD has the order
        :raises Unavailable: git did not say, or the history at hand begins
            later than the order
        """
        brought = None
        with self._repository.objects() as objects:
            for touched in self._touched(order.path):
                if not _has(_blob(objects, touched.blob), order):
                    break
                brought = touched
        if brought is None:
            return None
        if not brought.parents and self._is_shallow():
            raise exceptions.Unavailable(
                f'the commit that ordered {order.repo} {order.version}',
                f'the checkout is a shallow clone whose first commit, '
                f'{brought.story.commit}, has the order already',
            )
        return brought.story

    def _touched(self, path: str) -> Iterator[_Touched]:
        """Yield the commits that changed a file, newest first."""
        output = self._repository.run(
            f'the history of {path}',
            *_LOG,
            f'--max-count={COMMITS}',
            f'--format={_FORMAT}',
            'HEAD',
            '--',
            path,
        )
        head: list[str] = []
        for word in output.decode('utf-8', 'backslashreplace').split('\0'):
            if word.startswith(_MARK):
                head = word[1:].split('\n')
            elif word.lstrip('\n').startswith(':') and len(head) == 6:
                blob = word.split()[3]
                if blob != _NO_OBJECT:
                    yield _Touched(_story(head), tuple(head[1].split()), blob)

    def _is_shallow(self) -> bool:
        answer = self._repository.run(
            'whether the checkout is a shallow clone',
            'rev-parse',
            '--is-shallow-repository',
        )
        return answer.strip() == b'true'


def _story(head: list[str]) -> timeline.OrderingCommit:
    commit, _, authored, change_id, author, subject = head
    try:
        when = datetime.datetime.fromisoformat(authored)
        when = when.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise exceptions.Unavailable(
            f'the date of commit {commit}', f'git says {authored!r}'
        ) from error
    return timeline.OrderingCommit(
        commit=commit,
        authored=when,
        author=author,
        subject=subject,
        change_id=change_id.strip() or None,
    )


def _blob(objects: git.Objects, object_id: str) -> bytes:
    """Return the content of a file.

    :raises Unavailable: it is not there, or too large
    """
    content = objects.find(object_id, 'blob', FILE_SIZE)
    what = f'the file {object_id} of the checkout'
    if content is None:
        raise exceptions.Unavailable(what, 'the repository does not have it')
    if len(content) > FILE_SIZE:
        raise exceptions.Unavailable(
            what, f'it is larger than the limit of {FILE_SIZE} bytes'
        )
    return content


def _has(content: bytes, order: deliverable.Order) -> bool:
    """Say whether a deliverable file of that time has the order."""
    if order.commit.encode() not in content:
        return False
    document = yamlfile.read(content, order.path)
    found = None
    if document.readable:
        found, _ = deliverable_form.read(document.data, order.path)
    if found is None:
        # Written wrongly then; the ordered hash stands in it.
        return True
    return any(
        names.same_version(release.version, order.version)
        and (repo.repo, repo.commit) == (order.repo, order.commit)
        for release in found.releases
        for repo in release.repos
    )
