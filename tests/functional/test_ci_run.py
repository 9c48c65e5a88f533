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

"""The script of the continuous integration counts what both runs did."""

from __future__ import annotations

import dataclasses
import pathlib
import shutil
import subprocess

import fixtures
import testtools

ROOT = pathlib.Path(__file__).resolve().parents[2]

TOX = """\
#!/bin/sh
environment=py3
[ "$1" != -e ] || environment=$2
. "./$environment.sh"
"""
"""What stands for tools/tox.sh: each environment has a script."""

RUN = """\
number=$(cat .stestr/next-stream 2>/dev/null || echo 0)
mkdir -p .stestr ".tox/$environment/bin"
echo $((number + 1)) >.stestr/next-stream
printf '#!/bin/sh\\necho "%s"\\n' '{counts}' >".tox/$environment/bin/stestr"
printf '#!/bin/sh\\ncat\\n{counted}\\n' >".tox/$environment/bin/python"
chmod +x ".tox/$environment/bin/stestr" ".tox/$environment/bin/python"
exit {status}
"""
"""A run of tests that records its results as stestr does."""


@dataclasses.dataclass(frozen=True)
class Ended:
    """What the script left behind."""

    status: int
    last_line: str
    said: str


class TestRun(testtools.TestCase):
    """The last line, and the exit code, for every way to end."""

    def setUp(self) -> None:
        super().setUp()
        self.place = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        for name in ('.ci', 'tools', 'bin'):
            (self.place / name).mkdir()
        shutil.copy2(ROOT / '.ci' / 'run', self.place / '.ci' / 'run')
        self.script('tools/tox.sh', TOX)
        self.ends('py3', '7 passed, 0 failed, 2 skipped')
        self.ends('browser', '3 passed, 0 failed, 0 skipped')
        # What the script looks for is there, and nothing installs anything.
        for name in ('cat', 'chmod', 'dirname', 'id', 'mkdir', 'timeout'):
            found = shutil.which(name)
            assert found is not None
            (self.place / 'bin' / name).symlink_to(found)
        for name in (
            *('curl', 'git', 'gpg', 'python3'),
            *('chromium', 'chromedriver'),
        ):
            self.script(f'bin/{name}', '#!/bin/sh\n')

    def script(self, name: str, text: str) -> None:
        path = self.place / name
        path.write_text(text)
        path.chmod(0o755)

    def ends(self, environment: str, counts: str, status: int = 0) -> None:
        """Let the tests of an environment end so."""
        counted = 0 if ', 0 failed' in counts else 1
        self.script(
            f'{environment}.sh',
            RUN.format(
                counts=counts, status=status, counted=f'exit {counted}'
            ),
        )

    def run_script(self) -> Ended:
        done = subprocess.run(
            ['/bin/sh', str(self.place / '.ci' / 'run')],
            env={'PATH': str(self.place / 'bin')},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(
            done.returncode, done.stdout.splitlines()[-1], done.stderr
        )

    def test_both_runs_are_counted_together(self) -> None:
        self.assertEqual(
            Ended(0, '10 passed, 0 failed, 2 skipped', ''), self.run_script()
        )

    def test_a_test_that_fails_in_either_run_is_counted_once(self) -> None:
        self.ends('py3', '6 passed, 1 failed, 2 skipped', 1)
        ended = self.run_script()
        self.assertEqual(Ended(1, '9 passed, 1 failed, 2 skipped', ''), ended)
        self.ends('browser', '1 passed, 2 failed, 0 skipped', 1)
        ended = self.run_script()
        self.assertEqual('7 passed, 3 failed, 2 skipped', ended.last_line)

    def test_a_second_run_that_does_not_begin_leaves_the_first_one(
        self,
    ) -> None:
        """It is one failure, and the tests that ran are counted all the same.

        A run of another day in the same clone is not taken for it.
        """
        self.run_script()
        self.script('browser.sh', 'exit 2\n')
        ended = self.run_script()
        self.assertEqual(1, ended.status)
        self.assertEqual('7 passed, 1 failed, 2 skipped', ended.last_line)
        self.assertIn('No test of browser ran', ended.said)

    def test_a_first_run_that_does_not_begin_is_a_failure(self) -> None:
        self.script('py3.sh', 'exit 2\n')
        ended = self.run_script()
        self.assertEqual(1, ended.status)
        self.assertEqual('3 passed, 1 failed, 0 skipped', ended.last_line)

    def test_a_run_that_fails_without_a_test_is_a_failure(self) -> None:
        """A worker that died leaves no test that failed."""
        self.ends('browser', '3 passed, 0 failed, 0 skipped', 1)
        ended = self.run_script()
        self.assertEqual(1, ended.status)
        self.assertEqual('10 passed, 1 failed, 2 skipped', ended.last_line)
        self.assertIn('No test of browser failed, but', ended.said)

    def test_results_that_cannot_be_counted_are_a_failure(self) -> None:
        self.ends('browser', 'Traceback', 0)
        ended = self.run_script()
        self.assertEqual(1, ended.status)
        self.assertEqual('7 passed, 1 failed, 2 skipped', ended.last_line)

    def test_what_is_missing_is_installed_at_once(self) -> None:
        """Chromium and its driver, too; root only, and where apt is."""
        for name in ('curl', 'git', 'chromium', 'chromedriver'):
            (self.place / 'bin' / name).unlink()
        (self.place / 'bin' / 'id').unlink()
        self.script('bin/id', '#!/bin/sh\necho 0\n')
        self.script('bin/apt-get', '#!/bin/sh\necho "apt-get $*"\n')
        done = subprocess.run(
            ['/bin/sh', str(self.place / '.ci' / 'run')],
            env={'PATH': str(self.place / 'bin')},
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(
            [
                'apt-get update --quiet',
                'apt-get install --quiet --yes --no-install-recommends '
                'curl git chromium chromium-driver',
                '10 passed, 0 failed, 2 skipped',
            ],
            done.stdout.splitlines(),
        )
