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

"""The pages about what is out there: their commands run as printed."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import time

from aiosmtpd import smtp

from tests.functional import pages
from tests.support import examples
from tests.support import mailserver

KEPT = {'jq -r': '{ cat >failed.json; } && :'}
"""jq is nothing that the tests need: what it would read is kept."""

STATE = 'watch.state'


class EndingServer(mailserver.MailServer):
    """Ends the watch once it has taken a mail.

    :param pid: file with the watch's process id
    """

    def __init__(self, pid: pathlib.Path) -> None:
        super().__init__()
        self._pid = pid

    async def handle_DATA(
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
    ) -> str:
        """Take a message."""
        answer = await super().handle_DATA(server, session, envelope)
        os.kill(int(self._pid.read_text('utf-8')), signal.SIGTERM)
        return answer


class TestReviews(pages.PageTest):
    """Orders that are proposed."""

    def test_user_check_in_review(self) -> None:
        self.desk.clone()
        name = 'deliverables/hibiscus/os-vif.yaml'
        file = self.desk.place / 'releases' / name
        before = examples.deliverable('os-vif', 'nova', '5.1.0')
        proposed = examples.deliverable('os-vif', 'nova', '5.1.0', '5.2')
        for text in (before, proposed):
            file.write_text(text, 'utf-8')
            self.desk.shell('git -C releases commit -qam "A change"')
        self.desk.empty_archive()
        self.desk.release('os-vif', '5.1.0')
        self.desk.publish('os-vif')
        self.follow(
            'A change to openstack/releases',
            codes={'openstack-publish check': 1},
        )
        self.desk.shell('git -C releases reset -q --hard HEAD~1')
        file.write_text(
            examples.deliverable('os-vif', 'nova', '5.1.0', '5.2.0'), 'utf-8'
        )
        (ran,) = self.follow('A file that you are about to propose')
        self.assertIn('os-vif 5.2.0', ran.stdout)


class TestOverviews(pages.PageTest):
    """Releases and projects on the index."""

    def setUp(self) -> None:
        super().setUp()
        self.desk.publish_all()

    def mallory(self) -> None:
        """Let somebody have roles that the policy does not allow."""
        store = self.desk.index.store
        store.add_role('oslo-config', 'mallory', 'Maintainer')

    def test_user_audit_a_team(self) -> None:
        self.mallory()
        self.follow(
            'Run the audit for your team',
            codes={
                'audit --releases releases --team oslo': 1,
                'audit pbr oslo.config': 1,
            },
        )
        self.desk.index.store.add_role('oslo-db', 'mallory', 'Owner')
        self.desk.index.store.add_role('pbr', 'mallory', 'Maintainer')
        self.follow('Who could do what', codes={'--by account': 1})
        self.desk.shell(
            'openstack-publish audit --releases releases --save audit.json '
            '>/dev/null || test $? = 1'
        )
        self.desk.index.store.remove_role('pbr', 'mallory')
        (ran,) = self.follow(
            'What changed since the last time', codes={'--since': 1}
        )
        self.assertIn('mallory', ran.stdout)

    def test_user_start_a_clean_up(self) -> None:
        self.desk.clone()
        self.mallory()
        self.follow(codes={'--write-policy': 1})

    def test_user_publish_the_audit_site(self) -> None:
        self.desk.clone()
        self.follow('Publish the site from a periodic job')
        published = self.desk.archive / 'site'
        shutil.copytree(self.desk.place / 'site', published)
        shutil.rmtree(self.desk.place / 'site')
        self.desk.environment['SITE_URL'] = f'{self.desk.site.url}site'
        self.desk.environment['SITE_PLACE'] = str(published)
        # Two audits that began in the same second are one.
        time.sleep(1)
        self.follow(
            'The job',
            swaps={'rsync --recursive --delete-after': 'cp --recursive -T'},
        )
        history = json.loads((published / 'history.json').read_text('utf-8'))
        self.assertEqual(2, len(history['audits']))
        self.desk.shell(
            'openstack-publish audit --releases releases '
            '--save audit-2026-01.json >/dev/null'
        )
        self.follow('Begin with an audit of before')

    def test_user_see_what_is_missing(self) -> None:
        self.desk.clone()
        ran = self.follow(swaps=KEPT)
        self.assertIn('oslo-config 10.1.0', ran[2].stdout)

    def test_user_verify_a_series(self) -> None:
        self.desk.clone()
        self.follow(swaps=KEPT)
        rows = json.loads((self.desk.place / 'failed.json').read_text('utf-8'))
        self.assertLessEqual({'verdict', 'project', 'version'}, set(rows[0]))


class TestVerification(pages.PageTest):
    """A release that was published with a receipt."""

    def test_user_verify_by_hand(self) -> None:
        self.desk.clone()
        self.desk.build()
        self.desk.shell(
            'openstack-publish publish --releases releases --sign-key-file '
            f'signing-key.asc --archive {self.desk.archive} dist/ '
            '--receipt os-vif-5.2.0.receipt.json'
        )
        self.desk.environment['PIP_INDEX_URL'] = (
            f'{self.desk.index.url}/simple/'
        )
        self.follow()


class TestWatch(pages.PageTest):
    """The watch."""

    def setUp(self) -> None:
        super().setUp()
        self.desk.publish_all()

    def test_user_run_a_watch(self) -> None:
        self.follow('Begin')
        pid = self.desk.place / 'pid'
        mail = self.useFixture(EndingServer(pid))
        self.follow(
            'Go on',
            swaps={
                'localhost:25': f'127.0.0.1:{mail.port}',
                'openstack-publish watch': (
                    f"""sh -c 'echo $$ >{pid}; exec "$@"' sh """
                    'openstack-publish watch'
                ),
            },
        )
        self.assertIn('alive', mail.subjects[0])

    def test_user_answer_an_incident(self) -> None:
        self.desk.clone()
        self.desk.index.store.add_role('pbr', 'mallory', 'Owner')
        self.desk.shell(
            f'openstack-publish watch --state {STATE} --releases releases '
            '--once || test $? = 1'
        )
        listed = json.loads(
            self.desk.shell(
                f'openstack-publish watch list --state {STATE} -f json '
                '|| test $? = 1'
            )
        )
        (open_one,) = listed
        self.follow(
            codes={'watch list': 1}, swaps={' ID ': f' {open_one["id"]} '}
        )
