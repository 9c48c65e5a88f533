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

"""How far releases came: rows for everything that may be missing."""

from __future__ import annotations

import json
import os
from typing import Any

from tests.functional import base
from tests.support import archive_site
from tests.support import gitrepo
from tests.support import keys
from tests.support import scene as scenes
from tests.support import shelf

KEYS = [
    'project',
    'version',
    'repo',
    'series',
    'archive',
    'index',
    'same_bytes',
    'days_left',
    'verdict',
]
ALL = {'sdist': True, 'wheel': True, 'signatures': True}
NOTHING = {'sdist': None, 'wheel': None, 'signatures': None}


class StatusTest(base.SceneTest):
    """A shelf of releases; the demonstration release itself is not there."""

    def setUp(self) -> None:
        super().setUp()
        self.shelf = shelf.Shelf(self.scene)
        for path in self.scene.releases_dir.rglob('deliverables/*/*.yaml'):
            path.unlink()

    def status(
        self,
        *words: str,
        archive: str | None = '',
        form: str = 'json',
    ) -> scenes.Result:
        """Run the command; the archive is the scene's unless named."""
        argv = ['status', '-f', form, '--releases']
        argv += [str(self.scene.releases_dir), '--read-url']
        argv += [self.scene.index.url]
        if archive is not None:
            argv += ['--archive', archive or str(self.scene.archive)]
        return scenes.run([*argv, *words], {})

    def rows(self, *words: str, **options: Any) -> dict[str, dict[str, Any]]:
        """Return the rows by project, each with exactly its keys."""
        rows = json.loads(self.status(*words, **options).stdout)
        for row in rows:
            self.assertEqual(KEYS, list(row))
        return {row['project']: row for row in rows}

    def complete(self, name: str, version: str = '1.0.0') -> None:
        """Have a release that lacks nothing."""
        self.shelf.order(name, version)
        self.shelf.archive(name, version)
        self.shelf.upload(name, version)


class TestStatus(StatusTest):
    def test_each_row_says_what_its_release_lacks(self) -> None:
        self.complete('whole')
        self.complete('candidate', '1.0.0.0rc1')
        self.shelf.order('half', '1.0.0')
        self.shelf.archive('half', '1.0.0')
        self.shelf.upload('half', '1.0.0', 'wheel')
        self.complete('unsigned')
        self.shelf.archived('unsigned', 'unsigned-1.0.0.tar.gz.asc').unlink()
        self.complete('other')
        self.shelf.archived('other', 'other-1.0.0.tar.gz').write_bytes(b'x')
        self.shelf.order('ended', '1.0.0', 'victoria-eol')
        self.shelf.order('nowhere', '1.0.0')
        self.shelf.archive('nowhere', '1.0.0')
        self.shelf.order('unarchived', '1.0.0')
        self.shelf.upload('unarchived', '1.0.0')
        result = self.status()
        self.assertEqual(1, result.code, result.stderr)
        rows = {row['project']: row for row in json.loads(result.stdout)}
        self.assertEqual(
            {
                'whole': 'held',
                'candidate': 'held',
                'half': 'failed',
                'unsigned': 'failed',
                'other': 'failed',
                'ended': 'absent',
                'nowhere': 'absent',
                'unarchived': 'failed',
            },
            {name: row['verdict'] for name, row in rows.items()},
        )
        whole = rows['whole']
        self.assertEqual(KEYS, list(whole))
        left = whole.pop('days_left')
        self.assertTrue(13.9 < left <= 14.0, left)
        self.assertEqual(
            {
                'project': 'whole',
                'version': '1.0.0',
                'repo': 'openstack/whole',
                'series': shelf.SERIES,
                'archive': ALL,
                'index': {'sdist': True, 'wheel': True},
                'same_bytes': True,
                'verdict': 'held',
            },
            whole,
        )
        self.assertEqual('1.0.0.0rc1', rows['candidate']['version'])
        half = rows['half']
        self.assertEqual({'sdist': False, 'wheel': True}, half['index'])
        self.assertEqual((ALL, True), (half['archive'], half['same_bytes']))
        unsigned = rows['unsigned']
        self.assertEqual({**ALL, 'signatures': False}, unsigned['archive'])
        self.assertIs(True, unsigned['same_bytes'])
        other = rows['other']
        self.assertIs(False, other['same_bytes'])
        self.assertIs(False, other['archive']['signatures'])
        ended = rows['ended']
        self.assertEqual(
            ('victoria-eol', NOTHING), (ended['version'], ended['archive'])
        )
        self.assertEqual({'sdist': None, 'wheel': None}, ended['index'])
        nowhere = rows['nowhere']
        self.assertEqual(
            (ALL, {'sdist': False, 'wheel': False}, None, None),
            (
                nowhere['archive'],
                nowhere['index'],
                nowhere['same_bytes'],
                nowhere['days_left'],
            ),
        )
        unarchived = rows['unarchived']
        self.assertEqual(
            {'sdist': False, 'wheel': False, 'signatures': None},
            unarchived['archive'],
        )
        self.assertIsNone(unarchived['same_bytes'])

    def test_a_complete_series_is_exit_0(self) -> None:
        self.complete('whole')
        self.shelf.order('ended', 'victoria-eol')
        self.assertEqual(0, self.status().code)

    def test_a_signature_by_a_stranger_is_none(self) -> None:
        self.complete('whole')
        ring = self.useFixture(keys.Keyring())
        path = self.shelf.archived('whole', 'whole-1.0.0.tar.gz')
        stranger = ring.generate()
        ring.sign(str(path), stranger)
        # Nobody has the key: the signature cannot be judged at all.
        row = self.rows()['whole']
        self.assertEqual(
            ('unknown', None), (row['verdict'], row['archive']['signatures'])
        )
        public = ring.public_file(stranger)
        row = self.rows('--trusted-key', public)['whole']
        self.assertEqual(
            ('held', True), (row['verdict'], row['archive']['signatures'])
        )

    def test_any_bytes_beside_a_file_are_no_signature(self) -> None:
        self.complete('whole')
        self.shelf.archived('whole', 'whole-1.0.0.tar.gz.asc').write_text('OK')
        row = self.rows()['whole']
        self.assertIs(False, row['archive']['signatures'])
        self.assertEqual('failed', row['verdict'])

    def test_without_an_archive_nobody_knows_whether_it_is_complete(
        self,
    ) -> None:
        self.complete('whole')
        row = self.rows(archive=None)['whole']
        self.assertEqual(
            (NOTHING, None, 'unknown'),
            (row['archive'], row['same_bytes'], row['verdict']),
        )
        self.assertEqual(3, self.status(archive=None).code)

    def test_an_index_that_fails_leaves_the_archive_known(self) -> None:
        self.complete('whole')
        self.scene.index.faults.set('server-error', times=99)
        result = self.status()
        self.assertEqual(3, result.code, result.stdout)
        (row,) = json.loads(result.stdout)
        self.assertEqual('unknown', row['verdict'])
        self.assertEqual(ALL, row['archive'])
        self.assertEqual(
            ({'sdist': None, 'wheel': None}, None, None),
            (row['index'], row['same_bytes'], row['days_left']),
        )

    def test_a_site_that_fails_for_one_file_leaves_the_others_known(
        self,
    ) -> None:
        self.complete('whole')
        self.complete('fine')
        site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        site.on('openstack/whole/whole-1.0.0.tar.gz', archive_site.failing())
        rows = self.rows(archive=site.url)
        self.assertEqual('held', rows['fine']['verdict'])
        whole = rows['whole']
        self.assertEqual('unknown', whole['verdict'])
        self.assertEqual(
            {'sdist': None, 'wheel': True, 'signatures': True},
            whole['archive'],
        )

    def test_a_project_that_is_published_may_not_be_absent(self) -> None:
        self.shelf.order('nowhere', '1.0.0')
        config = self.scene.directory / 'project-config'
        gitrepo.write(
            config,
            'zuul.d/projects.yaml',
            '- project:\n'
            '    name: openstack/nowhere\n'
            '    templates: [publish-to-pypi]\n',
        )
        row = self.rows('--project-config', str(config))['nowhere']
        self.assertEqual('failed', row['verdict'])
        row = self.rows('--project-config', str(config), archive=None)
        self.assertEqual('failed', row['nowhere']['verdict'])

    def test_what_was_handed_over_lacks_nothing(self) -> None:
        self.shelf.order('whole', '1.0.0')
        policy = gitrepo.write(
            self.scene.directory,
            'policy.yaml',
            'schema: openstack-publish/policy/1\n'
            'projects: {whole: {relinquished: 2020-01-01, reason: gone}}\n',
        )
        row = self.rows('--policy', str(policy))['whole']
        self.assertEqual('absent', row['verdict'])

    def test_a_closed_release_has_no_days_left(self) -> None:
        self.shelf.order('half', '1.0.0')
        self.shelf.archive('half', '1.0.0')
        self.shelf.upload('half', '1.0.0', 'wheel')
        self.scene.index.store.age_release('half', '1.0.0', 20)
        self.assertEqual(0.0, self.rows()['half']['days_left'])
        text = self.status(form='table').stdout
        self.assertIn('OSP304', text)

    def test_every_order_is_shown_where_all_is_asked(self) -> None:
        self.shelf.order('whole', '0.9.0', '1.0.0')
        for version in ('0.9.0', '1.0.0'):
            self.shelf.archive('whole', version)
            self.shelf.upload('whole', version)
        result = self.status('--all')
        self.assertEqual(
            ['0.9.0', '1.0.0'],
            [row['version'] for row in json.loads(result.stdout)],
        )
        self.assertEqual(0, result.code)
        # The project is read once for both.
        overviews = [
            request
            for request in self.scene.index.requests
            if request.path == '/pypi/whole/json'
        ]
        self.assertEqual(1, len(overviews))

    def test_orders_are_named_by_file_project_or_series(self) -> None:
        path = self.shelf.order('first', '1.0.0')
        self.shelf.order('second', '2.0.0')
        self.shelf.order('third', '3.0.0', series='before')
        for words, names in (
            (('first',), ['first']),
            (('second', str(path)), ['second', 'first']),
            (('--series', 'before'), ['third']),
            (('third',), ['third']),
        ):
            rows = self.rows(*words, archive=None)
            self.assertEqual(names, list(rows))

    def test_a_project_that_nobody_orders_fails(self) -> None:
        self.shelf.order('whole', '1.0.0')
        result = self.status('nobody')
        self.assertEqual(1, result.code, result.stdout)
        (row,) = json.loads(result.stdout)
        self.assertEqual(
            ('nobody', None, None, 'failed'),
            (row['project'], row['version'], row['repo'], row['verdict']),
        )
        text = self.status('nobody', form='table').stdout
        self.assertIn('OSP102', text)

    def test_a_malformed_file_has_a_row_of_its_own(self) -> None:
        self.complete('whole')
        path = self.shelf.order('broken', '1.0.0')
        path.write_text('releases: [\n')
        result = self.status()
        self.assertEqual(1, result.code)
        rows = {row['project']: row for row in json.loads(result.stdout)}
        self.assertEqual('held', rows['whole']['verdict'])
        self.assertEqual('failed', rows['broken']['verdict'])


class TestFormats(StatusTest):
    """What one complete and one half release look like."""

    def setUp(self) -> None:
        super().setUp()
        self.complete('whole')
        self.shelf.order('half', '1.0.0')
        self.shelf.archive('half', '1.0.0')
        self.shelf.upload('half', '1.0.0', 'wheel')

    def test_a_table_is_text_by_verdict_in_80_columns(self) -> None:
        text = self.status(form='table').stdout
        self.assertLess(text.index('failed (1)'), text.index('held (1)'))
        self.assertIn('  half 1.0.0  openstack/half\n', text)
        self.assertIn('index    sdist NO, wheel yes, same bytes yes', text)
        self.assertIn('OSP733 error: half-1.0.0.tar.gz', text)
        self.assertIn('openstack-publish rule CODE, for OSP733', text)
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_what_is_yanked_is_complete_and_warned_of(self) -> None:
        self.scene.index.store.yank_release('whole', '1.0.0', 'bad\x1b[31m')
        text = self.status(form='table').stdout
        said = text[text.index('held (1)') :]
        self.assertIn('OSP739 warning: whole 1.0.0', said)
        self.assertIn('the reason given is "bad', ' '.join(said.split()))
        self.assertNotIn('\x1b', text)

    def test_the_other_formats_have_the_same_columns(self) -> None:
        self.assertEqual(
            ','.join(f'"{key}"' for key in KEYS),
            self.status(form='csv').stdout.splitlines()[0],
        )
        self.assertIn('sdist=no wheel=yes', self.status(form='value').stdout)
        self.assertIn('same_bytes: true', self.status(form='yaml').stdout)
        result = self.status('-c', 'project', '-c', 'verdict', form='value')
        self.assertEqual(
            ['half failed', 'whole held'],
            sorted(result.stdout.split('\n'))[1:],
        )

    def test_wrong_usage_leaves_an_empty_document(self) -> None:
        nowhere = os.path.join(self.scene.directory, 'nowhere')
        for words in (
            ('--series', 'icehouse'),
            ('nowhere.yaml',),
            ('--policy', nowhere),
            ('--project-config', nowhere),
            ('--archive', nowhere),
            ('--archive', 'ftp://127.0.0.1/'),
            ('--trusted-key', nowhere),
            ('--releases', nowhere),
            ('-c', 'nothing'),
        ):
            result = self.status(*words)
            self.assertEqual(
                (2, '[]\n'), (result.code, result.stdout), str(words)
            )

    def test_an_unreadable_option_prints_nothing(self) -> None:
        for words in (('--jobs', '0'), ('--everything',), ('--ser', 'x')):
            result = self.status(*words)
            self.assertEqual((2, ''), (result.code, result.stdout), str(words))
