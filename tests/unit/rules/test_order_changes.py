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

from __future__ import annotations

import dataclasses

import testtools

from openstack_publish.model import checking
from openstack_publish.model import deliverable
from openstack_publish.model import located
from openstack_publish.model import publishing
from openstack_publish.rules import order_changes

A, B = 'a' * 40, 'b' * 40
REPO = 'openstack/os-vif'
PATH = 'deliverables/hibiscus/os-vif.yaml'


def file(
    *orders: tuple[str, str], path: str = PATH, repo: str = REPO
) -> deliverable.Deliverable:
    """Return a deliverable that orders versions at commits."""
    return deliverable.Deliverable(
        path=path,
        series='hibiscus',
        name='os-vif',
        team='nova',
        releases=tuple(
            deliverable.Release(
                version,
                (
                    deliverable.ReleasedRepo(
                        repo, commit, key=('releases', index, 'projects', 0)
                    ),
                ),
                key=('releases', index),
            )
            for index, (version, commit) in enumerate(orders)
        ),
    )


def added(
    before: deliverable.Deliverable | None,
    after: deliverable.Deliverable,
    *others: deliverable.Deliverable,
) -> tuple[checking.Subject, ...]:
    """Return what a change adds; other files were there before it."""
    was = [each for each in (before, *others) if each is not None]
    return order_changes.added(after, before, order_changes.orders_of(was))


class TestAdded(testtools.TestCase):
    def test_of_a_new_file_every_order_is_added(self) -> None:
        subjects = added(None, file(('1.0.0', A), ('1.1.0', B)))
        self.assertEqual(
            [('1.0.0', False, 0), ('1.1.0', True, 1)],
            [
                (each.order.version, each.is_last, len(each.earlier))
                for each in subjects
            ],
        )
        self.assertTrue(all(each.added for each in subjects))

    def test_only_what_was_not_there_is_added(self) -> None:
        before = file(('1.0.0', A))
        self.assertEqual((), added(before, before))
        (subject,) = added(before, file(('1.0.0', A), ('1.1.0', B)))
        self.assertEqual('1.1.0', subject.order.version)
        self.assertIsNone(subject.moved_from)

    def test_another_commit_is_a_new_order_that_moves_the_old_one(
        self,
    ) -> None:
        (subject,) = added(file(('1.0.0', A)), file(('1.0.0', B)))
        self.assertEqual(A, subject.moved_from)

    def test_what_only_moves_to_another_file_is_not_added(self) -> None:
        other = file(('1.0.0', A), path=f'{PATH}.old')
        (subject,) = added(None, file(('1.0.0', A), ('1.1.0', B)), other)
        self.assertEqual('1.1.0', subject.order.version)

    def test_the_last_orders_of_a_file_are_not_said_to_be_new(self) -> None:
        self.assertEqual((), order_changes.last(file()))
        (subject,) = order_changes.last(file(('1.0.0', A), ('1.1.0', B)))
        self.assertEqual('1.1.0', subject.order.version)
        self.assertFalse(subject.added)


class TestOrder(testtools.TestCase):
    def subject(self) -> checking.Subject:
        before = file(('1.0.0', A))
        (subject,) = added(before, file(('1.0.0', A), ('1.1.0', B)))
        return subject

    def codes(
        self,
        subject: checking.Subject,
        *others: deliverable.Deliverable,
    ) -> list[str]:
        return [found.code for found in order_changes.order(subject, others)]

    def test_a_sound_order_is_not_spoken_of(self) -> None:
        subject = self.subject()
        assert subject.order.deliverable is not None
        self.assertEqual([], self.codes(subject, subject.order.deliverable))

    def test_a_moved_order_names_both_commits(self) -> None:
        (subject,) = added(file(('1.0.0', A)), file(('1.0.0', B)))
        (found,) = order_changes.order(subject, ())
        self.assertEqual('OSP125', found.code)
        self.assertIn(A, found.message)
        self.assertIn(B, found.message)
        self.assertEqual(('releases', 0, 'projects', 0, 'hash'), found.key)

    def test_another_file_with_another_commit_disagrees(self) -> None:
        other = f'{PATH}.other'
        self.assertEqual(
            ['OSP103'],
            self.codes(self.subject(), file(('1.1.0', A), path=other)),
        )
        for agrees in (
            file(('1.1.0', B), path=other),
            file(('1.2.0', A), path=other),
            file(('1.1.0', A), path=other, repo='openstack/nova'),
        ):
            self.assertEqual([], self.codes(self.subject(), agrees))

    def test_only_an_added_release_that_is_not_last_is_passed_over(
        self,
    ) -> None:
        last = self.subject()
        self.assertEqual((), order_changes.not_last(last))
        above = dataclasses.replace(last, is_last=False)
        (found,) = order_changes.not_last(above)
        self.assertEqual('OSP126', found.code)
        old = dataclasses.replace(above, added=False)
        self.assertEqual((), order_changes.not_last(old))

    def test_what_does_not_reach_the_index_is_noted(self) -> None:
        order = self.subject().order
        for answer, words in (
            ('no', 'does not reach PyPI: since'),
            ('unknown', 'may reach PyPI or not: since'),
        ):
            reach = publishing.Reach(answer, 'since')  # type: ignore[arg-type]
            (found,) = order_changes.reach(order, reach)
            self.assertEqual(('OSP124', 'note'), (found.code, found.severity))
            self.assertIn(words, found.message)
        self.assertEqual(
            (), order_changes.reach(order, publishing.Reach('yes', 'since'))
        )


class TestFile(testtools.TestCase):
    def removed(
        self,
        before: deliverable.Deliverable | None,
        after: deliverable.Deliverable | None,
        *others: deliverable.Deliverable,
    ) -> list[str]:
        """Return the messages about what a change takes away."""
        known = order_changes.orders_of(
            each for each in (after, *others) if each is not None
        )
        found = order_changes.removed(PATH, before, after, known)
        for each in found:
            self.assertEqual(('OSP127', 'warning'), (each.code, each.severity))
        return [each.message for each in found]

    def test_orders_that_are_gone_are_named(self) -> None:
        before = file(('1.0.0', A), ('1.1.0', B))
        self.assertEqual([], self.removed(before, before))
        self.assertEqual([], self.removed(None, before))
        self.assertEqual([], self.removed(file(), None))
        self.assertEqual(
            [f'the file loses orders: {REPO} 1.1.0 at {B}'],
            self.removed(before, file(('1.0.0', A))),
        )
        (message,) = self.removed(before, None)
        self.assertIn('the file is removed', message)

    def test_a_moved_order_is_not_gone(self) -> None:
        before = file(('1.0.0', A))
        self.assertEqual([], self.removed(before, file(('1.0.0', B))))
        self.assertEqual(
            [], self.removed(before, None, file(('1.0.0', A), path='other'))
        )

    def test_of_many_ten_are_named(self) -> None:
        many = file(*((f'1.{number}.0', A) for number in range(12)))
        (message,) = self.removed(many, None)
        self.assertIn('1.9.0', message)
        self.assertNotIn('1.10.0', message)
        self.assertIn('and 2 more', message)

    def test_remarks_fail_where_the_change_brings_them(self) -> None:
        remark = located.Problem(
            located.Place(PATH, ('repository-settings',), 5), 'is odd'
        )
        plain = file(('1.0.0', A))
        odd = dataclasses.replace(plain, remarks=(remark,))
        for before, verdict in (
            (None, 'noted'),
            (odd, 'noted'),
            (plain, 'failed'),
        ):
            (found,) = order_changes.remarks(odd, before)
            self.assertEqual(
                ('OSP101', verdict, 5),
                (found.code, found.verdict, found.line),
            )
        self.assertEqual((), order_changes.remarks(plain, odd))
