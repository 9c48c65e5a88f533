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

"""Options of the commands that look at many projects."""

from __future__ import annotations

import argparse
import contextlib
import io
import os

import fixtures
import testtools

from openstack_publish.cli import many


class TestOptions(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.home = self.useFixture(fixtures.TempHomeDir()).path
        self.useFixture(fixtures.EnvironmentVariable('XDG_CACHE_HOME', None))

    def parse(self, *words: str) -> argparse.Namespace:
        parser = argparse.ArgumentParser(exit_on_error=False)
        many.add(parser.add_argument_group('index'))
        return parser.parse_args(words)

    def test_more_jobs_than_an_index_is_to_bear_are_refused(self) -> None:
        for text in ('0', '9', '-1', 'x', '', '1.5', '²', '08000'):
            error = self.assertRaises(
                argparse.ArgumentError, self.parse, f'--jobs={text}'
            )
            self.assertIn('is no number from 1 to 8', str(error))

    def test_the_most_jobs_are_the_usual_number(self) -> None:
        self.assertEqual(8, self.parse().jobs)
        self.assertEqual(1, self.parse('--jobs', '1').jobs)

    def test_the_cache_is_where_others_keep_theirs(self) -> None:
        default = os.path.join(self.home, '.cache', 'openstack-publish')
        self.assertEqual(default, self.parse().cache_dir)
        for value, place in (
            ('/c', '/c/openstack-publish'),
            ('', default),
            ('relative', default),
        ):
            self.useFixture(
                fixtures.EnvironmentVariable('XDG_CACHE_HOME', value)
            )
            self.assertEqual(place, self.parse().cache_dir)

    def test_a_cache_can_be_named_or_left_out(self) -> None:
        self.assertEqual('/c', self.parse('--cache-dir', '/c').cache_dir)
        self.assertIsNone(self.parse('--no-cache').cache_dir)

    def test_a_cache_without_a_name_is_refused(self) -> None:
        error = self.assertRaises(
            argparse.ArgumentError, self.parse, '--cache-dir', ''
        )
        self.assertIn('names no directory', str(error))

    def test_help_is_the_same_for_everybody(self) -> None:
        """Else the documentation would name the home of who built it."""
        self.useFixture(
            fixtures.EnvironmentVariable('XDG_CACHE_HOME', '/100%(c)s')
        )
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            self.assertRaises(SystemExit, self.parse, '--help')
        self.assertIn('XDG_CACHE_HOME', shown.getvalue())
        self.assertNotIn('/100%', shown.getvalue())
