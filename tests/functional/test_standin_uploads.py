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

"""The stand-in index takes and refuses files as PyPI does."""

from __future__ import annotations

import concurrent.futures
import html
import os
import pathlib
import subprocess
import sys
import threading

import requests
import twine.package

from openstack_publish.rehearsal import replies
from tests.support import artifacts
from tests.support import standin

FOREIGN_TAG = 'cp312-cp312-manylinux2014_x86_64'


class TestRefusedFiles(standin.TestCase):
    def test_same_filename_with_other_content_is_refused(self) -> None:
        self.accepts(self.wheel())
        path = self.wheel(extra={'oslo_demo/more.py': b'more = 1\n'})
        digest = twine.package.PackageFile.from_filename(
            path, None
        ).blake2_256_digest
        self.refuses(
            400,
            "File already exists ('oslo_demo-1.2.0-py3-none-any.whl', with "
            f"blake2_256 hash '{digest}'). {self.help('file-name-reuse')}",
            path,
        )

    def test_same_bytes_under_another_filename_are_refused(self) -> None:
        path = self.wheel()
        self.accepts(path)
        other = os.path.join(
            self.directory, 'oslo_demo-1.2.0-py2.py3-none-any.whl'
        )
        pathlib.Path(other).write_bytes(pathlib.Path(path).read_bytes())
        response = self.upload(other)
        self.assertEqual(400, response.status_code)
        self.assertTrue(
            response.reason.startswith(
                "File already exists ('oslo_demo-1.2.0-py2.py3-none-any.whl'"
            ),
            response.reason,
        )

    def test_filename_of_a_deleted_file_is_refused(self) -> None:
        path = self.wheel()
        self.accepts(path)
        self.accepts(self.sdist())
        self.index.store.delete_file(
            standin.NAME, standin.VERSION, os.path.basename(path)
        )
        self._refuses_used_name(path)

    def test_filename_of_a_deleted_release_is_refused(self) -> None:
        path = self.sdist()
        self.accepts(path)
        self.index.store.delete_release(standin.NAME, standin.VERSION)
        self._refuses_used_name(path)

    def test_filename_of_a_deleted_project_is_refused(self) -> None:
        path = self.sdist()
        self.accepts(path)
        self.index.store.delete_project(standin.NAME)
        self._refuses_used_name(path)
        self.assertEqual(404, self.get('/simple/oslo-demo/').status_code)

    def _refuses_used_name(self, path: str) -> None:
        self.refuses(
            400,
            'This filename was previously used by a file that has since '
            'been deleted. Use a different version. '
            + self.help('file-name-reuse'),
            path,
        )

    def test_second_sdist_of_a_release_is_refused(self) -> None:
        self.index.store.add_project(standin.NAME, standin.USER)
        self.index.store.add_file(
            standin.NAME, standin.VERSION, 'oslo.demo-1.2.0.tar.gz', b'old'
        )
        self.refuses(
            400, 'Only one sdist may be uploaded per release.', self.sdist()
        )

    def test_release_older_than_fourteen_days_is_closed(self) -> None:
        self.accepts(self.wheel())
        self.index.store.age_release(standin.NAME, standin.VERSION, 14.5)
        self.refuses(
            400,
            'Uploading new files to releases older than 14 days is not '
            'allowed.',
            self.sdist(),
        )

    def test_release_of_almost_fourteen_days_is_open(self) -> None:
        self.accepts(self.wheel())
        self.index.store.age_release(standin.NAME, standin.VERSION, 13.9)
        self.accepts(self.sdist())

    def test_file_over_the_limit_is_refused(self) -> None:
        self.index.store.limits.file_size = 2 * 1024 * 1024
        path = self.sdist(
            extra={'oslo_demo-1.2.0/noise': os.urandom(3 * 1024 * 1024)}
        )
        self.refuses(
            400,
            "File too large. Limit for project 'oslo.demo' is 2 MB. "
            + self.help('file-size-limit'),
            path,
        )

    def test_limit_is_a_hundred_mebibytes(self) -> None:
        self.assertEqual(104_857_600, self.index.store.limits.file_size)

    def test_sdist_name_that_is_not_normalised_is_refused(self) -> None:
        self.refuses(
            400,
            "Filename 'oslo.demo-1.2.0.tar.gz' is invalid, should be "
            "'oslo_demo-1.2.0.tar.gz'.",
            self.sdist(filename='oslo.demo-1.2.0.tar.gz'),
        )

    def test_zip_sdist_is_refused(self) -> None:
        path = artifacts.write(
            self.directory,
            'oslo_demo-1.2.0.zip',
            artifacts.zip_archive(
                {
                    'oslo_demo-1.2.0/PKG-INFO': artifacts.core_metadata(
                        standin.NAME, standin.VERSION
                    ),
                    'oslo_demo-1.2.0/setup.py': b'',
                }.items()
            ),
        )
        self.refuses(
            400,
            "Filename 'oslo_demo-1.2.0.zip' is invalid, should be "
            "'oslo_demo-1.2.0.tar.gz'.",
            path,
        )

    def test_file_of_another_project_is_refused(self) -> None:
        self.refuses(
            400,
            "Start filename for 'oslo.demo' with 'oslo_demo'.",
            self.sdist(filename='other-1.2.0.tar.gz'),
        )

    def test_wheel_for_linux_x86_64_is_refused(self) -> None:
        path = self.wheel(tag='cp312-cp312-linux_x86_64')
        self.refuses(
            400,
            "Binary wheel 'oslo_demo-1.2.0-cp312-cp312-linux_x86_64.whl' has "
            "an unsupported platform tag 'linux_x86_64'.",
            path,
        )

    def test_manylinux_wheel_is_taken(self) -> None:
        self.accepts(self.wheel(tag=FOREIGN_TAG))
        self.accepts(self.wheel(tag='cp312-cp312-musllinux_1_2_aarch64'))

    def test_renamed_wheel_is_refused(self) -> None:
        path = self.wheel()
        renamed = os.path.join(
            self.directory, 'oslo_demo-1.3.0-py3-none-any.whl'
        )
        os.rename(path, renamed)
        self.refuses(
            400,
            'Invalid distribution file. WHEEL not found at '
            'oslo_demo-1.3.0.dist-info/WHEEL',
            renamed,
        )

    def test_wheel_whose_name_is_not_normalised_is_refused(self) -> None:
        self.refuses(
            400,
            "Filename 'oslo.demo-1.2.0-py3-none-any.whl' should contain the "
            "normalized project name 'oslo_demo', not 'oslo.demo'.",
            self.wheel(
                filename='oslo.demo-1.2.0-py3-none-any.whl',
                dist_info='oslo.demo-1.2.0.dist-info',
            ),
        )

    def test_wheel_of_another_version_is_refused(self) -> None:
        def as_1_3(package: twine.package.PackageFile) -> None:
            package.metadata['version'] = '1.3.0'

        self.refuses(
            400,
            "Version in filename should be '1.3.0' not '1.2.0'.",
            self.wheel(),
            change=as_1_3,
        )

    def test_wheel_without_record_is_refused(self) -> None:
        self.refuses(
            400,
            "Wheel 'oslo_demo-1.2.0-py3-none-any.whl' does not contain the "
            'required RECORD file: oslo_demo-1.2.0.dist-info/RECORD',
            self.wheel(omit=['oslo_demo-1.2.0.dist-info/RECORD']),
        )

    def test_licence_that_is_not_in_the_wheel_is_refused(self) -> None:
        self.refuses(
            400,
            'License-File LICENSE does not exist in distribution file '
            'oslo_demo-1.2.0-py3-none-any.whl at '
            'oslo_demo-1.2.0.dist-info/licenses/LICENSE',
            self.wheel(metadata={'License-File': ['LICENSE']}),
        )

    def test_licence_that_is_not_in_the_sdist_is_refused(self) -> None:
        self.refuses(
            400,
            'License-File LICENSE does not exist in distribution file '
            'oslo_demo-1.2.0.tar.gz at oslo_demo-1.2.0/LICENSE',
            self.sdist(metadata={'License-File': ['LICENSE']}),
        )

    def test_wrong_digest_is_refused(self) -> None:
        def wrong(package: twine.package.PackageFile) -> None:
            package.sha2_digest = '0' * 64

        self.refuses(
            400,
            'The digest supplied does not match a digest calculated from '
            'the uploaded file.',
            self.wheel(),
            change=wrong,
        )

    def test_missing_digest_is_refused(self) -> None:
        def none(package: twine.package.PackageFile) -> None:
            for name in ('md5_digest', 'sha2_digest', 'blake2_256_digest'):
                # twine 6 sends an MD5, twine 7 doesn't.
                setattr(package, name, '')

        self.refuses(
            400,
            'Error: Include at least one message digest.',
            self.wheel(),
            change=none,
        )

    def test_attestations_with_an_api_token_are_refused(self) -> None:
        attestation = os.path.join(
            self.directory, 'oslo_demo-1.2.0.tar.gz.publish.attestation'
        )
        pathlib.Path(attestation).write_text('{"version": 1}')

        def attested(package: twine.package.PackageFile) -> None:
            package.add_attestations([attestation])

        self.refuses(
            400,
            'Invalid attestations supplied during upload: Attestations are '
            'only supported when using Trusted Publishing',
            self.sdist(),
            change=attested,
        )

    def test_failed_first_upload_leaves_no_project(self) -> None:
        self.upload(self.wheel(tag='cp312-cp312-linux_x86_64'))
        self.assertEqual(404, self.get('/simple/oslo-demo/').status_code)
        self.assertEqual(0, self.index.store.snapshot().last_serial)


class TestTakenFiles(standin.TestCase):
    def test_new_file_is_taken_with_a_page_that_says_ok(self) -> None:
        response = self.upload(self.sdist())
        self.assertEqual((200, 'OK'), (response.status_code, response.reason))
        self.assertIn('<h1>200 OK</h1>', response.text)

    def test_identical_file_is_taken_without_a_journal_row(self) -> None:
        path = self.sdist()
        self.accepts(path)
        before = self.index.store.snapshot()
        self.accepts(path)
        after = self.index.store.snapshot()
        self.assertEqual(before.journal, after.journal)
        self.assertEqual(before.last_serial, after.last_serial)

    def test_identical_file_is_taken_in_a_closed_release(self) -> None:
        path = self.sdist()
        self.accepts(path)
        self.index.store.age_release(standin.NAME, standin.VERSION, 400)
        self.accepts(path)

    def test_signature_is_silently_dropped(self) -> None:
        path = self.sdist()
        pathlib.Path(path + '.asc').write_text('a signature\n')
        self.accepts(path, signature=path + '.asc')
        self.assertIn('gpg_signature', self.index.uploads[0].fields)
        (file,) = self.json('/pypi/oslo-demo/json')['urls']
        self.assertIs(False, file['has_sig'])
        served = requests.get(file['url'], timeout=standin.SECONDS)
        self.assertEqual(pathlib.Path(path).read_bytes(), served.content)
        missing = requests.get(file['url'] + '.asc', timeout=standin.SECONDS)
        self.assertEqual(404, missing.status_code)

    def test_yanked_release_takes_files(self) -> None:
        self.accepts(self.wheel())
        self.index.store.yank_release(standin.NAME, standin.VERSION)
        self.accepts(self.sdist())

    def test_planted_file_is_listed_beside_ours(self) -> None:
        self.accepts(self.wheel())
        planted = f'oslo_demo-1.2.0-{FOREIGN_TAG}.whl'
        self.index.store.add_file(
            standin.NAME, standin.VERSION, planted, b'foreign'
        )
        self.accepts(self.sdist())
        listed = self.json('/pypi/oslo-demo/1.2.0/json')['urls']
        self.assertEqual(
            [
                planted,
                'oslo_demo-1.2.0-py3-none-any.whl',
                'oslo_demo-1.2.0.tar.gz',
            ],
            [file['filename'] for file in listed],
        )

    def test_uploader_becomes_owner_of_a_new_project(self) -> None:
        self.accepts(self.sdist())
        self.assertEqual(
            {
                'organization': None,
                'roles': [{'role': 'Owner', 'user': standin.USER}],
            },
            self.json('/pypi/oslo-demo/json')['ownership'],
        )

    def test_display_name_follows_the_last_upload(self) -> None:
        self.index.store.add_project('Oslo_Demo', standin.USER)
        self.accepts(self.sdist())
        self.assertEqual(
            'oslo.demo', self.json('/pypi/oslo-demo/json')['info']['name']
        )


class TestPosting(standin.TestCase):
    def test_url_without_trailing_slash_is_a_bad_request(self) -> None:
        response = standin.upload(
            self.index.upload_url.rstrip('/'), self.sdist(), self.token
        )
        self.assertEqual(
            (400, 'Bad Request'), (response.status_code, response.reason)
        )

    def test_body_that_is_no_form_is_a_bad_request(self) -> None:
        response = requests.post(
            self.index.upload_url, data=b'x' * 1000, timeout=standin.SECONDS
        )
        self.assertEqual(
            (400, 'Bad Request'), (response.status_code, response.reason)
        )

    def test_registration_is_gone(self) -> None:
        response = requests.post(
            self.index.upload_url,
            files={':action': (None, 'submit')},
            timeout=standin.SECONDS,
        )
        self.assertEqual(410, response.status_code)

    def test_body_repeats_the_reason_escaped(self) -> None:
        response = self.upload(self.sdist(filename='oslo.demo-1.2.0.tar.gz'))
        self.assertIn(html.escape(response.reason), response.text)
        self.assertIn('<title>400 Filename', response.text)

    def test_message_in_html_is_escaped(self) -> None:
        page = replies.page(400, "<b> & 'x'")
        self.assertEqual("<b> & 'x'", page.reason)
        assert isinstance(page.body, bytes)
        self.assertIn(b'&lt;b&gt; &amp; &#x27;x&#x27;', page.body)
        self.assertNotIn(b'<b>', page.body)

    def test_twine_as_a_program_uploads_and_repeats_itself(self) -> None:
        paths = [self.wheel(), self.sdist()]
        for _ in range(2):
            run = subprocess.run(
                [
                    sys.executable,
                    '-m',
                    'twine',
                    'upload',
                    '--non-interactive',
                    '--disable-progress-bar',
                    '--repository-url',
                    self.index.upload_url,
                    *paths,
                ],
                env={
                    'HOME': self.directory,
                    'PATH': os.environ['PATH'],
                    'TERM': 'dumb',
                    'TWINE_USERNAME': '__token__',
                    'TWINE_PASSWORD': self.token,
                },
                capture_output=True,
                text=True,
                timeout=120,
            )
            self.assertEqual(0, run.returncode, run.stdout + run.stderr)
        self.assertEqual(4, len(self.index.uploads))
        self.assertEqual(
            2, len(self.json('/pypi/oslo-demo/1.2.0/json')['urls'])
        )

    def test_twine_as_a_program_prints_the_reason_and_ends_with_1(
        self,
    ) -> None:
        run = subprocess.run(
            [
                sys.executable,
                '-m',
                'twine',
                'upload',
                '--non-interactive',
                '--disable-progress-bar',
                '--repository-url',
                self.index.upload_url,
                self.sdist(filename='oslo.demo-1.2.0.tar.gz'),
            ],
            env={
                'HOME': self.directory,
                'PATH': os.environ['PATH'],
                'TERM': 'dumb',
                'COLUMNS': '500',
                'TWINE_USERNAME': '__token__',
                'TWINE_PASSWORD': self.token,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.assertEqual(1, run.returncode)
        self.assertIn('is invalid, should be', run.stdout)


class TestParallelUploads(standin.TestCase):
    def _in_parallel(self, *paths: str) -> list[int]:
        """Upload so that all have been checked before one is stored."""
        meeting = threading.Barrier(len(paths))
        self.index.faults.before_commit.append(
            lambda request: meeting.wait(standin.SECONDS)
        )
        with concurrent.futures.ThreadPoolExecutor(len(paths)) as workers:
            answers = workers.map(self.upload, paths)
            return sorted(each.status_code for each in answers)

    def test_two_that_create_one_project_give_one_error(self) -> None:
        self.assertEqual(
            [200, 500], self._in_parallel(self.wheel(), self.sdist())
        )

    def test_two_that_create_one_release_give_one_error(self) -> None:
        self.index.store.add_project(standin.NAME, standin.USER)
        self.assertEqual(
            [200, 500], self._in_parallel(self.wheel(), self.sdist())
        )

    def test_two_for_an_existing_release_are_both_taken(self) -> None:
        self.accepts(self.wheel(tag=FOREIGN_TAG))
        self.assertEqual(
            [200, 200], self._in_parallel(self.wheel(), self.sdist())
        )

    def test_two_for_different_projects_are_both_taken(self) -> None:
        self.assertEqual(
            [200, 200],
            self._in_parallel(self.sdist(), self.sdist('oslo.other')),
        )

    def test_file_that_lost_is_taken_at_the_next_try(self) -> None:
        paths = self.wheel(), self.sdist()
        self._in_parallel(*paths)
        self.index.faults.before_commit.clear()
        for path in paths:
            self.accepts(path)
