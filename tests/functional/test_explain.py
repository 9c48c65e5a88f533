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

"""What became of a release, told from real histories and real signatures."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from typing import Any

from tests.functional import base
from tests.support import archive_site
from tests.support import fast_time
from tests.support import gitrepo
from tests.support import scene as scenes


class ExplainTest(base.SceneTest):
    """A release that was published as a job does it."""

    def setUp(self) -> None:
        super().setUp()
        self.assertPublished(self.scene.publish())
        self.clone = str(self.scene.directory / 'clone')
        self.git(None, 'clone', '--quiet', self.source, self.clone)
        self.git(self.clone, 'tag', '--delete', self.scene.version)

    @property
    def source(self) -> str:
        """The repository that was built."""
        return self.scene.release.source_tree

    def git(
        self, place: str | None, *arguments: str, when: str | None = None
    ) -> str:
        """Run git somewhere and return what it says.

        :param when: what a commit or a tag says of its time
        """
        environment = gitrepo.environment()
        if when is not None:
            environment['GIT_COMMITTER_DATE'] = when
        command = ['git', '-c', 'user.name=A Tagger']
        command += ['-c', 'user.email=tagger@example.org']
        if place is not None:
            command += ['-C', place]
        return subprocess.run(
            [*command, *arguments],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def tag(self, commit: str | None = None, when: str | None = None) -> None:
        """Tag a commit, the ordered one by default, in the clone."""
        self.git(
            self.clone,
            *('tag', '--annotate', '--message', 'x', self.scene.version),
            commit or self.scene.release.commit,
            when=when,
        )

    def explain(
        self,
        *words: str,
        project: str | None = None,
        version: str | None = None,
        archive: str | None = '',
        form: str = 'json',
    ) -> scenes.Result:
        """Run the command; the archive is the scene's unless named."""
        argv = ['explain', project or self.scene.project]
        argv += [version or self.scene.version, '-f', form, '--releases']
        argv += [str(self.scene.releases_dir), '--read-url']
        argv += [self.scene.index.url]
        if archive is not None:
            argv += ['--archive', archive or str(self.scene.archive)]
        return scenes.run([*argv, *words], {})

    def told(
        self, *words: str, code: int = 0, **options: Any
    ) -> dict[str, Any]:
        """Return the document, whose form is held here."""
        result = self.explain(*words, **options)
        self.assertEqual(code, result.code, result.stdout + result.stderr)
        document: dict[str, Any] = json.loads(result.stdout)
        self.assertEqual(
            ['project', 'version', 'events', 'gaps', 'findings'],
            list(document),
        )
        for event in document['events']:
            self.assertEqual(['time', 'kind', 'what', 'source'], list(event))
        for gap in document['gaps']:
            self.assertEqual(['kind', 'why'], list(gap))
        return document

    def of_kind(
        self, document: dict[str, Any], kind: str
    ) -> list[dict[str, Any]]:
        """Return the events of a kind."""
        return [one for one in document['events'] if one['kind'] == kind]

    def gaps(self, document: dict[str, Any]) -> set[str]:
        """Return the kinds of which something is not known."""
        return {gap['kind'] for gap in document['gaps']}


class TestExplain(ExplainTest):
    def test_everything_that_is_known_stands_in_one_timeline(self) -> None:
        self.tag()
        document = self.told(
            '--git-dir',
            self.clone,
            '--receipt',
            str(self.scene.receipt_path),
        )
        self.assertEqual(
            (self.scene.project, self.scene.version, []),
            (document['project'], document['version'], document['findings']),
        )
        (ordered,) = self.of_kind(document, 'ordered')
        commit = self.git(
            str(self.scene.releases_dir), 'log', '-1', '--format=%H %at'
        ).split()[0]
        self.assertIn(self.scene.release.commit, ordered['what'])
        self.assertIn(f'in commit {commit}', ordered['source'])
        (tagged,) = self.of_kind(document, 'tagged')
        self.assertIn(f'on {self.scene.release.commit}', tagged['what'])
        self.assertIn('A Tagger <tagger@example.org>', tagged['what'])
        for kind in ('signed', 'archived', 'uploaded'):
            events = self.of_kind(document, kind)
            self.assertEqual(2, len(events), kind)
            for name in self.scene.filenames:
                self.assertTrue(
                    any(event['what'].startswith(name) for event in events)
                )
        for event in self.of_kind(document, 'signed'):
            key = self.scene.release.key_fingerprint
            self.assertIn(f'by key {key} of rehearsal', event['what'])
        (published,) = self.of_kind(document, 'published')
        self.assertEqual('a run ended: published', published['what'])
        self.assertEqual(
            {'then: Owner openstackci', 'now: Owner openstackci'},
            {event['what'] for event in self.of_kind(document, 'roles')},
        )
        self.assertEqual({'roles', 'alerts'}, self.gaps(document))
        times = [event['time'] for event in document['events']]
        self.assertEqual(sorted(times), times)

    def test_what_a_watch_has_seen_stands_in_its_place(self) -> None:
        state = str(self.scene.directory / 'state')
        watch = ['watch', '--once', '--state', state, '--releases']
        watch += [str(self.scene.releases_dir), '--no-fetch', '--no-cache']
        watch += ['--read-url', self.scene.index.url]
        scenes.run(watch, {})
        store = self.scene.index.store
        store.add_role(self.scene.project, 'thomas', 'Owner')
        store.yank_release(self.scene.project, self.scene.version)
        store.yank_release(self.scene.project, '0.9.0')
        fast_time.FastClock.slept += 3600
        self.assertEqual(1, scenes.run(watch, {}).code)
        store.remove_role(self.scene.project, 'thomas')
        fast_time.FastClock.slept += 3600
        scenes.run(watch, {})
        document = self.told('--state', state)
        self.assertEqual(set(), self.gaps(document) & {'roles', 'alerts'})
        (yanked,) = self.of_kind(document, 'alerts')
        self.assertIn(f'{self.scene.version} is yanked', yanked['what'])
        self.assertEqual(state, yanked['source'])
        roles = [event['what'] for event in self.of_kind(document, 'roles')]
        self.assertTrue(
            any(what.startswith('OSP807: thomas') for what in roles), roles
        )
        self.assertTrue(
            any(what.startswith('over: OSP807') for what in roles), roles
        )

    def test_a_state_that_is_not_there_is_wrong_usage(self) -> None:
        place = str(self.scene.directory / 'none')
        result = self.explain('--state', place)
        self.assertEqual(2, result.code, result.stdout)
        self.assertIn(place, result.stderr)

    def test_the_change_that_ordered_it_is_named(self) -> None:
        place = str(self.scene.releases_dir)
        self.git(
            place,
            *('commit', '--quiet', '--amend', '--date=2026-03-01T00:00:00Z'),
            *('--author', 'An Author <a@example.org>', '--message'),
            'Release it\n\nChange-Id: I0123456789abcdef',
        )
        document = self.told()
        (ordered,) = self.of_kind(document, 'ordered')
        self.assertEqual('2026-03-01T00:00:00Z', ordered['time'])
        self.assertIn('by An Author: Release it', ordered['what'])
        self.assertIn('(Change-Id I0123456789abcdef)', ordered['what'])

    def test_what_nobody_was_asked_is_a_gap_and_no_failure(self) -> None:
        document = self.told(archive=None)
        self.assertEqual(
            {'tagged', 'signed', 'archived', 'published', 'roles', 'alerts'},
            self.gaps(document),
        )

    def test_a_tag_on_another_commit_contradicts_the_order(self) -> None:
        self.git(
            self.clone, 'commit', '--quiet', '--allow-empty', '-m', 'more'
        )
        other = self.git(self.clone, 'rev-parse', 'HEAD')
        self.tag(other)
        document = self.told('--git-dir', self.clone, code=1)
        (found,) = document['findings']
        self.assertEqual('OSP750', found['code'])
        self.assertIn(other, found['message'])
        self.assertIn(self.scene.release.commit, found['message'])

    def test_a_tag_that_is_missing_could_not_be_told(self) -> None:
        document = self.told('--git-dir', self.clone, code=3)
        self.assertIn('tagged', self.gaps(document))

    def test_times_that_run_backwards_are_named(self) -> None:
        self.tag(when='2020-01-01T00:00:00Z')
        document = self.told('--git-dir', self.clone)
        (found,) = document['findings']
        self.assertEqual(
            ('OSP751', 'warning'), (found['code'], found['severity'])
        )
        self.assertIn('2020-01-01T00:00:00Z', found['message'])
        # The oldest comes first, wherever it belongs.
        self.assertEqual('tagged', document['events'][0]['kind'])

    def test_a_signature_outside_its_window_is_named(self) -> None:
        self.scene.end_window()
        document = self.told()
        self.assertEqual(
            {'OSP530'}, {found['code'] for found in document['findings']}
        )

    def test_other_bytes_on_the_index_contradict_the_archive(self) -> None:
        place = self.scene.archive / self.scene.release.repo
        (place / self.scene.sdist).write_bytes(b'others')
        document = self.told(code=1)
        self.assertEqual(
            {'OSP501', 'OSP732'},
            {found['code'] for found in document['findings']},
        )

    def test_that_it_was_yanked_is_told_with_the_reason(self) -> None:
        self.scene.index.store.yank_release(
            self.scene.project, self.scene.version, 'broken'
        )
        document = self.told()
        (found,) = document['findings']
        self.assertEqual('OSP739', found['code'])
        self.assertIn('the reason given is "broken"', found['message'])
        for event in self.of_kind(document, 'uploaded'):
            self.assertIn('yanked since then', event['what'])

    def test_a_release_that_nobody_ordered_is_told_as_far_as_it_is(
        self,
    ) -> None:
        self.scene.index.store.add_file(
            self.scene.project,
            '6.6.6',
            f'{self.scene.stem}-6.6.6.tar.gz',
            b'planted',
        )
        document = self.told(version='6.6.6', code=1)
        self.assertEqual(
            ['OSP102'], [found['code'] for found in document['findings']]
        )
        (uploaded,) = self.of_kind(document, 'uploaded')
        self.assertIn('6.6.6', uploaded['what'])
        self.assertEqual([], self.of_kind(document, 'ordered'))
        # What is no event is a gap.
        self.assertLessEqual(
            {'ordered', 'signed', 'archived'}, self.gaps(document)
        )

    def test_a_repository_is_no_name_on_the_index(self) -> None:
        self.scene.rename_repository('openstack/alias')
        self.scene.index.store.add_project('alias', owner='mallory')
        document = self.told(project='alias', code=1)
        # That is not committed.
        self.assertEqual(
            ['OSP104'], [found['code'] for found in document['findings']]
        )
        self.assertEqual(self.scene.project, document['project'])
        self.assertEqual(2, len(self.of_kind(document, 'uploaded')))
        (roles,) = self.of_kind(document, 'roles')
        self.assertNotIn('mallory', roles['what'])

    def test_what_cannot_be_read_is_a_gap_and_exit_3(self) -> None:
        site = self.useFixture(
            archive_site.ArchiveSite(str(self.scene.archive))
        )
        path = f'{self.scene.release.repo}/{self.scene.sdist}'
        site.on(path, archive_site.failing())
        document = self.told(archive=site.url, code=3)
        (gap,) = (gap for gap in document['gaps'] if gap['kind'] == 'archived')
        self.assertIn('500', gap['why'])
        (archived,) = self.of_kind(document, 'archived')
        self.assertIn(self.scene.wheel, archived['what'])
        # As the site's Last-Modified says.
        self.assertRegex(archived['time'], '^20')
        self.scene.index.faults.set('server-error', times=99)
        document = self.told(code=3)
        self.assertLessEqual({'uploaded', 'roles'}, self.gaps(document))

    def test_an_archive_without_the_files_is_no_failure(self) -> None:
        shutil.rmtree(self.scene.archive)
        self.scene.archive.mkdir()
        document = self.told()
        self.assertLessEqual({'archived', 'signed'}, self.gaps(document))

    def test_a_checkout_without_git_names_no_commit(self) -> None:
        shutil.rmtree(self.scene.releases_dir / '.git')
        document = self.told()
        (ordered,) = self.of_kind(document, 'ordered')
        self.assertIsNone(ordered['time'])
        self.assertIn('ordered', self.gaps(document))
        # Without a time it comes before what must come after it.
        self.assertEqual('ordered', document['events'][0]['kind'])

    def test_an_order_that_is_not_committed_is_a_contradiction(self) -> None:
        path = self.scene.releases_dir / self.scene.release.deliverable_path
        path.write_text(path.read_text() + '# a word more\n')
        document = self.told(code=1)
        self.assertEqual(
            ['OSP104'], [found['code'] for found in document['findings']]
        )

    def test_a_text_has_80_columns_and_names_what_is_not_known(self) -> None:
        self.tag()
        text = self.explain('--git-dir', self.clone, form='text').stdout
        self.assertRegex(text, r'(?m)^  20[0-9T:-]+Z  uploaded$')
        self.assertIn('not known\n', text)
        self.assertIn('  alerts: ', text)
        long = [line for line in text.splitlines() if len(line) > 80]
        # What has no spaces is not broken.
        self.assertEqual([], [line for line in long if ' ' in line.strip()])

    def test_wrong_usage_leaves_an_empty_document(self) -> None:
        nowhere = str(pathlib.Path(self.scene.directory, 'nowhere'))
        other = json.loads(self.scene.receipt_path.read_text('utf-8'))
        other['release']['version'] = '0.0.1'
        foreign = self.scene.directory / 'foreign.json'
        foreign.write_text(json.dumps(other))
        for words in (
            ('--git-dir', nowhere),
            ('--git-dir', str(self.scene.archive)),
            ('--releases', nowhere),
            ('--archive', nowhere),
            ('--policy', nowhere),
            ('--trusted-key', nowhere),
            ('--receipt', nowhere),
            ('--receipt', str(foreign)),
        ):
            result = self.explain(*words)
            self.assertEqual(
                (2, '{}\n'), (result.code, result.stdout), str(words)
            )
        self.assertEqual(2, scenes.run(['explain', 'os-vif'], {}).code)
        self.assertFalse(os.path.exists(nowhere))
