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

"""The unit and the timer for systemd, as they stand in the examples."""

from __future__ import annotations

import configparser
import pathlib
import re
import shlex

import testtools

from tests.support import scene
from tests.support import vigil

EXAMPLES = pathlib.Path(__file__).parents[2] / 'examples' / 'watch'


def unit(name: str) -> configparser.RawConfigParser:
    """Return a unit file, its continued lines joined."""
    text = (EXAMPLES / name).read_text(encoding='utf-8')
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment]
    found.read_string(re.sub(r'\\\n\s*', '', text))
    return found


class TestUnit(testtools.TestCase):
    """What systemd would start."""

    def setUp(self) -> None:
        super().setUp()
        self.vigil = self.useFixture(vigil.Vigil())
        self.service = unit('openstack-publish-watch.service')['Service']

    def start(self) -> scene.Result:
        """Run its command with the settings that its comment names."""
        settings = {
            'STATE_DIRECTORY': str(self.vigil.directory),
            'CACHE_DIRECTORY': str(self.vigil.directory / 'cache'),
            'RELEASES': str(self.vigil.releases),
            'MAIL_TO': vigil.LIST,
            'MAIL_FROM': vigil.SENDER,
            'SMTP': f'127.0.0.1:{self.vigil.mail.port}',
        }
        program, *words = shlex.split(
            re.sub(
                r'\$\{(\w+)\}',
                lambda match: settings[match[1]],
                self.service['ExecStart'],
            )
        )
        self.assertEqual('openstack-publish', pathlib.Path(program).name)
        return scene.run([*words, '--read-url', self.vigil.index.url], {})

    def test_its_command_watches_and_its_codes_are_no_failures(self) -> None:
        first = self.start()
        self.assertEqual(0, first.code, first.stdout + first.stderr)
        self.vigil.index.store.add_role(vigil.PROJECT, 'eve', 'Owner')
        self.vigil.pass_time(hours=1)
        self.assertEqual(1, self.start().code)
        self.assertEqual('1', self.service['SuccessExitStatus'])
        self.assertEqual(
            1, len([one for one in self.vigil.mailed() if one == 'OSP807'])
        )

    def test_every_setting_stands_in_its_comment(self) -> None:
        text = (EXAMPLES / 'openstack-publish-watch.service').read_text()
        for name in ('RELEASES', 'MAIL_TO', 'MAIL_FROM', 'SMTP'):
            self.assertIn(f'#   {name}=', text)

    def test_the_timer_is_of_the_same_name_and_slow_enough(self) -> None:
        timer = unit('openstack-publish-watch.timer')['Timer']
        self.assertEqual('5min', timer['OnUnitActiveSec'])
        self.assertTrue((EXAMPLES / 'openstack-publish-watch.timer').exists())
