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

"""The examples of ``--help`` do what their words say."""

from __future__ import annotations

import json
from collections.abc import Mapping

import testtools

from openstack_publish.cli import application
from openstack_publish.cli import help_command
from openstack_publish.cli import usage
from tests.support import desk
from tests.support import printed

PAGE = '--help'
PROGRAM = ''
"""What the examples of the program as a whole are asked for by."""

BEFORE = ('check', 'doctor', 'token', 'rule', 'help', 'rehearse')
RELEASE = ('sign', 'publish')
OUT_THERE = ('verify', 'status', 'explain', 'audit')
HALF_WAY = ('republish',)
WATCH = ('watch', 'watch list', 'watch ack')

NOT_RUN: Mapping[str, str] = {
    'rehearse --keep': 'it stays until Ctrl-C',
    'watch --interval': 'it stays until SIGTERM',
    '--scheduler': 'it needs a cluster',
    'co-maintainer-during': 'tests/functional/test_printed_releases.py does',
}
"""A part of each example that is not run, and why not."""


def examples(*names: str) -> list[printed.Command]:
    """Return the examples of commands as ``--help`` prints them."""
    found = []
    for name in names:
        shown: usage.Examples = help_command.EXAMPLES
        if name != PROGRAM:
            factory, _, _ = application.Commands().find_command(name.split())
            shown = factory.examples  # type: ignore[attr-defined]
        found += [
            printed.Command(PAGE, number, name, usage.lines(line, 76), '')
            for number, (_, line) in enumerate(shown, 1)
        ]
    return found


def runs(example: printed.Command) -> bool:
    """Say whether an example ends by itself, on any machine."""
    return not any(part in example.text for part in NOT_RUN)


class TestTable(testtools.TestCase):
    """What is run, and what is not."""

    def test_each_command_has_its_turn(self) -> None:
        turns = (*BEFORE, *RELEASE, *OUT_THERE, *HALF_WAY, *WATCH)
        self.assertEqual(
            sorted(application.Commands().commands), sorted(turns)
        )

    def test_each_reason_is_one_of_an_example(self) -> None:
        texts = [
            each.text for each in examples(*application.Commands().commands)
        ]
        for part in NOT_RUN:
            self.assertTrue(any(part in text for text in texts), part)


class TestExamples(testtools.TestCase):
    """At a desk that has the files that they name."""

    def setUp(self) -> None:
        super().setUp()
        self.desk = self.useFixture(desk.Desk())
        self.desk.clone()

    def tearDown(self) -> None:
        super().tearDown()
        self.assertEqual((), self.desk.index.errors)

    def follow(
        self,
        *names: str,
        codes: Mapping[str, int] | None = None,
        swaps: Mapping[str, str] | None = None,
    ) -> list[desk.Ran]:
        """Run the examples of commands, in their order."""
        found = [each for each in examples(*names) if runs(each)]
        self.assertNotEqual([], found)
        return self.desk.follow(found, codes or {}, swaps or {})

    def build(self) -> None:
        """Have a release that was built and not yet published."""
        self.desk.build()
        self.desk.empty_archive()
        self.desk.shell(f'ln -s {self.desk.archive} tarballs')

    def test_of_what_one_does_before_a_release_and_for_it(self) -> None:
        self.build()
        self.follow(*BEFORE)
        self.assertEqual((), self.desk.index.uploads)
        self.follow(*RELEASE)
        self.assertEqual(2, len(self.desk.index.uploads))

    def test_of_the_program(self) -> None:
        self.build()
        self.follow(PROGRAM)

    def test_of_what_is_out_there(self) -> None:
        self.desk.build()
        self.desk.shell(
            'openstack-publish publish --releases releases --sign-key-file '
            f'signing-key.asc --archive {self.desk.archive} dist/ '
            '--receipt os-vif-5.2.0.receipt.json'
        )
        self.desk.shell('cp dist/*.whl .')
        self.desk.publish_all()
        self.follow(*OUT_THERE)

    def test_of_what_failed_half_way(self) -> None:
        self.desk.publish('os-vif', only='.whl')
        self.follow(
            *HALF_WAY,
            swaps={'https://tarballs.opendev.org': self.desk.site.url},
        )
        self.assertEqual(1, len(self.desk.index.uploads))

    def test_of_the_watch(self) -> None:
        self.desk.publish_all()
        begin, listing, acknowledge = WATCH
        self.follow(begin)
        self.desk.index.store.add_role('pbr', 'mallory', 'Owner')
        self.desk.shell(
            'openstack-publish watch --once --state watch.state '
            '--releases releases || test $? = 1'
        )
        _, ran = self.follow(listing, codes={listing: 1})
        (incident,) = json.loads(ran.stdout)
        (example,) = examples(acknowledge)
        (name,) = (
            word
            for word in example.text.split()
            if len(word) == len(incident['id']) and word.isalnum()
        )
        (said,) = self.follow(acknowledge, swaps={name: incident['id']})
        self.assertIn('acknowledged', said.stdout)
