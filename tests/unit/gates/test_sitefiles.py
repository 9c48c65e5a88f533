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

import functools
import os
import pathlib
import shutil
from collections.abc import Callable

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import sitefiles
from openstack_publish.model import audit_history
from openstack_publish.render import as_html
from tests.support import audits


@functools.cache
def _site(audits_in_it: int) -> dict[str, str]:
    audit = audits.many(1)
    history = audits.history(audit)[-audits_in_it:]
    return as_html.site(audit, history, audits.REQUIRED, '1.0.0')


class TestCase(testtools.TestCase):
    """A test with a place for a site."""

    def setUp(self) -> None:
        super().setUp()
        self.above = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.place = self.above / 'site'
        self.past = audits.history(audits.many(1))

    def write(self, audits_in_it: int = 10) -> None:
        """Write a site with so many audits in its history."""
        sitefiles.write(str(self.place), _site(audits_in_it))

    def files(self) -> dict[str, bytes]:
        """Return what is beside the site and in it."""
        return {
            str(path.relative_to(self.above)): path.read_bytes()
            for path in self.above.rglob('*')
            if path.is_file()
        }

    def refused(self, call: Callable[[], object]) -> str:
        """Return why it is, having checked that nothing was touched."""
        before = self.files()
        error = self.assertRaises(exceptions.Misconfigured, call)
        self.assertEqual('--html', error.where)
        self.assertEqual(before, self.files())
        return str(error)

    def refused_both(self) -> str:
        """Return why reading is refused; writing is, too."""
        self.refused(self.write)
        return self.refused(self.read)

    def read(self) -> audit_history.History:
        return sitefiles.history(str(self.place))


class TestRefused(TestCase):
    """What is there and is no site of ours stays."""

    def test_a_file_that_no_site_has(self) -> None:
        for name in ('notes.txt', '.htaccess', 'project/readme'):
            self.write()
            path = self.place / name
            path.write_text('mine')
            message = self.refused_both()
            self.assertIn(str(path), message)
            self.assertIn('would be lost', message)
            path.unlink()

    def test_a_directory_that_no_site_has(self) -> None:
        for name in ('.git', 'index.html', 'team/sub'):
            directory = self.place / name
            directory.mkdir(parents=True)
            self.refused_both()
            directory.rmdir()

    def test_a_link_in_the_place_of_a_file(self) -> None:
        """It may lead to what somebody needs."""
        self.place.mkdir()
        (self.place / 'index.html').symlink_to('/nonexistent')
        self.assertIn('index.html', self.refused_both())

    def test_pages_without_a_history(self) -> None:
        """They may be of another program, which has an index.html as well."""
        self.place.mkdir()
        (self.place / 'index.html').write_text('mine')
        self.assertIn('there is none', self.refused_both())

    def test_a_history_that_cannot_be_read(self) -> None:
        """To begin anew would lose what the chart shows."""
        self.write()
        history = self.place / 'history.json'
        for content in (b'', b'{', b'[]', b'{"schema": "x"}', b'\xff'):
            history.write_bytes(content)
            self.assertIn('is not the history of a site', self.refused_both())

    def test_a_history_that_is_too_long(self) -> None:
        self.write()
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.sitefiles.LIMIT', 100
            )
        )
        self.assertIn('larger than 100 bytes', self.refused_both())

    def test_a_file(self) -> None:
        self.place.write_text('mine')
        self.assertIn('is no directory', self.refused_both())

    def test_a_place_in_no_directory(self) -> None:
        self.place = self.above / 'none' / 'site'
        self.assertIn('there is no directory', self.refused_both())

    def test_what_is_called_like_the_site_of_before_and_is_none(self) -> None:
        """A name is no proof that a killed run of ours left it."""
        self.write()
        mine = self.above / '.site.before'
        mine.mkdir()
        (mine / 'thesis.tex').write_text('mine')
        self.assertIn('thesis.tex', self.refused_both())
        shutil.rmtree(self.place)
        self.assertIn('thesis.tex', self.refused_both())

    def test_a_mount_point(self) -> None:
        """It cannot be renamed, so nothing could take its place at once."""
        self.place = pathlib.Path('/')
        error = self.assertRaises(exceptions.Misconfigured, self.read)
        self.assertIn('is a mount point', str(error))


class TestWritten(TestCase):
    """A site that is written is whole, and readable."""

    def test_where_there_is_none_it_begins_without_a_history(self) -> None:
        self.assertEqual((), self.read())
        self.place.mkdir()
        self.assertEqual((), self.read())

    def test_its_history_is_read_back(self) -> None:
        self.write()
        self.assertEqual(self.past, self.read())

    def test_a_history_alone_is_a_site(self) -> None:
        """So a job with an empty disk can go on with the published one."""
        self.write()
        kept = (self.place / 'history.json').read_bytes()
        self.place = self.above / 'new'
        self.place.mkdir()
        (self.place / 'history.json').write_bytes(kept)
        self.assertEqual(self.past, self.read())
        self.write()
        self.assertEqual(self.past, self.read())

    def test_pages_of_before_go(self) -> None:
        self.write()
        stale = self.place / 'account' / 'gone.html'
        stale.write_text('stale')
        self.write()
        self.assertFalse(stale.exists())
        self.assertEqual({'site'}, set(os.listdir(self.above)))

    def test_everybody_may_read_it_whatever_the_umask_is(self) -> None:
        before = os.umask(0o077)
        self.addCleanup(os.umask, before)
        self.write()
        modes = {
            (path.is_dir(), path.stat().st_mode & 0o777)
            for path in (self.place, *self.place.rglob('*'))
        }
        self.assertEqual({(True, 0o755), (False, 0o644)}, modes)

    def test_a_link_to_the_site_stays_one(self) -> None:
        self.write()
        link = self.above / 'link'
        link.symlink_to('site')
        sitefiles.write(str(link), {'index.html': 'new', 'history.json': ''})
        self.assertTrue(link.is_symlink())
        self.assertEqual('new', (self.place / 'index.html').read_text())

    def test_a_directory_below_itself_is_found_by_a_relative_path(
        self,
    ) -> None:
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.above)
        sitefiles.write('site', {'index.html': 'new'})
        self.assertEqual('new', (self.place / 'index.html').read_text())


def _leave(*arguments: object, **options: object) -> None:
    """Do nothing, as somebody who is gone."""


def _full(*arguments: object, **options: object) -> None:
    """Meet a disk that is full."""
    raise OSError(28, 'No space left')


class Killed(BaseException):
    """What a test kills a run with."""


class TestKilled(TestCase):
    """A run that ends anywhere leaves a site, and the next one mends."""

    def kill(self, function: str, at: int) -> bool:
        """Write, and be killed at the call of a function.

        :returns: whether it came to that call
        """
        calls = 0
        real = getattr(os, function)

        def count(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == at:
                raise Killed
            return real(*args, **kwargs)

        # What a killed run does not do any more: put away and put back.
        with (
            fixtures.MonkeyPatch(f'os.{function}', count),
            fixtures.MonkeyPatch('shutil.rmtree', _leave),
        ):
            try:
                self.write(1)
            except Killed:
                return True
        return False

    def test_the_site_of_before_or_the_new_one_is_there_after_a_mend(
        self,
    ) -> None:
        for function in ('mkdir', 'fchmod', 'chmod', 'fsync', 'rename'):
            at = 1
            while True:
                self.write()
                killed = self.kill(function, at)
                self.assertIn(
                    self.read(), (self.past, self.past[-1:]), function
                )
                self.write()
                self.assertEqual({'site'}, set(os.listdir(self.above)))
                if not killed:
                    break
                at = at + 1 if at < 4 else at * 4
            self.assertGreater(at, 1, function)

    def test_what_cannot_be_written_leaves_the_site_of_before(self) -> None:
        self.write()
        before = self.files()
        for function in ('mkdir', 'rename', 'chmod'):
            with fixtures.MonkeyPatch(f'os.{function}', _full):
                error = self.assertRaises(
                    exceptions.Unavailable, self.write, 1
                )
            self.assertIn('No space left', str(error))
            self.assertEqual(before, self.files())

    def test_a_second_rename_that_fails_is_taken_back(self) -> None:
        self.write()
        before = self.files()
        real = os.rename
        calls = []

        def fail_once(source: str, target: str) -> None:
            calls.append(target)
            if len(calls) == 2:
                raise OSError(13, 'Permission denied')
            real(source, target)

        with fixtures.MonkeyPatch('os.rename', fail_once):
            self.assertRaises(exceptions.Unavailable, self.write)
        self.assertEqual(before, self.files())
