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

"""A watch with everything around it: index, checkout, mail server, clock."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

import fixtures

from openstack_publish.rehearsal import server
from tests.support import gitrepo
from tests.support import hand_clocks
from tests.support import mailserver
from tests.support import scene

PROJECT = 'xstatic-angular'
SENDER = 'watch@lists.example.org'
LIST = 'alerts@lists.example.org'


class RoundClock(hand_clocks.HandClock):
    """A clock whose sleeper is woken after something was done."""

    def __init__(self, now: datetime.datetime) -> None:
        super().__init__(now)
        self.steps: list[Callable[[], object]] | None = None
        """What is done in each sleep; after the last a signal comes."""

    def sleep(self, seconds: float) -> None:
        """Let time pass at once, and do what is next."""
        super().sleep(seconds)
        if self.steps is None:
            return
        if not self.steps:
            raise KeyboardInterrupt
        step, *rest = self.steps
        self.steps = None
        step()
        self.steps = rest


class Vigil(fixtures.Fixture):
    """One project that is watched, and others beside it.

    :param others: how many projects there are beside it
    """

    def __init__(self, others: int = 0) -> None:
        super().__init__()
        self._others = others

    def _setUp(self) -> None:
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.clock = RoundClock(
            datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        )
        self.useFixture(
            fixtures.MonkeyPatch(
                'openstack_publish.gates.clock.SystemClock',
                lambda: self.clock,
            )
        )
        self.useFixture(
            fixtures.EnvironmentVariable('HOME', str(self.directory))
        )
        self.index = server.StandInIndex(now=self.clock.now).start()
        self.addCleanup(self._check)
        self.addCleanup(self.index.stop)
        self.mail = self.useFixture(mailserver.MailServer())
        self.state = self.directory / 'state'
        self.origin = self.useFixture(gitrepo.GitRepository())
        self.releases = self.directory / 'releases'
        self._make()

    def _make(self) -> None:
        store = self.index.store
        store.add_project(PROJECT, owner='openstackci')
        self.upload('4.7.0.0')
        self.order('4.7.0.0')
        for number in range(self._others):
            name = f'project-{number}'
            store.add_project(name, owner='openstackci')
            self.origin.write(
                f'deliverables/_independent/{name}.yaml',
                deliverable(name, '1.0.0'),
            )
        if self._others:
            self.origin.commit()
        self.origin.git('clone', '--quiet', '.', str(self.releases))

    def _check(self) -> None:
        if self.index.errors:
            raise AssertionError(f'the stand-in failed: {self.index.errors}')

    def order(self, *versions: str, name: str = PROJECT) -> None:
        """Order releases, as a change that was merged."""
        self.origin.write(
            f'deliverables/_independent/{name}.yaml',
            deliverable(name, *versions),
        )
        self.origin.commit()

    def upload(
        self, version: str, content: bytes = b'', project: str = PROJECT
    ) -> None:
        """Put a release on the index, whoever does it."""
        stem = project.replace('-', '_')
        self.index.store.add_file(
            project,
            version,
            f'{stem}-{version}.tar.gz',
            content or f'{project} {version}'.encode(),
        )

    def pass_time(self, **units: float) -> None:
        """Let time pass."""
        self.clock.sleep(datetime.timedelta(**units).total_seconds())

    def arguments(self, *more: str, source: str = 'changelog') -> list[str]:
        """Arguments of one round that mails."""
        words = ['watch', '--state', str(self.state), '--once']
        words += ['--releases', str(self.releases), '--source', source]
        words += ['--read-url', self.index.url, '--no-cache']
        words += ['--mail-to', LIST, '--mail-from', SENDER]
        words += ['--smtp', f'127.0.0.1:{self.mail.port}', '-f', 'json']
        return [*words, *more]

    def look(
        self,
        *more: str,
        source: str = 'changelog',
        environment: dict[str, str] | None = None,
    ) -> scene.Result:
        """Do one round."""
        return scene.run(
            self.arguments(*more, source=source),
            {**os.environ, **(environment or {})},
        )

    def stay(
        self,
        *steps: Callable[[], object],
        more: tuple[str, ...] = (),
        source: str = 'changelog',
    ) -> list[dict[str, Any]]:
        """Look once more than there are steps, a step between two rounds.

        :returns: the rounds that were printed
        """
        words = self.arguments(*more, '--interval', '60', source=source)
        words.remove('--once')
        self.clock.steps = list(steps)
        try:
            result = scene.run(words, {})
        finally:
            self.clock.steps = None
        if result.code != 0:
            raise AssertionError(f'{result.code}: {result.stderr}')
        return [json.loads(line) for line in result.stdout.splitlines()]

    def codes(self, *more: str, source: str = 'changelog') -> list[str]:
        """Do one round and return the codes of what opened in it."""
        result = self.look(*more, source=source)
        return [one['code'] for one in document(result)['opened']]

    def mailed(self) -> list[str]:
        """Return the code in each subject, in the order of the mails."""
        return [
            next(word for word in subject.split() if 'OSP' in word)
            for subject in self.mail.subjects
            if 'OSP' in subject
        ]


def document(result: scene.Result) -> dict[str, Any]:
    """Return the round that was printed."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def deliverable(name: str, *versions: str) -> str:
    """Return a deliverable file that orders versions."""
    lines = ['---', 'team: horizon', 'type: library']
    lines += ['repository-settings:']
    lines += [f'  openstack/{name}: {{}}', 'releases:']
    for number, version in enumerate(versions):
        lines += [f'  - version: {version}', '    projects:']
        lines += [f'      - repo: openstack/{name}']
        lines += [f'        hash: {number:039x}a']
    return '\n'.join([*lines, ''])
