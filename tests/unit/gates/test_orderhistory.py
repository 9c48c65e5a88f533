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

"""Which commit made an order what it is, asked of real git."""

from __future__ import annotations

import datetime
import pathlib

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import checkout
from openstack_publish.gates import orderhistory
from openstack_publish.model import deliverable
from openstack_publish.model import names
from tests.support import gitrepo

PATH = 'deliverables/gazpacho/os-vif.yaml'
REPO = 'openstack/os-vif'
HEAD = 'team: nova\ntype: library\nlaunchpad: os-vif\nreleases:\n'
CHANGE_ID = 'I0123456789abcdef0123456789abcdef01234567'


def release(version: str, commit: str = gitrepo.COMMIT_A) -> str:
    """Return one entry of ``releases``."""
    return (
        f'  - version: {version}\n'
        '    projects:\n'
        f'      - repo: {REPO}\n'
        f'        hash: {commit}\n'
    )


class TestOrderHistory(testtools.TestCase):
    """A deliverable file with a history of its own."""

    def setUp(self) -> None:
        super().setUp()
        self.repo = self.useFixture(gitrepo.GitRepository())
        self.write(HEAD + release('1.0.0.0rc1'))
        self.first = self.commit('Release candidate')

    def write(self, text: str, path: str = PATH) -> None:
        self.repo.write(path, text)

    def commit(self, message: str) -> str:
        self.repo.git('add', '--all')
        self.repo.git('commit', '--quiet', '--message', message)
        return self.repo.git('rev-parse', 'HEAD')

    def order(
        self,
        version: str = '1.0.0',
        root: pathlib.Path | None = None,
        path: str = PATH,
    ) -> deliverable.Order:
        """Return the order as the checkout has it now."""
        gate = checkout.Checkout(
            str(root or self.repo.root), self.repo.programs
        )
        found = gate.find_orders(names.project_name('os-vif'), version)
        (order,) = (one for one in found.orders if one.path == path)
        return order

    def history(
        self, root: pathlib.Path | None = None
    ) -> orderhistory.OrderHistory:
        return orderhistory.OrderHistory(
            str(root or self.repo.root), self.repo.programs
        )

    def test_one_hash_may_be_ordered_as_candidate_and_as_release(
        self,
    ) -> None:
        self.write(HEAD + release('1.0.0.0rc1') + release('1.0.0'))
        second = self.commit('Release it')
        history = self.history()
        for version, commit in (('1.0.0.0rc1', self.first), ('1.0.0', second)):
            found = history.ordered(self.order(version))
            assert found is not None
            self.assertEqual(commit, found.commit)

    def test_author_date_and_change_id_are_those_of_the_commit(self) -> None:
        self.write(HEAD + release('1.0.0'))
        self.repo.git('add', '--all')
        self.repo.git(
            'commit',
            '--quiet',
            '--date=2026-03-01T02:00:00+0200',
            '--message',
            f'Release it\n\nSome words.\n\nChange-Id: {CHANGE_ID}',
        )
        found = self.history().ordered(self.order())
        assert found is not None
        self.assertEqual(CHANGE_ID, found.change_id)
        self.assertEqual('A Tester', found.author)
        self.assertEqual('Release it', found.subject)
        self.assertEqual(
            datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), found.authored
        )

    def test_an_author_who_lives_in_no_year_is_unknown(self) -> None:
        """In his own zone it is 9999 still."""
        for date in ('@253402304400 -0200', '@99999999999999 +0000'):
            self.write(HEAD + release('1.0.0') + f'# {date}\n')
            self.repo.git('add', '--all')
            self.repo.git(
                'commit', '--quiet', f'--date={date}', '--message', 'Late'
            )
            with testtools.ExpectedException(exceptions.Unavailable):
                self.history().ordered(self.order())
            self.repo.git('reset', '--quiet', '--hard', 'HEAD^')

    def test_a_commit_without_a_change_id_has_none(self) -> None:
        found = self.history().ordered(self.order('1.0.0.0rc1'))
        assert found is not None
        self.assertIsNone(found.change_id)

    def test_the_commit_that_changed_the_hash_made_the_order(self) -> None:
        self.write(HEAD + release('1.0.0', gitrepo.COMMIT_B))
        self.commit('Release it')
        self.write(HEAD + release('1.0.0'))
        mended = self.commit('It was another commit')
        self.write(HEAD.replace('os-vif', 'other') + release('1.0.0'))
        self.commit('Something else')
        found = self.history().ordered(self.order())
        assert found is not None
        self.assertEqual(mended, found.commit)

    def test_a_renamed_file_is_followed(self) -> None:
        elsewhere = 'deliverables/_independent/os-vif.yaml'
        (self.repo.root / 'deliverables' / '_independent').mkdir()
        self.repo.git('mv', PATH, elsewhere)
        self.commit('Move it')
        found = self.history().ordered(
            self.order('1.0.0.0rc1', path=elsewhere)
        )
        assert found is not None
        self.assertEqual(self.first, found.commit)

    def test_the_change_is_named_and_not_its_merge(self) -> None:
        self.repo.git('checkout', '--quiet', '-b', 'change')
        self.write(HEAD + release('1.0.0'))
        change = self.commit('Release it')
        self.repo.git('checkout', '--quiet', 'master')
        self.write('x', 'other')
        self.commit('Something else')
        self.repo.git('merge', '--quiet', '--no-ff', '--no-edit', 'change')
        found = self.history().ordered(self.order())
        assert found is not None
        self.assertEqual(change, found.commit)

    def test_a_file_that_was_malformed_then_is_no_obstacle(self) -> None:
        self.write(f'- {gitrepo.COMMIT_A}: [\n' + release('1.0.0'))
        broken = self.commit('Release it')
        self.write(HEAD + release('1.0.0'))
        self.commit('Mend it')
        found = self.history().ordered(self.order())
        assert found is not None
        self.assertEqual(broken, found.commit)

    def test_an_order_in_the_work_tree_alone_is_of_no_commit(self) -> None:
        self.write(HEAD + release('1.0.0'))
        self.assertIsNone(self.history().ordered(self.order()))

    def test_a_shallow_clone_does_not_name_its_first_commit(self) -> None:
        self.write(HEAD + release('1.0.0.0rc1') + release('1.0.0'))
        self.commit('Release it')
        self.write('x', 'other')
        self.commit('Something else')
        clone = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'c')
        self.repo.git(
            'clone',
            '--quiet',
            '--depth=1',
            f'file://{self.repo.root}',
            str(clone),
        )
        error = self.assertRaises(
            exceptions.Unavailable,
            self.history(clone).ordered,
            self.order(root=clone),
        )
        self.assertIn('shallow clone', error.cause)

    def test_what_git_says_is_why_nothing_is_known(self) -> None:
        order = self.order('1.0.0.0rc1')
        root = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        error = self.assertRaises(
            exceptions.Unavailable, self.history(root).ordered, order
        )
        self.assertIn('not a git repository', error.cause)
