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

"""What a commit holds, read from repositories that may lie."""

from __future__ import annotations

import os
import pathlib
import zlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import processes
from openstack_publish.gates import sourcetree
from openstack_publish.model import source
from tests.support import gitrepo

EVIL = b'evil\n'
GOOD = b'good\n'


def nothing(path: str) -> bool:
    return False


def everything(path: str) -> bool:
    return True


class SourceTreeTestCase(testtools.TestCase):
    """A real git repository with one commit."""

    def setUp(self) -> None:
        super().setUp()
        self.repo = self.useFixture(gitrepo.GitRepository())
        self.repo.write('demo/main.py', GOOD.decode())
        self.repo.write('setup.cfg', '[metadata]\n')
        self.commit = self.repo.commit()

    def gate(self, place: pathlib.Path | None = None) -> sourcetree.SourceTree:
        return sourcetree.SourceTree(
            str(place or self.repo.root), self.repo.programs
        )

    def tree(self, commit: str | None = None) -> source.Tree:
        """Read a commit that has to be there."""
        found = self.gate().read(commit or self.commit, everything)
        assert isinstance(found, source.Tree), found
        return found

    def refusal(self, commit: str | None = None) -> str:
        """Return why the repository does not show a commit."""
        found = self.gate().read(commit or self.commit, everything)
        assert isinstance(found, source.NoTree), found
        return found.why

    def unavailable(self, commit: str | None = None) -> str:
        """Return why a commit could not be read."""
        error = self.assertRaises(
            exceptions.Unavailable,
            self.gate().read,
            commit or self.commit,
            everything,
        )
        return str(error)

    def object_path(self, id_: str) -> pathlib.Path:
        return self.repo.root / '.git' / 'objects' / id_[:2] / id_[2:]

    def forge(self, id_: str, kind: str, content: bytes) -> None:
        """Put another content under the name of an object."""
        path = self.object_path(id_)
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        head = f'{kind} {len(content)}\0'.encode()
        path.write_bytes(zlib.compress(head + content))

    def hashed(self, kind: str, content: bytes) -> str:
        """Store an object, whatever its form, and return its id."""
        (self.repo.root / 'raw').write_bytes(content)
        return self.repo.git(
            *('hash-object', '-w', '--literally', '-t', kind, 'raw')
        )


class TestPlace(SourceTreeTestCase):
    def test_a_directory_that_is_not_there(self) -> None:
        error = self.assertRaises(
            exceptions.Misconfigured, self.gate, self.repo.root / 'nowhere'
        )
        self.assertIn('there is no directory', error.message)
        self.assertEqual('--source-tree', error.where)

    def test_a_directory_in_no_repository(self) -> None:
        empty = self.useFixture(fixtures.TempDir()).path
        error = self.assertRaises(
            exceptions.Misconfigured, self.gate, pathlib.Path(empty)
        )
        self.assertEqual(f'{empty} is no git repository', error.message)

    def test_git_that_is_not_there_is_told_when_it_is_needed(self) -> None:
        nowhere = processes.Processes({'PATH': '/nonexistent'})
        gate = sourcetree.SourceTree(str(self.repo.root), nowhere)
        error = self.assertRaises(
            exceptions.Unavailable, gate.read, self.commit, nothing
        )
        self.assertEqual('running git: git is not there', str(error))

    def test_a_clone_of_somebody_else_is_not_read(self) -> None:
        """git refuses it, and its words say what to do."""
        self.repo.programs.environment['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1'
        self.assertIn('safe.directory', self.unavailable())

    def test_a_bare_clone_a_subdirectory_and_a_name_like_an_option(
        self,
    ) -> None:
        above = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        bare = above / '-bare'
        self.repo.git('clone', '--quiet', '--bare', '.', str(bare))
        for place in (bare, self.repo.root / 'demo'):
            found = self.gate(place).read(self.commit, nothing)
            assert isinstance(found, source.Tree), found
            self.assertEqual(self.tree().entries, found.entries)
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(above)
        self.assertIsInstance(
            self.gate(pathlib.Path('-bare')).read(self.commit, nothing),
            source.Tree,
        )


class TestTree(SourceTreeTestCase):
    def test_every_file_with_the_id_of_its_content(self) -> None:
        self.assertEqual(
            {
                'demo/main.py': source.Entry('file', source.blob_id(GOOD)),
                'setup.cfg': source.Entry(
                    'file', source.blob_id(b'[metadata]\n')
                ),
            },
            self.tree().entries,
        )

    def test_it_is_what_git_itself_lists(self) -> None:
        for path in ('a b/c', 'a/b', 'a.b', 'a-b/c', 'ä/ö', 'deep/er/still'):
            self.repo.write(path, path)
        commit = self.repo.commit()
        listed = self.repo.git('ls-tree', '-r', '-z', commit).split('\0')
        self.assertEqual(
            {
                line.partition('\t')[2]: line.split()[2]
                for line in listed
                if line
            },
            {path: one.id for path, one in self.tree(commit).entries.items()},
        )

    def test_only_what_is_wanted_is_read(self) -> None:
        found = self.gate().read(self.commit, lambda path: path == 'setup.cfg')
        assert isinstance(found, source.Tree)
        self.assertEqual({'setup.cfg': b'[metadata]\n'}, found.contents)

    def test_links_submodules_and_executables(self) -> None:
        os.symlink('demo/main.py', self.repo.root / 'link')
        os.chmod(self.repo.write('run', '#!/bin/sh'), 0o755)
        self.repo.git(
            *('update-index', '--add', '--cacheinfo'),
            f'160000,{"d" * 40},vendor/lib',
        )
        found = self.tree(self.repo.commit())
        self.assertEqual('link', found.entries['link'].kind)
        self.assertEqual({'link': 'demo/main.py'}, found.links)
        self.assertEqual('file', found.entries['run'].kind)

    def test_a_submodule_is_an_entry_with_its_commit(self) -> None:
        self.repo.git(
            *('update-index', '--add', '--cacheinfo'),
            f'160000,{"d" * 40},vendor/lib',
        )
        self.repo.git('commit', '--quiet', '--message', 'A submodule')
        found = self.tree(self.repo.git('rev-parse', 'HEAD'))
        self.assertEqual(
            source.Entry('submodule', 'd' * 40), found.entries['vendor/lib']
        )

    def test_a_name_that_is_not_utf_8_becomes_text(self) -> None:
        name = os.fsencode(self.repo.root) + b'/\xff.py'
        with open(name, 'wb') as file:
            file.write(GOOD)
        found = self.tree(self.repo.commit())
        self.assertIn('\\xff.py', found.entries)

    def test_the_empty_tree(self) -> None:
        self.repo.git('rm', '--quiet', '-r', '.')
        self.repo.git('commit', '--quiet', '--message', 'Nothing')
        self.assertEqual(
            {}, self.tree(self.repo.git('rev-parse', 'HEAD')).entries
        )


class TestWorkTree(SourceTreeTestCase):
    """What is not committed is not looked at."""

    def test_a_changed_work_tree_and_index_change_nothing(self) -> None:
        before = self.tree()
        self.repo.write('demo/main.py', EVIL.decode())
        self.repo.write('evil.py', EVIL.decode())
        self.repo.write('.gitattributes', '* export-subst eol=crlf ident\n')
        self.repo.git('add', '--all')
        self.assertEqual(before, self.tree())

    def test_filters_of_the_repository_are_not_run(self) -> None:
        self.repo.git('config', 'filter.evil.smudge', 'touch evil; cat')
        self.repo.git('config', 'filter.evil.clean', 'cat')
        self.repo.write('.gitattributes', '*.cfg filter=evil\n')
        found = self.tree(self.repo.commit())
        self.assertEqual(b'[metadata]\n', found.contents['setup.cfg'])
        self.assertFalse((self.repo.root / 'evil').exists())


class TestMissing(SourceTreeTestCase):
    def test_a_commit_that_is_not_there(self) -> None:
        self.assertEqual(
            f'{self.repo.root} does not hold the commit {"a" * 40}',
            self.refusal('a' * 40),
        )

    def test_what_is_no_whole_hash_is_not_handed_to_git(self) -> None:
        for text in ('HEAD', self.commit[:39], '--batch', 'a\nb', ''):
            self.assertIn('is no whole SHA-1 hash', self.refusal(text or ' '))

    def test_an_object_of_another_kind(self) -> None:
        self.repo.git('tag', '-a', '-m', 'A tag', '1.0.0')
        for kind, name in (
            ('tag', '1.0.0'),
            ('tree', 'HEAD^{tree}'),
            ('blob', 'HEAD:setup.cfg'),
        ):
            id_ = self.repo.git('rev-parse', name)
            self.assertEqual(
                f'{id_} is no commit in {self.repo.root} but a {kind}',
                self.refusal(id_),
            )

    def test_a_tree_or_content_that_is_not_there_is_unknown(self) -> None:
        for name in ('HEAD:setup.cfg', 'HEAD:demo', 'HEAD^{tree}'):
            id_ = self.repo.git('rev-parse', name)
            self.object_path(id_).unlink()
            self.assertIn(f'the object {id_} is not there', self.unavailable())

    def test_what_a_partial_clone_lacks_is_not_fetched(self) -> None:
        """The program that would fetch it is the repository's to name."""
        proof = self.repo.root / 'fetched'
        for key, value in (
            ('remote.origin.url', f'ext::touch {proof}'),
            ('remote.origin.promisor', 'true'),
            ('remote.origin.partialclonefilter', 'blob:none'),
            ('extensions.partialclone', 'origin'),
            ('core.repositoryformatversion', '1'),
            ('protocol.ext.allow', 'always'),
        ):
            self.repo.git('config', key, value)
        self.object_path(self.repo.git('rev-parse', 'HEAD:demo')).unlink()
        self.unavailable()
        self.assertFalse(proof.exists())

    def test_a_repository_with_sha_256_holds_no_such_commit(self) -> None:
        root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.repo.git('init', '--quiet', '--object-format=sha256', str(root))
        other = gitrepo.GitRepository(root)
        self.useFixture(other)
        other.write('a', 'a')
        whole = other.commit()
        self.assertEqual(64, len(whole))
        for commit in (whole[:40], whole):
            found = self.gate(root).read(commit, nothing)
            self.assertIsInstance(found, source.NoTree)


class TestLies(SourceTreeTestCase):
    """A repository that somebody changed says so, or nothing."""

    def test_a_replaced_commit_stands_for_nothing(self) -> None:
        before = self.tree()
        self.repo.write('demo/main.py', EVIL.decode())
        evil = self.repo.commit()
        self.repo.git('replace', self.commit, evil)
        for name in ('HEAD~:demo/main.py', 'HEAD~^{tree}'):
            # git itself believes it.
            self.assertEqual(
                self.repo.git('rev-parse', name.replace('HEAD~', evil)),
                self.repo.git('rev-parse', name.replace('HEAD~', self.commit)),
            )
        self.assertEqual(before, self.tree())

    def test_a_graft_changes_nothing(self) -> None:
        info = self.repo.root / '.git' / 'info'
        info.mkdir(exist_ok=True)
        (info / 'grafts').write_text(f'{self.commit} {"b" * 40}\n')
        self.assertEqual(2, len(self.tree().entries))

    def test_a_forged_commit_tree_or_content(self) -> None:
        self.repo.write('setup.cfg', EVIL.decode())
        evil = self.repo.commit()
        for name in ('^{tree}', '', ':setup.cfg'):
            kind = self.repo.git('cat-file', '-t', f'{evil}{name}')
            raw = self.repo.programs.run(
                ['git', 'cat-file', kind, f'{evil}{name}'],
                cwd=str(self.repo.root),
            ).stdout
            id_ = self.repo.git('rev-parse', f'{self.commit}{name}')
            kept = self.object_path(id_).read_bytes()
            self.forge(id_, kind, raw)
            self.assertEqual(
                f'what {self.repo.root} has under the name {id_} has the '
                f'hash {self.repo.git("rev-parse", evil + name)}: the '
                'repository is damaged or was tampered with',
                self.refusal(),
            )
            self.object_path(id_).chmod(0o644)
            self.object_path(id_).write_bytes(kept)
        self.assertEqual(2, len(self.tree().entries))

    def test_an_object_that_git_cannot_read(self) -> None:
        id_ = self.repo.git('rev-parse', 'HEAD^{tree}')
        self.object_path(id_).unlink()
        self.object_path(id_).write_bytes(b'no zlib stream')
        self.assertIn(id_, self.unavailable())


class TestMalformed(SourceTreeTestCase):
    """Objects that have their hash and break their form."""

    def of_tree(self, content: bytes) -> str:
        tree = self.hashed('tree', content)
        return self.hashed('commit', f'tree {tree}\n\nA commit\n'.encode())

    def test_a_commit_without_a_tree(self) -> None:
        for content in (b'', b'parent x\n', b'tree \n', b'tree\n'):
            commit = self.hashed('commit', content)
            self.unavailable(commit)

    def test_a_tree_that_ends_early_or_has_no_mode(self) -> None:
        entry = b'100644 a\0' + bytes(20)
        for content in (
            *(b'x', b'100644 a', b'100644 a\0short', b'100644\0' + bytes(20)),
            *(b'rw a\0' + bytes(20), b'100644 \0' + bytes(20)),
            # a device, a name twice
            *(b'20644 a\0' + bytes(20), entry + entry),
        ):
            self.assertIn(
                'is malformed', self.unavailable(self.of_tree(content))
            )

    def test_a_tree_that_is_a_file(self) -> None:
        blob = self.repo.git('rev-parse', 'HEAD:setup.cfg')
        commit = self.hashed('commit', f'tree {blob}\n\nx\n'.encode())
        self.assertIn('is malformed', self.unavailable(commit))

    def test_a_file_that_is_a_tree(self) -> None:
        tree = bytes.fromhex(self.repo.git('rev-parse', 'HEAD:demo'))
        self.assertIn(
            'is malformed',
            self.unavailable(self.of_tree(b'100644 a\0' + tree)),
        )


class TestLimits(SourceTreeTestCase):
    def limit(self, name: str, value: int) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                f'openstack_publish.gates.sourcetree.{name}', value
            )
        )

    def test_entries(self) -> None:
        """A directory that holds itself twice, ten times over."""
        tree = self.repo.git('rev-parse', 'HEAD^{tree}')
        for _ in range(10):
            id_ = bytes.fromhex(tree)
            tree = self.hashed(
                'tree',
                b'40000 a\0' + id_ + b'40000 b\0' + id_,
            )
        commit = self.hashed('commit', f'tree {tree}\n\nx\n'.encode())
        self.limit('ENTRIES', 1000)
        self.assertIn(
            'it has more than 1000 entries, the limit',
            self.unavailable(commit),
        )

    def test_paths(self) -> None:
        self.limit('NAMES', 10)
        self.assertIn(
            'its paths have more than 10 characters', self.unavailable()
        )

    def test_contents(self) -> None:
        self.limit('CONTENT_SIZE', 4)
        self.assertIn('has 11 bytes; the limit is 4', self.unavailable())

    def test_trees(self) -> None:
        self.limit('TREE_SIZE', 100)
        self.assertIn('bytes; the limit is 100', self.unavailable())

    def test_links(self) -> None:
        blob = self.repo.write('target', 'x' * 5000)
        id_ = self.repo.git('hash-object', '-w', str(blob))
        blob.unlink()
        self.repo.git(
            'update-index', '--add', '--cacheinfo', f'120000,{id_},l'
        )
        self.repo.git('commit', '--quiet', '--message', 'A link')
        self.assertIn(
            'has 5000 bytes; the limit is 4096',
            self.unavailable(self.repo.git('rev-parse', 'HEAD')),
        )
