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

"""The pages about releasing: their commands run as they are printed."""

from __future__ import annotations

import datetime
import shlex

from tests.functional import pages
from tests.support import desk
from tests.support import plain
from tests.support import printed
from tests.support import scene

TARBALLS = '/path/to/tarballs'
TOKEN = 'TWINE_PASSWORD=…'


class TestPages(pages.PageTest):
    """Each one at a desk of its own."""

    def test_readme(self) -> None:
        self.desk.clone()
        self.desk.build()
        self.desk.empty_archive()
        self.follow(
            'Two commands',
            swaps={
                TOKEN: f'TWINE_PASSWORD={self.desk.token}',
                '../releases': 'releases',
                '../tarballs': str(self.desk.archive),
            },
        )
        self.follow('What it looks like')

    def test_tutorial(self) -> None:
        self.desk.build()
        self.follow('Rehearse', 'See it go wrong')
        self.follow(
            'A real release',
            swaps={TOKEN: f'TWINE_PASSWORD={self.desk.token}'},
        )

    def test_user_publish_by_hand(self) -> None:
        self.desk.clone()
        self.desk.build()
        self.desk.empty_archive()
        self.follow('First without sending anything')
        self.assertEqual((), self.desk.index.uploads)
        self.follow(
            'Then the real one', swaps={TARBALLS: str(self.desk.archive)}
        )
        self.assertEqual(2, len(self.desk.index.uploads))

    def test_user_check_the_machine(self) -> None:
        self.desk.clone()
        self.follow('Check machine and token before the release')
        now = datetime.datetime.now(datetime.UTC)
        self.desk.environment['TWINE_PASSWORD'] = self.desk.index.token(
            scene.USER,
            projects=('os-vif',),
            not_before=now,
            not_after=now + datetime.timedelta(days=365),
        )
        self.follow('The token alone')

    def test_user_half_way(self) -> None:
        self.half_way()
        self.follow(
            'What is missing', codes={'openstack-publish status os-vif': 1}
        )
        self.follow(
            'With the originals of the archive',
            swaps={'https://tarballs.opendev.org': self.desk.site.url},
        )
        self.assertEqual(1, len(self.desk.index.uploads))
        self.desk.build()
        self.follow(
            'Everything is uploaded, and only the confirmation is missing'
        )
        self.assertEqual(1, len(self.desk.index.uploads))

        self.half_way()
        self.desk.build()
        self.follow(
            'With the same files', swaps={TARBALLS: str(self.desk.archive)}
        )
        self.assertEqual(1, len(self.desk.index.uploads))

        self.half_way()
        self.desk.build_again()
        self.follow(
            'With rebuilt files', swaps={TARBALLS: str(self.desk.archive)}
        )
        self.assertEqual(1, len(self.desk.index.uploads))

    def half_way(self) -> None:
        """Take a desk whose index lacks the sdist."""
        self.desk = self.useFixture(desk.Desk())
        self.desk.clone()
        self.desk.publish('os-vif', only='.whl')

    def test_user_sign_only(self) -> None:
        self.desk.clone()
        self.desk.build()
        self.follow('Sign only')
        self.assertEqual(
            2, len(list((self.desk.place / 'dist').glob('*.asc')))
        )
        self.follow('Verify without a key')

    def test_user_publish_to_another_index(self) -> None:
        server = plain.PypiServer('--disable-fallback')
        self.addCleanup(server.stop)
        self.desk.clone()
        self.desk.build()
        (policy,) = (
            block.text
            for block in printed.blocks(self.page)
            if block.language == 'yaml'
        )
        (self.desk.place / 'plain-policy.yaml').write_text(policy, 'utf-8')
        self.follow(
            swaps={
                TOKEN: f'TWINE_PASSWORD={shlex.quote(plain.PASSWORD)}',
                'http://127.0.0.1:8080': server.url,
                '--username publisher': f'--username {plain.USER}',
            }
        )
        self.assertEqual(4, len(server.files()))

    def test_user_rehearse_faults(self) -> None:
        self.follow()
        (told,) = (
            block.text
            for block in printed.blocks(self.page)
            if block.section == 'What is shown' and not block.language
        )
        (story,) = (
            one
            for one in self.ran
            if 'co-maintainer-during' in one.command.text
        )
        self.assertRegex(
            story.stdout,
            printed.pattern(f'…{told}…'),
        )
