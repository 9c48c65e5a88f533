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

"""What git knows of a checkout of openstack/releases."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Collection
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import git
from openstack_publish.gates import processes
from openstack_publish.gates import yamlfile
from openstack_publish.gates.history import entries
from openstack_publish.gates.yamlfile import forms
from openstack_publish.gates.yamlfile import refusal
from openstack_publish.model import deliverable
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import order_pattern
from openstack_publish.model import policy as policies

DATA = 'data'
"""Where policy and list of series lie."""

COMMIT_SIZE = 1024 * 1024
"""Longest commit object that is read, in bytes."""

RENAMES = 1000
"""Most files among which renamed ones are looked for."""


class History:
    """Fits :class:`~openstack_publish.seams.History`.

    Only objects are read; what the work tree holds is of no interest.

    :param root: the directory of the checkout
    :param programs: runs git
    """

    def __init__(self, root: str, programs: processes.Processes) -> None:
        self._root = os.path.abspath(root)
        self._git = git.Repository(self._root, programs)

    def changes(self, revisions: str | None = None) -> seams.Changes:
        """Return what a change does to the deliverable files.

        :param revisions: ``REV`` for everything since it, or ``A..B``; None
            for what HEAD brings, of a merge all that it brings into its
            first parent
        :raises Misconfigured: there are no such revisions, or this is no
            git checkout
        :raises Unavailable: git did not say; in a shallow clone the parent
            may not be there
        """
        if not os.path.lexists(os.path.join(self._root, '.git')):
            # In a directory of another repository, that one would answer.
            raise exceptions.Misconfigured(
                f'{self._root} is no git checkout, so nobody knows what a '
                'change does to it',
                self._root,
            )
        base: str | None
        if revisions is None:
            head = self._commit('HEAD')
            base = self._first_parent(head)
        else:
            base, head = self._range(revisions)
        found, strays = self._changed(base, head)
        with self._git.objects() as objects:
            files = tuple(
                _read_change(objects, before, after) for before, after in found
            )
        return seams.Changes(
            base, head, files, self._changed_data(base, head), strays
        )

    def read(self, commit: str, path: str) -> seams.DeliverableReading | None:
        """Return a deliverable file of a commit; None where it has none.

        :raises Unavailable: git did not say
        """
        content = self._content(commit, path)
        return None if content is None else forms.deliverable(content, path)

    def ordering(
        self, commit: str, releases: Collection[tuple[str, str]]
    ) -> tuple[deliverable.Deliverable, ...]:
        """Return the deliverables that may order one of these releases.

        :param releases: repository and version of each
        :raises Unavailable: git did not say
        """
        found: list[deliverable.Deliverable] = []
        if not releases:
            return ()
        pattern = order_pattern.ReleasePattern(releases)
        with self._git.objects() as objects:
            for entry in self._tree(commit, f'{entries.DELIVERABLES}/'):
                content = _blob(objects, entry.blob)
                if not pattern.may_be_in(content):
                    continue
                reading = forms.deliverable(content, entry.path)
                if reading.deliverable is not None:
                    found.append(reading.deliverable)
        return tuple(found)

    def places(
        self, commit: str, sought: Collection[tuple[str, located.KeyPath]]
    ) -> Mapping[tuple[str, located.KeyPath], located.Place]:
        """Return where deliverable files of a commit have keys.

        :param sought: path and key of each; what is not found is left out
        """
        keys: dict[str, list[located.KeyPath]] = {}
        for path, key in sought:
            keys.setdefault(path, []).append(key)
        found: dict[tuple[str, located.KeyPath], located.Place] = {}
        # A finding without a line is worth more than none at all.
        with contextlib.suppress(exceptions.Unavailable):
            if not keys:
                return found
            files = self._tree(commit, *keys)
            with self._git.objects() as objects:
                for entry in files:
                    if entry.path not in keys:
                        continue
                    content = _blob(objects, entry.blob)
                    places = yamlfile.locate(content, keys[entry.path])
                    for key, position in places.items():
                        found[entry.path, key] = located.Place(
                            entry.path, key, *position
                        )
        return found

    def policy(
        self, commit: str | None, repository: str | None = None
    ) -> policies.Policy:
        """Return the policy that the checkout had at a commit.

        The files of keys that it names are those of today's checkout: the
        fingerprint beside each says which key is meant.

        :param commit: None for none: the shipped policy
        :param repository: the name of the repository in use
        :raises Misconfigured: it is no valid policy
        :raises Unavailable: git did not say
        """
        content = None
        if commit is not None:
            content = self._content(commit, policies.IN_CHECKOUT)
        if content is None:
            return forms.shipped_policy(repository)
        found = forms.policy(content, policies.IN_CHECKOUT, repository)
        return dataclasses.replace(
            found, trusted=tuple(map(self._with_key_file, found.trusted))
        )

    def _with_key_file(self, key: policies.TrustedKey) -> policies.TrustedKey:
        """Return a key with its file on disk, if that is there."""
        if key.file is None:
            return key
        directory = os.path.dirname(policies.IN_CHECKOUT)
        path = os.path.join(self._root, directory, key.file)
        return dataclasses.replace(
            key, file=path if os.path.isfile(path) else None
        )

    def _commit(self, revision: str) -> str:
        """Return the hash of a commit.

        :raises Misconfigured: there is none
        """
        output = self._git.maybe(
            *('rev-parse', '--verify', '--quiet', '--end-of-options'),
            f'{revision}^{{commit}}',
        )
        commit = (output or b'').decode('ascii', 'replace').strip()
        if output is None:
            raise exceptions.Misconfigured(
                f'{self._root} has no commit {revision!r}; of a shallow '
                'clone older commits come with "git fetch --unshallow"',
                self._root if revision == 'HEAD' else '--diff',
            )
        if not names.is_commit_hash(commit):
            raise exceptions.Unavailable(
                f'the commit {revision} of {self._root}',
                f'git answered {commit!r}, which is no SHA-1 hash',
            )
        return commit

    def _range(self, revisions: str) -> tuple[str, str]:
        first, dots, last = revisions.partition('..')
        # Nothing but dots, as an empty variable of a job leaves it, would be
        # HEAD against itself: a change without anything in it.
        if last.startswith('.') or not revisions.strip('.'):
            raise exceptions.Misconfigured(
                f'{revisions!r} is not understood: give REV or A..B',
                '--diff',
            )
        base = self._commit(first or 'HEAD')
        return base, self._commit(last if dots and last else 'HEAD')

    def _first_parent(self, commit: str) -> str | None:
        """Return a commit's first parent as the commit itself names it.

        Git's own answer would hide it in a shallow clone, where a commit
        whose parents are not there counts as a first one.
        """
        with self._git.objects() as objects:
            content = objects.find(commit, 'commit', COMMIT_SIZE)
            parents = [
                line.split(b' ')[1].decode('ascii', 'replace')
                for line in (content or b'').partition(b'\n\n')[0].splitlines()
                if line.startswith(b'parent ')
            ]
            if not parents:
                return None
            if objects.find(parents[0], 'commit', COMMIT_SIZE) is None:
                raise exceptions.Unavailable(
                    f'what {commit} changes',
                    f'its parent {parents[0]} is not in {self._root}, a '
                    'shallow clone: type "git fetch --deepen 1" there',
                )
        return parents[0]

    def _changed(
        self, base: str | None, head: str
    ) -> tuple[
        list[tuple[entries.Entry | None, entries.Entry | None]],
        tuple[str, ...],
    ]:
        """Return deliverable files before and after, and strays."""
        if base is None:
            files = self._tree(head, f'{entries.DELIVERABLES}/')
            return [(None, entry) for entry in files], ()
        output = self._git.run(
            f'what differs between {base} and {head}',
            *('diff-tree', '-r', '-z', '--raw', '--no-abbrev'),
            *('--no-ext-diff', '--no-textconv', '--ignore-submodules=none'),
            *('--find-renames', f'-l{RENAMES}'),
            *(base, head, '--', entries.DELIVERABLES),
        )
        return entries.of_change(output)

    def _changed_data(self, base: str | None, head: str) -> frozenset[str]:
        """Return the files that policy and series are read of, if changed."""
        compared = ('diff-tree', '-r', '-z', '--name-only', '--no-renames')
        if base is None:
            compared = ('ls-tree', '-r', '-z', '--name-only', '--full-tree')
        output = self._git.run(
            f'what {head} changes in {DATA}',
            *(*compared, *(() if base is None else (base,)), head),
            *('--', f'{DATA}/'),
        )
        return frozenset(map(os.fsdecode, output.split(b'\0')[:-1]))

    def _tree(self, commit: str, *paths: str) -> list[entries.Entry]:
        """Return the deliverable files of a commit, all or those named."""
        output = self._git.run(
            f'the files of {commit}',
            *('ls-tree', '-r', '-z', '--full-tree', commit, '--', *paths),
        )
        return list(entries.of_tree(output))

    def _content(self, commit: str, path: str) -> bytes | None:
        """Return the bytes of a file; None where the commit has none."""
        output = self._git.run(
            f'the file {path} of {commit}',
            *('ls-tree', '-z', '--full-tree', commit, '--', path),
        )
        fields = output.partition(b'\t')[0].split()
        if len(fields) != 3 or not fields[0].startswith(entries.FILE):
            return None
        with self._git.objects() as objects:
            return _blob(objects, fields[2].decode('ascii'))


def _read_change(
    objects: git.Objects,
    before: entries.Entry | None,
    after: entries.Entry | None,
) -> seams.FileChange:
    was, now = (
        None
        if entry is None
        else forms.deliverable(_blob(objects, entry.blob), entry.path)
        for entry in (before, after)
    )
    named = after or before
    assert named is not None
    renamed = before is not None and before.path != named.path
    return seams.FileChange(
        named.path,
        was,
        now,
        before.path if renamed and before is not None else None,
    )


def _blob(objects: git.Objects, name: str) -> bytes:
    """Return the content of a file; a byte too many where it is too large.

    :raises Unavailable: it is not there
    """
    content = objects.find(name, 'blob', refusal.SIZE_LIMIT)
    if content is None:
        raise exceptions.Unavailable(
            f'the file with the hash {name}',
            'its content is not in the repository; is it a partial clone?',
        )
    return content
