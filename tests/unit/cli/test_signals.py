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

"""Signals that end the program, sent to this very process."""

from __future__ import annotations

import signal

import testtools

from openstack_publish.cli import signals


class TestSignals(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        for number in signals.ENDING:
            self.addCleanup(signal.signal, number, signal.getsignal(number))
            # nohup and a shell's background ignore some of them.
            signal.signal(number, signal.SIG_DFL)
        self.received = signals.Signals()

    def test_the_first_one_interrupts_and_no_other_does(self) -> None:
        self.received.install()
        self.assertRaises(
            KeyboardInterrupt, signal.raise_signal, signal.SIGTERM
        )
        for number in signals.ENDING:
            signal.raise_signal(number)

    def test_each_of_them_interrupts(self) -> None:
        for number in signals.ENDING:
            signals.Signals().install()
            self.assertRaises(KeyboardInterrupt, signal.raise_signal, number)

    def test_what_the_process_was_started_to_ignore_stays_ignored(
        self,
    ) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.received.install()
        signal.raise_signal(signal.SIGHUP)
        self.assertFalse(self.received.ending)

    def test_what_is_decided_is_not_interrupted(self) -> None:
        self.received.install()
        self.received.end()
        for number in signals.ENDING:
            signal.raise_signal(number)

    def test_nothing_is_left_to_the_interpreter(self) -> None:
        self.received.install()
        self.received.ignore()
        for number in signals.ENDING:
            self.assertEqual(signal.SIG_IGN, signal.getsignal(number))
