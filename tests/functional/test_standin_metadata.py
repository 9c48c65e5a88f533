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

"""The stand-in index checks core metadata as PyPI does."""

from __future__ import annotations

from typing import Any, cast

import requests
import twine.package
from packaging import requirements

from tests.support import standin

REFERENCE = (
    'See https://packaging.python.org/specifications/core-metadata '
    'for more information.'
)


class TestCoreMetadata(standin.TestCase):
    def _refused(self, message: str, **fields: Any) -> None:
        """Let twine send other metadata; the artifact stays as it is."""

        def changed(package: twine.package.PackageFile) -> None:
            cast('dict[str, Any]', package.metadata).update(fields)

        self.refuses(
            400, f'{message} {REFERENCE}', self.sdist(), change=changed
        )

    def test_unknown_classifier_is_refused(self) -> None:
        self._refused(
            "'Foo :: Bar' is not a valid classifier.",
            classifiers=['Foo :: Bar'],
        )

    def test_deprecated_classifier_is_refused(self) -> None:
        self._refused(
            "The classifier 'Natural Language :: Ukranian' has been "
            "deprecated, use one of ['Natural Language :: Ukrainian'] "
            'instead.',
            classifiers=['Natural Language :: Ukranian'],
        )

    def test_version_that_is_none_is_refused(self) -> None:
        self._refused("'one' is invalid for 'version'.", version='one')

    def test_local_version_is_refused(self) -> None:
        self._refused(
            "The use of local versions in '1.2.0+local1' is not allowed.",
            version='1.2.0+local1',
        )

    def test_unknown_metadata_version_is_refused(self) -> None:
        self._refused(
            "'9.9' is not a valid metadata version.", metadata_version='9.9'
        )

    def test_field_that_is_too_new_for_its_version_is_refused(self) -> None:
        self._refused(
            'license-expression introduced in metadata version 2.4, not 2.1.',
            metadata_version='2.1',
        )

    def test_malformed_requirement_is_refused(self) -> None:
        self._refused(
            "'foo bar' is invalid for 'requires-dist'.",
            requires_dist=['foo bar'],
        )

    def test_direct_dependency_is_refused(self) -> None:
        direct = requirements.Requirement(
            'foo @ https://example.invalid/foo.tar.gz'
        )
        self._refused(
            f"Can't have direct dependency: {direct}.",
            requires_dist=[str(direct)],
        )

    def test_malformed_home_page_is_refused(self) -> None:
        self._refused("'not a url' is not a valid url.", home_page='not a url')

    def test_project_url_without_a_scheme_is_refused(self) -> None:
        self._refused(
            "'docs.invalid/x' is not a valid url.",
            project_urls={'Docs': 'docs.invalid/x'},
        )

    def test_long_label_is_refused(self) -> None:
        label = 'x' * 33
        self._refused(
            f"'{label}' must be 32 characters or less.",
            project_urls={label: 'https://docs.invalid/'},
        )

    def test_malformed_address_is_refused(self) -> None:
        self._refused(
            "'nobody' is not a valid email address: An email address must "
            'have an @-sign.',
            author_email='nobody',
        )

    def test_long_summary_is_refused(self) -> None:
        self._refused(
            "'summary' field must be 512 characters or less.",
            summary='x' * 513,
        )

    def test_summary_of_two_lines_is_refused(self) -> None:
        self._refused("'summary' must be a single line.", summary='a\nb')

    def test_malformed_licence_expression_is_refused(self) -> None:
        self._refused(
            "'Apache' is invalid for 'license-expression'.",
            license_expression='Apache',
        )

    def test_licence_and_licence_expression_are_refused(self) -> None:
        self._refused(
            'License is deprecated when License-Expression is present. Only '
            'License-Expression should be present.',
            license='Apache',
        )

    def test_malformed_python_requirement_is_refused(self) -> None:
        self._refused(
            "'three' is invalid for 'requires-python'.",
            requires_python='three',
        )

    def test_version_is_told_before_other_fields(self) -> None:
        self._refused(
            "'one' is invalid for 'version'.",
            version='one',
            classifiers=['Foo :: Bar'],
        )


class TestDescription(standin.TestCase):
    BROKEN = 'A title\n=======\n\n.. nonsense:: x\n\n:nosuchrole:`y`\n'

    def test_restructuredtext_that_fails_to_render_is_refused(self) -> None:
        self.refuses(
            400,
            "The description failed to render for 'text/x-rst'. "
            + self.help('description-content-type'),
            self.sdist(
                description=self.BROKEN,
                metadata={'Description-Content-Type': 'text/x-rst'},
            ),
        )

    def test_default_format_is_restructuredtext(self) -> None:
        self.refuses(
            400,
            'The description failed to render in the default format of '
            'reStructuredText. ' + self.help('description-content-type'),
            self.sdist(
                description=self.BROKEN,
                metadata={'Description-Content-Type': None},
            ),
        )

    def test_markdown_and_plain_text_always_render(self) -> None:
        for version, kind in (('1.0', 'text/markdown'), ('1.1', 'text/plain')):
            self.accepts(
                self.sdist(
                    version=version,
                    description=self.BROKEN,
                    metadata={'Description-Content-Type': kind},
                )
            )


class TestForm(standin.TestCase):
    """What twine would never send is posted by hand."""

    def _post(
        self, files: dict[str, Any] | None = None, **fields: str
    ) -> tuple[int, str]:
        form: dict[str, Any] = {
            ':action': (None, 'file_upload'),
            'protocol_version': (None, '1'),
            'metadata_version': (None, '2.1'),
            'name': (None, standin.NAME),
            'version': (None, standin.VERSION),
            'filetype': (None, 'sdist'),
            'pyversion': (None, 'source'),
            'sha256_digest': (None, '0' * 64),
            **{name: (None, value) for name, value in fields.items()},
            **(files or {}),
        }
        response = requests.post(
            self.index.upload_url,
            files=form,
            auth=('__token__', self.token),
            timeout=standin.SECONDS,
        )
        return response.status_code, response.reason

    def test_unknown_protocol_version_is_refused(self) -> None:
        self.assertEqual(
            (400, 'Unknown protocol version.'),
            self._post(protocol_version='2'),
        )

    def test_name_with_odd_characters_is_refused(self) -> None:
        self.assertEqual(
            (
                400,
                "'oslo demo' is an invalid value for Name. Error: Start and "
                'end with a letter or numeral containing only ASCII numeric '
                f"and '.', '_' and '-'. {REFERENCE}",
            ),
            self._post(name='oslo demo'),
        )

    def test_malformed_digest_is_refused(self) -> None:
        self.assertEqual(
            (
                400,
                'Invalid value for sha256_digest. Error: Use a valid, '
                'hex-encoded, SHA256 message digest.',
            ),
            self._post(sha256_digest='abc'),
        )

    def test_unknown_kind_of_file_is_refused(self) -> None:
        self.assertEqual(
            (400, 'Invalid value for filetype. Error: Use a known file type.'),
            self._post(filetype='bdist_egg'),
        )

    def test_wheel_without_python_version_is_refused(self) -> None:
        self.assertEqual(
            (
                400,
                'Error: Python version is required for binary distribution '
                'uploads.',
            ),
            self._post(filetype='bdist_wheel', pyversion=''),
        )

    def test_sdist_with_a_python_version_is_refused(self) -> None:
        self.assertEqual(
            (400, "Error: Use 'source' as Python version for an sdist."),
            self._post(pyversion='py3'),
        )

    def test_form_without_a_file_is_refused(self) -> None:
        self.assertEqual(
            (400, 'Upload payload does not have a file.'), self._post()
        )

    def test_field_that_came_as_a_file_is_refused(self) -> None:
        self.assertEqual(
            (400, 'summary: Should not be a tuple.'),
            self._post(files={'summary': ('a.txt', b'text')}),
        )

    def test_filename_with_a_path_is_refused(self) -> None:
        self.assertEqual(
            (400, "Cannot upload a file with '/' or '\\' in the name."),
            self._post(
                files={'content': ('../x.tar.gz', b'x', 'application/gzip')}
            ),
        )

    def test_unknown_extension_is_refused(self) -> None:
        status, reason = self._post(
            files={'content': ('x.egg', b'x', 'application/zip')}
        )
        self.assertEqual(400, status)
        self.assertTrue(
            reason.startswith(
                'Invalid file extension: Use .tar.gz, .whl or .zip extension.'
            ),
            reason,
        )

    def test_extension_of_the_other_kind_is_refused(self) -> None:
        status, reason = self._post(
            files={'content': ('x.whl', b'x', 'application/zip')}
        )
        self.assertEqual(400, status)
        self.assertTrue(
            reason.startswith(
                'Invalid file extension: Extension .whl is invalid for '
                'filetype sdist.'
            ),
            reason,
        )

    def test_image_is_refused(self) -> None:
        self.assertEqual(
            (400, 'Invalid distribution file.'),
            self._post(files={'content': ('x-1.tar.gz', b'x', 'image/png')}),
        )

    def test_file_that_is_no_archive_is_refused(self) -> None:
        self.assertEqual(
            (400, 'Invalid distribution file. File is not a tarfile'),
            self._post(
                sha256_digest='',
                md5_digest='9dd4e461268c8034f5c8564e155c67a6',
                files={
                    'content': (
                        'oslo_demo-1.2.0.tar.gz',
                        b'x',
                        'application/gzip',
                    )
                },
            ),
        )

    def test_what_was_refused_leaves_no_file_behind(self) -> None:
        self._post(files={'content': ('x-1.tar.gz', b'x', 'application/gzip')})
        self.assertEqual([], list(self.index.store.directory.iterdir()))
