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

"""Reads a checkout of openstack/releases, as files and as git has them.

A checkout may be a git work tree, or the files alone (an unpacked archive).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.gates import processes
from openstack_publish.gates import yamlfile
from openstack_publish.gates.yamlfile import forms
from openstack_publish.model import deliverable
from openstack_publish.model import deliverable_form
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import order_pattern
from openstack_publish.model import series
from openstack_publish.model import series_form

DELIVERABLES = 'deliverables'
KEY_FILES = 'doc/source/static'
"""Where the public keys of the cycles lie, each as ``0xFINGERPRINT.txt``."""

_GIT = ('git', '--no-replace-objects')
"""Replacement objects would let a local ref stand for another commit."""

_NO_ORDERS_STAND_IN = deliverable_form.KEYS - {
    'releases',
    'repository-settings',
}


class Checkout:
    """A checkout of openstack/releases.

    :param root: its directory, or a symbolic link to it
    :param programs: runs git
    :raises Misconfigured: there is no such directory, or no deliverables in
        it
    """

    def __init__(self, root: str, programs: processes.Processes) -> None:
        self.root = os.path.abspath(root)
        self._programs = programs
        self._digests: dict[str, str] = {}
        if not os.path.isdir(self.root):
            raise exceptions.Misconfigured(
                f'there is no directory {root}', root
            )
        if not os.path.isdir(os.path.join(self.root, DELIVERABLES)):
            raise exceptions.Misconfigured(
                f'{root} is no checkout of openstack/releases: it has no '
                f'directory {DELIVERABLES}',
                root,
            )

    def find_orders(
        self,
        project: names.ProjectName,
        version: str,
        repo: str | None = None,
    ) -> seams.OrderSearch:
        """Search every deliverable file for orders of one release.

        :param repo: full name; only orders of this repository count, and
            its name is searched beside the project's
        :raises Unavailable: the checkout cannot be read
        """
        pattern = order_pattern.OrderPattern(project, version, repo)
        orders: list[deliverable.Order] = []
        problems: list[located.Problem] = []
        for path in self.paths():
            content = self._content(path)
            if not pattern.may_be_in(content):
                continue
            reading = forms.deliverable(content, path)
            ours: tuple[deliverable.Order, ...] = ()
            if reading.deliverable is not None:
                ours = pattern.orders(reading.deliverable)
            if ours:
                self._digests[path] = _digest(content)
                orders.extend(ours)
                problems.extend(reading.problems)
            elif any(map(_may_hide_an_order, reading.problems)):
                problems.extend(reading.problems)
        strong = [order for order in orders if pattern.names_project(order)]
        return seams.OrderSearch(tuple(strong or orders), tuple(problems))

    def read_deliverable(self, path: str) -> seams.DeliverableReading:
        """Read one deliverable file, given relative to the checkout.

        :raises Misconfigured: there is no such file
        :raises Unavailable: the file cannot be read
        """
        if not os.path.isfile(self._on_disk(path)):
            raise exceptions.Misconfigured(
                f'there is no deliverable file {path} in {self.root}', path
            )
        content = self._content(path)
        self._digests[path] = _digest(content)
        return forms.deliverable(content, path)

    def ordering(
        self, releases: Collection[tuple[str, str]]
    ) -> tuple[deliverable.Deliverable, ...]:
        """Return the deliverables that may order one of these releases.

        :param releases: repository and version of each
        :raises Unavailable: the checkout cannot be read
        """
        if not releases:
            return ()
        pattern = order_pattern.ReleasePattern(releases)
        return tuple(
            found
            for path in self.paths()
            if pattern.may_be_in(content := self._content(path))
            and (found := forms.deliverable(content, path).deliverable)
        )

    def relative(self, path: str) -> str:
        """Return a deliverable file's path relative to the checkout.

        :param path: absolute, or relative to the working directory or to
            the checkout
        :raises Misconfigured: it is not there, or not below the checkout's
            deliverables
        """
        candidates = [os.path.abspath(path)]
        if not os.path.isabs(path):
            candidates.append(os.path.normpath(os.path.join(self.root, path)))
        there = [one for one in candidates if os.path.isfile(one)]
        for candidate in there:
            # Both may be reached by a symbolic link; the name that the file
            # has in the checkout is the one that counts.
            for file, root in (
                (candidate, self.root),
                (os.path.realpath(candidate), os.path.realpath(self.root)),
            ):
                parts = os.path.relpath(file, root).split(os.sep)
                if (
                    len(parts) == 3
                    and parts[0] == DELIVERABLES
                    and parts[2].endswith('.yaml')
                ):
                    return '/'.join(parts)
        if not there:
            raise exceptions.Misconfigured(
                f'there is no file {path}, neither here nor in {self.root}',
                path,
            )
        raise exceptions.Misconfigured(
            f'{path} is no deliverable file of {self.root}: it must be '
            f'{DELIVERABLES}/SERIES/NAME.yaml there',
            path,
        )

    def place(self, path: str, key: located.KeyPath) -> located.Place:
        """Return line and column of a key; the place alone if not found."""
        try:
            content = self._content(path)
        except exceptions.Unavailable:
            return located.Place(path, key)
        position = yamlfile.locate(content, [key]).get(key)
        if position is None:
            return located.Place(path, key)
        return located.Place(path, key, *position)

    def head(self) -> knowledge.Knowledge[str | None]:
        """Return the commit at HEAD; None where this is no git checkout.

        Files in a directory of another repository are no git checkout: that
        repository's HEAD says nothing of them.
        """
        if not os.path.lexists(os.path.join(self.root, '.git')):
            return knowledge.Known(None)
        what = f'the commit at HEAD of {self.root}'
        output = self._git(
            what, 'rev-parse', '--show-toplevel', '--verify', 'HEAD^{commit}'
        )
        if isinstance(output, knowledge.Unknown):
            return output
        # The top may hold line breaks, a commit holds none.
        top, _, last = output.value.removesuffix(b'\n').rpartition(b'\n')
        toplevel = os.fsdecode(top)
        if os.path.realpath(toplevel) != os.path.realpath(self.root):
            return knowledge.Unknown(
                what, f'git takes {toplevel} for the top of the work tree'
            )
        commit = last.decode('ascii', 'replace')
        if not names.is_commit_hash(commit):
            return knowledge.Unknown(
                what, f'git answered {commit!r}, which is no SHA-1 hash'
            )
        return knowledge.Known(commit)

    def as_committed(self, path: str) -> knowledge.Knowledge[bool]:
        """Say whether a file has the very bytes that HEAD has.

        The bytes that were read as a deliverable are compared, not what the
        file may have become since. Git's own opinion of the work tree is not
        asked: ``assume-unchanged`` would colour it.

        :param path: relative to the checkout
        """
        what = f'whether {path} is as committed at HEAD'
        head = self.head()
        if isinstance(head, knowledge.Unknown):
            return knowledge.Unknown(what, head.why)
        if head.value is None:
            return knowledge.Unknown(what, f'{self.root} is no git checkout')
        entry = self._git(
            what, 'ls-tree', '-z', '--full-tree', head.value, '--', path
        )
        if isinstance(entry, knowledge.Unknown):
            return entry
        fields = entry.value.partition(b'\t')[0].split()
        if len(fields) != 3 or fields[1] != b'blob':
            return knowledge.Known(False)
        blob = self._git(what, 'cat-file', 'blob', fields[2].decode())
        if isinstance(blob, knowledge.Unknown):
            return blob
        digest = self._digests.get(path)
        if digest is None:
            try:
                digest = _digest(self._content(path))
            except exceptions.Unavailable as error:
                return knowledge.Unknown(what, str(error))
        return knowledge.Known(_digest(blob.value) == digest)

    def read_series(self) -> tuple[series.Series, ...]:
        """Return every series; none where the checkout has no list.

        :raises Misconfigured: ``data/series_status.yaml`` is malformed
        :raises Unavailable: it cannot be read
        """
        if not os.path.lexists(self._on_disk(series.STATUS_FILE)):
            return ()
        content = self._content(series.STATUS_FILE)
        document = yamlfile.read(content, series.STATUS_FILE)
        found: tuple[series.Series, ...] = ()
        problems = document.problems
        if document.readable:
            found, wrong = series_form.read(document.data, series.STATUS_FILE)
            problems += wrong
        if problems:
            raise exceptions.Misconfigured(
                f'{series.STATUS_FILE} of {self.root} is malformed',
                series.STATUS_FILE,
                yamlfile.with_lines(content, problems),
            )
        return found

    def key_files(self) -> tuple[str, ...]:
        """Return the public signing keys of the cycles, oldest first.

        A file that lies beside them and is in no series' entry is no key of
        a cycle. gpg notes the certifications that link the keys only where
        the older key is there first.

        :returns: paths on disk
        :raises Misconfigured: ``data/series_status.yaml`` is malformed
        :raises Unavailable: it cannot be read
        """
        keys = [one.key for one in self.read_series() if one.key is not None]
        paths = (
            self._on_disk(f'{KEY_FILES}/0x{key.primary.lower()}.txt')
            for key in sorted(keys, key=lambda key: key.start)
        )
        return tuple(path for path in paths if os.path.isfile(path))

    def paths(self) -> tuple[str, ...]:
        """Return every deliverable file, relative to the checkout, sorted.

        :raises Unavailable: the checkout cannot be read
        """
        return tuple(self._walk())

    def _walk(self) -> Iterator[str]:
        try:
            above = os.path.join(self.root, DELIVERABLES)
            for directory in _listed(above):
                if not directory.is_dir():
                    continue
                for entry in _listed(directory.path):
                    if entry.name.endswith('.yaml') and entry.is_file():
                        yield f'{DELIVERABLES}/{directory.name}/{entry.name}'
        except OSError as error:
            raise exceptions.Unavailable(
                f'the deliverable files of {self.root}', str(error)
            ) from error

    def _on_disk(self, path: str) -> str:
        return os.path.join(self.root, path)

    def _content(self, path: str) -> bytes:
        try:
            return yamlfile.content(self._on_disk(path))
        except OSError as error:
            raise exceptions.Unavailable(
                f'reading {path} of {self.root}', error.strerror or str(error)
            ) from error

    def _git(
        self, what: str, *arguments: str
    ) -> knowledge.Known[bytes] | knowledge.Unknown:
        """Run git in the checkout; its own words where it fails."""
        try:
            done = self._programs.run([*_GIT, '-C', self.root, *arguments])
        except exceptions.Unavailable as error:
            return knowledge.Unknown(what, str(error))
        if done.returncode != 0:
            return knowledge.Unknown(
                what,
                done.stderr.strip() or f'git ended with {done.returncode}',
            )
        return knowledge.Known(done.stdout)


def _may_hide_an_order(problem: located.Problem) -> bool:
    """Say whether an order may be missing for this.

    The same words may stand in files of other projects; what is wrong with
    their branches is of no interest here.
    """
    key = problem.place.key
    return not key or key[0] not in _NO_ORDERS_STAND_IN


def _listed(directory: str) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        return sorted(
            (entry for entry in entries if not entry.name.startswith('.')),
            key=lambda entry: entry.name,
        )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
