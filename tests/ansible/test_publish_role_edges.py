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

"""What a release job should not meet, and what shadow makes of it."""

from __future__ import annotations

from typing import Any

from tests.ansible import base
from tests.ansible import executor
from tests.support import tampering

# Tells what every process was given that it may look at, then publishes.
_SPY = """\
#!/bin/sh
for place in /proc/[0-9]*; do
    tr '\\0' '\\n' < $place/cmdline
    tr '\\0' '\\n' < $place/environ
done 2> /dev/null >> '{record}'
exec '{program}' "$@"
"""


class TestInputs(base.RoleTest):
    def test_no_process_is_given_a_secret(self) -> None:
        record = self.executor.directory / 'record'
        spy = self.program(
            _SPY.format(
                record=record,
                program=executor.PROGRAM,
            )
        )
        done = self.play(openstack_publish_executable=spy)
        self.assertPlayed(done)
        self.assertIn('--sign-key-file', record.read_text('utf-8'))

    def program(self, text: str) -> str:
        """Write a program that stands where openstack-publish should."""
        path = self.executor.directory / 'program'
        path.write_text(text, 'utf-8')
        path.chmod(0o755)
        return str(path)

    def test_a_linux_wheel_is_left_out_with_a_warning(self) -> None:
        """Its name is shown as it is, and not evaluated."""
        name = '{{ 7 * 7 }}-1.0.0-cp311-cp311-linux_x86_64.whl'
        (self.executor.artifacts / name).write_bytes(b'no wheel')
        done = self.play()
        self.assertPlayed(done)
        self.assertIn(f'leaves out {name}: PyPI takes no wheel', done.warnings)
        self.assertEqual(sorted(self.scene.filenames), self.scene.listed())

    def test_what_a_finding_quotes_is_not_evaluated(self) -> None:
        for path in self.executor.artifacts.glob('*.whl'):
            tampering.wheel(path, **{'{{ 7 * 7 }}.pth': b'import os\n'})
        done = self.play(
            openstack_publish_mode='dry-run',
            openstack_publish_options=[
                f'--source-tree={self.scene.release.source_tree}'
            ],
        )
        self.assertFailed(done, 'ended with 1')
        self.assertIn('{{ 7 * 7 }}.pth', done.warnings)

    def test_a_token_and_a_user_together_are_refused(self) -> None:
        done = self.play(
            pypi_info={'api_token': self.scene.token, 'username': 'someone'}
        )
        self.assertFailed(done, 'Specify either username/password')
        self.assertSentNothing()

    def test_user_and_password_are_handed_over(self) -> None:
        """What they may do is for openstack-publish and the index to say."""
        done = self.play(
            pypi_info={
                'username': '__token__',
                'password': self.scene.token,
                'repository': 'somewhere',
                'repository_url': self.scene.upload_url,
            }
        )
        self.assertPlayed(done)
        self.assertEqual('published', done.receipt['outcome'])

    def test_a_mode_that_there_is_not_fails(self) -> None:
        done = self.play(openstack_publish_mode='Publish')
        self.assertFailed(done, 'it has to be publish, dry-run or shadow')
        self.assertSentNothing()

    def test_a_directory_without_distributions_fails(self) -> None:
        for path in self.executor.artifacts.iterdir():
            path.unlink()
        done = self.play()
        self.assertFailed(done, 'There is no sdist')

    def test_another_commit_than_the_ordered_one_is_refused(self) -> None:
        done = self.play(openstack_publish_commit='0' * 39 + '1')
        self.assertFailed(done, 'ended with 1')
        self.assertSentNothing()

    def test_a_tag_that_is_not_there_fails(self) -> None:
        known = self.executor.zuul(self.executor.work_root)
        done = self.play(zuul={**known, 'newrev': '1' * 40})
        self.assertFailed(done, 'Nothing was published')
        self.assertSentNothing()

    def test_another_tag_than_the_built_version_is_refused(self) -> None:
        done = self.play(openstack_publish_release='9.9.9')
        self.assertFailed(done, 'ended with 1')
        self.assertSentNothing()

    def test_what_lies_in_the_other_directory_is_signed(self) -> None:
        """sign-artifacts signs gpg_sign_path, wherever the uploads are."""
        elsewhere = self.executor.work_root / 'elsewhere'
        elsewhere.mkdir()
        built = self.built()
        (elsewhere / self.scene.sdist).write_bytes(built[self.scene.sdist])
        done = self.play(gpg_sign_path=str(elsewhere))
        self.assertPlayed(done)
        self.assertWhole(built)
        self.assertSigned(elsewhere, {self.scene.sdist: b''})

    def test_the_variables_of_twine_are_noted(self) -> None:
        done = self.play(
            pypi_twine_executable='/opt/twine', pypi_twine_skip_existing=True
        )
        self.assertPlayed(done)
        self.assertIn('pypi_twine_executable (/opt/twine) is not', done.output)

    def test_an_earlier_use_in_the_play_is_forgotten(self) -> None:
        done = self.play(
            executor.HERE / 'playbooks/twice.yaml',
            drop=('openstack_publish_executable',),
            program=executor.PROGRAM,
        )
        self.assertPlayed(done)
        self.assertIn('Show the version', done.warnings)
        self.assertEqual('published', done.receipt['outcome'])


class TestShadow(base.RoleTest):
    """Whatever happens, the job goes on."""

    def shadow(self, **variables: Any) -> executor.Played:
        """Play it, and hold that it did not fail and did nothing."""
        done = self.play(openstack_publish_mode='shadow', **variables)
        self.assertPlayed(done)
        self.assertSentNothing()
        return done

    def broken(self, text: str, **variables: Any) -> executor.Played:
        """Play it with another program in openstack-publish's place."""
        path = self.executor.directory / 'broken'
        path.write_text(f'#!/bin/sh\n{text}\n', 'utf-8')
        path.chmod(0o755)
        return self.shadow(openstack_publish_executable=str(path), **variables)

    def test_a_good_release_warns_of_nothing(self) -> None:
        done = self.shadow()
        self.assertEqual('dry-run', done.receipt['outcome'])
        self.assertEqual('', done.warnings)

    def test_a_program_that_is_missing(self) -> None:
        done = self.shadow(openstack_publish_executable='/nowhere/at/all')
        self.assertIn('Show the version', done.warnings)

    def test_nothing_to_install_it_from(self) -> None:
        done = self.shadow(openstack_publish_executable='')
        self.assertIn('nothing to install openstack-publish', done.warnings)

    def test_wrong_usage(self) -> None:
        done = self.shadow(openstack_publish_options=['--no-such-option'])
        self.assertIn('ended with 2', done.warnings)

    def test_a_traceback(self) -> None:
        done = self.broken('test "$1" = --version || exec python3 -c "1/0"')
        self.assertIn('ended with 1: it broke', done.warnings)

    def test_a_program_that_hangs(self) -> None:
        done = self.broken(
            'test "$1" = --version || exec sleep 600',
            openstack_publish_shadow_limit=1,
        )
        self.assertIn('ended with 124: it broke, or', done.warnings)

    def test_an_index_that_is_away(self) -> None:
        done = self.shadow(
            pypi_info={
                'api_token': self.scene.token,
                'repository_url': 'http://127.0.0.1:1/legacy/',
            }
        )
        self.assertIn('(unknown)', done.warnings)

    def test_no_checkout_of_the_orders(self) -> None:
        done = self.shadow(openstack_publish_releases='')
        self.assertIn('required-projects', done.warnings)

    def test_no_secrets(self) -> None:
        self.shadow(
            drop=('pypi_info', 'gpg_key'),
            pypi_repository_url=self.scene.upload_url,
        )

    def test_a_secret_of_another_form(self) -> None:
        done = self.shadow(gpg_key=self.scene.token)
        self.assertIn('its message is hidden', done.warnings)
