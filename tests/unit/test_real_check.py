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

"""``check`` over the real deliverable files, against the stand-in.

The files are those of hibiscus and ``_independent`` as of 2026-08-21, whose
last releases are on the stand-in where project-config says that they reach
PyPI. Whatever is said of them is a false alarm or a real oddity; the
oddities are named here.
"""

from __future__ import annotations

import collections
import datetime
import json
import os
import pathlib
from typing import Any

import fixtures
import testtools

from openstack_publish.gates import checkout
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.model import deliverable
from openstack_publish.rehearsal import server
from openstack_publish.rules import order_changes
from openstack_publish.rules import order_fit
from openstack_publish.rules import order_versions
from openstack_publish.rules import publishing
from tests.support import fast_time
from tests.support import real_releases
from tests.support import scene

NOW = datetime.datetime(2026, 8, 21, 12, tzinfo=datetime.UTC)
SERIES = ('_independent', 'hibiscus')
OLD = frozenset(
    {
        *('austin', 'bexar', 'cactus', 'diablo', 'essex', 'folsom'),
        *('grizzly', 'havana', 'icehouse', 'juno', 'kilo', 'liberty'),
        *('mitaka', 'newton', 'ocata', 'pike'),
    }
)


class TestRealFiles(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.releases = real_releases.directory()
        self.config = real_releases.project_config()
        self.useFixture(fast_time.FixedTime(NOW))
        home = self.useFixture(fixtures.TempDir()).path
        self.useFixture(fixtures.EnvironmentVariable('HOME', home))
        self.checkout = checkout.Checkout(
            str(self.releases), processes.Processes(dict(os.environ))
        )
        self.paths = [
            path
            for path in self.checkout.paths()
            if pathlib.PurePath(path).parts[1] in SERIES
        ]
        # The releases were made 40 days before.
        made = NOW - datetime.timedelta(days=40)
        self.index = server.StandInIndex(now=lambda: made).start()
        self.addCleanup(self.index.stop)

    def fill(self) -> int:
        """Put what reaches PyPI on the index; return how many releases."""
        published = projectconfig.ProjectConfig(str(self.config)).read()
        filled = set()
        for path in self.paths:
            file = self.checkout.read_deliverable(path).deliverable
            assert file is not None
            for subject in order_changes.last(file):
                order = subject.order
                reach = publishing.reaches(
                    order.version, order.repo, published
                )
                if reach.answer != 'yes':
                    continue
                if order.project not in filled:
                    self.index.store.add_project(
                        order.project, owner=scene.USER
                    )
                filled.add(order.project)
                stem = order.project.replace('-', '_')
                for end in ('.tar.gz', '-py3-none-any.whl'):
                    filename = f'{stem}-{order.version}{end}'
                    self.index.store.add_file(
                        order.project,
                        order.version,
                        filename,
                        filename.encode(),
                    )
        return len(filled)

    def check(self) -> tuple[int, list[dict[str, Any]]]:
        """Check every file; return exit code and rows."""
        result = scene.run(
            [
                *('check', '-f', 'json', '--no-cache'),
                *('--releases', str(self.releases)),
                *('--project-config', str(self.config)),
                *('--read-url', self.index.url),
                *(str(self.releases / path) for path in self.paths),
            ],
            {},
        )
        self.assertEqual('', result.stderr)
        return result.code, json.loads(result.stdout)

    def test_nothing_but_known_oddities_is_found(self) -> None:
        self.assertEqual(354, len(self.paths))
        self.assertEqual(169, self.fill())
        code, rows = self.check()
        found = collections.defaultdict(list)
        for row in rows:
            for each in row['findings']:
                found[each['code'], each['severity']].append(row['path'])
        # Version 2.0 has two numbers; openstack/releases has no validator for
        # this file's release-type.
        self.assertEqual(
            ['deliverables/_independent/openstack-virtual-baremetal.yaml'],
            found.pop(('OSP121', 'error')),
        )
        self.assertEqual(1, code)
        # flags: "-retired", which the schema of openstack/releases lets pass.
        self.assertEqual(
            ['deliverables/_independent/pylockfile.yaml'],
            found.pop(('OSP101', 'note')),
        )
        # Every other release with a template is on the index, and what has
        # none is absent or, being a tag, never to be there.
        self.assertEqual(175, len(found.pop(('OSP326', 'note'))))
        absent = found.pop(('OSP327', 'note'))
        self.assertEqual({}, dict(found))
        verdicts = collections.Counter(row['verdict'] for row in rows)
        self.assertEqual(1, verdicts['failed'])
        self.assertEqual(0, verdicts['unknown'])
        self.assertLessEqual(verdicts['absent'], len(absent))
        # The key of hibiscus, certified by that of gazpacho, is no row: all
        # is well with it.
        self.assertNotIn(
            'data/series_status.yaml', {row['path'] for row in rows}
        )

    def test_the_rules_for_versions_and_names_over_every_order(self) -> None:
        """Since queens nothing but two files of queens break them."""
        found = collections.Counter[tuple[str, str]]()
        for path in self.checkout.paths():
            file = self.checkout.read_deliverable(path).deliverable
            assert file is not None
            for index, release in enumerate(file.releases):
                for repo in release.repos:
                    order = deliverable.Order(file, release, repo)
                    said = (
                        *order_versions.versions(order, file.releases[:index]),
                        *order_fit.names_agree(order, ()),
                    )
                    found.update((each.code, file.series) for each in said)
        recent = {
            (code, series): count
            for (code, series), count in found.items()
            if series not in OLD and series != 'independent'
        }
        self.assertEqual({('OSP122', 'queens'): 2}, recent)
        # Alpha versions of gnocchi, networking-ofagent 1.0.0 after 2015.1.6,
        # and virtual-baremetal's 2.0.
        self.assertEqual(
            {'OSP121': 6, 'OSP122': 1, 'OSP123': 3},
            {
                code: count
                for (code, series), count in found.items()
                if series == 'independent'
            },
        )
