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
import datetime
from typing import Any

import testtools

from openstack_publish.model import checking
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import publishing
from openstack_publish.rules import order_changes
from openstack_publish.rules import order_project
from tests.support import demo
from tests.unit.rules import test_order_changes

YES = publishing.Reach('yes', 'it has a template')
UNKNOWN = publishing.Reach('unknown', 'it has no template')
ABSENT = knowledge.Unknown('a part', 'it is not there')


def overview(**changes: Any) -> listing.Overview:
    """Return a project of ours with a release 1.0.0 of an hour ago."""
    sound = listing.Overview(
        project=names.project_name('os-vif'),
        new=knowledge.Known(False),
        status=knowledge.Known('active'),
        files=knowledge.Known((demo.listed_file('os_vif-1.0.0.tar.gz'),)),
        maintainers=knowledge.Known(
            maintainers.Maintainers(
                (maintainers.Role('openstackci', 'Owner'),),
                knowledge.Known(None),
            )
        ),
    )
    return dataclasses.replace(sound, **changes)


def new(**changes: Any) -> listing.Overview:
    """Return a project that the index does not have."""
    return overview(
        new=knowledge.Known(True),
        status=ABSENT,
        files=knowledge.Known(()),
        maintainers=ABSENT,
        **changes,
    )


def subject(
    version: str = '1.1.0', *, is_new: bool = True
) -> checking.Subject:
    """Return an order for a version."""
    (last,) = order_changes.last(
        test_order_changes.file((version, test_order_changes.A))
    )
    return dataclasses.replace(last, added=is_new)


def said(
    about: checking.Subject,
    project: listing.Overview,
    reach: publishing.Reach = YES,
    kind: listing.IndexKind = 'pypi',
) -> set[tuple[str, str]]:
    """Return code and verdict of each finding."""
    found = order_project.project(
        about,
        project,
        reach,
        order_project.Terms(policy.Policy('test'), kind, demo.NOW),
    )
    for each in found:
        assert each.path == test_order_changes.PATH, each
        assert each.key, each
    return {(each.code, each.verdict) for each in found}


class TestProject(testtools.TestCase):
    def test_a_sound_project_is_not_spoken_of(self) -> None:
        self.assertEqual(set(), said(subject(), overview()))

    def test_what_the_index_leaves_open_stays_unknown(self) -> None:
        for part, code in (
            ('new', 'OSP316'),
            ('status', 'OSP316'),
            ('files', 'OSP316'),
            ('maintainers', 'OSP404'),
        ):
            self.assertEqual(
                {(code, 'unknown')},
                said(subject(), overview(**{part: ABSENT})),
                part,
            )

    def test_nothing_known_at_all_is_unknown_and_not_absent(self) -> None:
        dark = overview(
            new=ABSENT, status=ABSENT, files=ABSENT, maintainers=ABSENT
        )
        for reach in (YES, UNKNOWN):
            self.assertEqual(
                {('OSP316', 'unknown')}, said(subject(), dark, reach)
            )
            self.assertFalse(order_project.is_absent(dark, reach))

    def test_a_document_that_did_not_come_is_told_once(self) -> None:
        """Files and status are two parts of it."""
        dark = overview(files=ABSENT, status=ABSENT)
        found = order_project.project(
            subject(),
            dark,
            YES,
            order_project.Terms(policy.Policy('test'), 'pypi', demo.NOW),
        )
        self.assertEqual(['OSP316'], [each.code for each in found])

    def test_a_version_that_is_there(self) -> None:
        there = subject('1.0.0')
        self.assertEqual({('OSP326', 'failed')}, said(there, overview()))
        self.assertEqual(
            {('OSP326', 'noted')},
            said(subject('1.0.0', is_new=False), overview()),
        )

    def test_a_version_that_is_closed(self) -> None:
        for days, codes in (
            (14.0, {'OSP326'}),
            (14.1, {'OSP326', 'OSP304'}),
        ):
            when = demo.NOW - datetime.timedelta(days=days)
            old = overview(
                files=knowledge.Known(
                    (demo.listed_file('os_vif-1.0.0.tar.gz', uploaded=when),)
                )
            )
            self.assertEqual(
                codes, {code for code, _ in said(subject('1.0.0'), old)}
            )
            # PyPI's alone.
            self.assertEqual(
                {'OSP326'},
                {
                    code
                    for code, _ in said(subject('1.0.0'), old, kind='plain')
                },
            )

    def test_a_project_that_will_be_new(self) -> None:
        self.assertEqual(
            {('OSP317', 'noted'), ('OSP319', 'noted'), ('OSP408', 'noted')},
            said(subject(), new()),
        )
        self.assertIn(
            ('OSP301', 'failed'),
            said(subject(), new(project=names.project_name('queue'))),
        )

    def test_a_name_that_no_project_may_have(self) -> None:
        """Of a repository, since the file's own fields are checked before."""
        (last,) = order_changes.last(
            test_order_changes.file(
                ('1.0.0', test_order_changes.A), repo='openstack/os_'
            )
        )
        self.assertIn(
            ('OSP301', 'failed'),
            said(last, new(project=names.project_name('os_'))),
        )

    def test_what_need_not_be_there_is_absent(self) -> None:
        self.assertEqual(
            {('OSP327', 'noted')}, said(subject(), new(), UNKNOWN)
        )
        self.assertTrue(order_project.is_absent(new(), UNKNOWN))
        self.assertFalse(order_project.is_absent(new(), YES))
        self.assertFalse(order_project.is_absent(overview(), UNKNOWN))
        self.assertFalse(order_project.is_absent(None, UNKNOWN))

    def test_a_release_above_the_last_one_is_told_unless_it_is_there(
        self,
    ) -> None:
        above = dataclasses.replace(subject(), is_last=False)
        for project in (overview(), new()):
            self.assertIn(('OSP126', 'failed'), said(above, project))
        there = dataclasses.replace(subject('1.0.0'), is_last=False)
        self.assertNotIn(('OSP126', 'failed'), said(there, overview()))

    def test_a_project_that_was_given_up(self) -> None:
        name = names.project_name('os-vif')
        given_up = policy.ProjectPolicy(
            policy.MaintainersPolicy(),
            policy.ReleasePolicy(),
            relinquished=datetime.date(2023, 2, 15),
        )
        terms = order_project.Terms(
            policy.Policy('test', projects={name: given_up}),
            'pypi',
            demo.NOW,
        )
        found = order_project.project(subject(), overview(), YES, terms)
        self.assertEqual(['OSP405'], [each.code for each in found])
