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

"""What PyPI refuses in a file itself."""

from __future__ import annotations

from typing import Any

import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import acceptance_form
from tests.support import demo


class FormTestCase(testtools.TestCase):
    """Judges files alone."""

    def assert_refused(
        self, code: str, part: str, dist: distribution.Distribution
    ) -> finding.Finding:
        """Expect one finding that refuses, with a part of its message."""
        found = acceptance_form.form([dist])
        self.assertEqual(
            [code],
            [each.code for each in found],
            str([each.message for each in found]),
        )
        self.assertTrue(found[0].refuses)
        self.assertEqual('failed', found[0].verdict)
        self.assertEqual(dist.filename, found[0].subject)
        self.assertIn(part, found[0].message)
        return found[0]

    def assert_accepted(self, *dists: distribution.Distribution) -> None:
        self.assertEqual((), acceptance_form.form(dists))


class TestNames(FormTestCase):
    """Names of projects and files, and platforms."""

    def test_sound_files_are_accepted(self) -> None:
        self.assert_accepted(demo.sdist(), demo.wheel())

    def test_a_file_without_metadata_is_the_readers_defect(self) -> None:
        self.assert_accepted(demo.sdist(metadata=None, filename='x'))

    def test_names_that_pypi_does_not_take(self) -> None:
        for name in ('-demo', 'demo-', 'dé', 'a b', ''):
            codes = {
                each.code
                for each in acceptance_form.form([demo.sdist(name=name)])
            }
            self.assertIn('OSP301', codes)

    def test_an_sdist_has_one_form_of_name(self) -> None:
        self.assert_refused(
            'OSP311',
            'has to be called oslo_demo-1.2.0.tar.gz',
            demo.sdist(filename='oslo.demo-1.2.0.tar.gz'),
        )
        for filename in (
            'Oslo_Demo-1.2.0.tar.gz',
            'oslo_demo-1.2.tar.gz',
            'oslo_demo-1.2.0.zip',
        ):
            self.assert_refused(
                'OSP311',
                'oslo_demo-1.2.0.tar.gz',
                demo.sdist(filename=filename),
            )

    def test_a_wheel_begins_with_the_normalised_name(self) -> None:
        self.assert_refused(
            'OSP311',
            'has to be called oslo_demo-1.2.0-py3-none-any.whl',
            demo.wheel(filename='oslo.demo-1.2.0-py3-none-any.whl'),
        )

    def test_bare_linux_wheels_are_refused(self) -> None:
        for platform in (
            'linux_x86_64',
            'linux_aarch64',
            'freebsd_14_0_release_amd64',
            'manylinux_x86_64',
            'win',
            'anything',
        ):
            self.assert_refused(
                'OSP307',
                f'the platform tag {platform}',
                demo.wheel(wheel_tags=(f'cp311-cp311-{platform}',)),
            )

    def test_platforms_that_pypi_takes(self) -> None:
        for platform in (
            'any',
            'win32',
            'win_amd64',
            'win_arm64',
            'manylinux1_i686',
            'manylinux2014_x86_64',
            'manylinux_2_28_aarch64',
            'musllinux_1_2_x86_64',
            'macosx_10_9_x86_64',
            'macosx_11_0_universal2',
            'ios_13_0_arm64_iphoneos',
            'android_21_arm64_v8a',
            'pyodide_2025_0_wasm32',
            'linux_armv7l',
        ):
            self.assert_accepted(
                demo.wheel(wheel_tags=(f'cp311-abi3-{platform}',))
            )

    def test_one_of_two_platforms_is_enough_to_refuse(self) -> None:
        self.assert_refused(
            'OSP307',
            'linux_x86_64',
            demo.wheel(
                wheel_tags=(
                    'cp311-cp311-linux_x86_64',
                    'cp311-cp311-manylinux_2_17_x86_64',
                )
            ),
        )

    def test_two_sdists_are_one_too_many(self) -> None:
        other = demo.sdist(path='other/oslo_demo-1.2.0.tar.gz')
        [found] = acceptance_form.form([demo.sdist(), demo.wheel(), other])
        self.assertEqual('OSP310', found.code)


class TestMetadata(FormTestCase):
    """What PyPI adds to the specification of core metadata."""

    def test_classifiers(self) -> None:
        for classifier, part in (
            ('Foo :: Bar', 'Foo :: Bar does not exist'),
            ('Private :: Do Not Upload', 'be kept off PyPI'),
            ('Natural Language :: Ukranian', 'in favour of Natural Language'),
        ):
            self.assert_refused(
                'OSP308', part, demo.sdist(classifiers=(classifier,))
            )

    def test_a_summary_has_512_characters(self) -> None:
        self.assert_accepted(demo.sdist(summary='x' * 512))
        self.assert_refused(
            'OSP308',
            '513 characters; the limit is 512',
            demo.sdist(summary='x' * 513),
        )

    def test_a_license_is_said_once(self) -> None:
        self.assert_refused(
            'OSP308', 'License-Expression', demo.sdist(license='Apache')
        )
        self.assert_accepted(
            demo.sdist(license='Apache', license_expression=None)
        )

    def test_license_files_are_in_the_file(self) -> None:
        self.assert_refused(
            'OSP308',
            'License-File LICENSE is not in the file, at '
            'oslo_demo-1.2.0/LICENSE',
            demo.sdist(license_files=('LICENSE',)),
        )
        self.assert_refused(
            'OSP308',
            'at oslo_demo-1.2.0.dist-info/licenses/LICENSE',
            demo.wheel(license_files=('LICENSE',)),
        )
        self.assert_accepted(
            demo.sdist(
                license_files=('LICENSE',),
                members=('./oslo_demo-1.2.0/LICENSE',),
            ),
            demo.wheel(
                license_files=('LICENSE',),
                members=('oslo_demo-1.2.0.dist-info/licenses/LICENSE',),
            ),
        )

    def test_license_files_of_older_metadata_are_not_sent(self) -> None:
        self.assert_accepted(
            demo.sdist(metadata_version='2.1', license_files=('LICENSE',))
        )

    def test_license_files_of_a_half_read_file_are_not_looked_for(
        self,
    ) -> None:
        defect = distribution.Defect(distribution.Fault.UNREADABLE, 'x')
        self.assert_accepted(
            demo.sdist(license_files=('LICENSE',), defects=(defect,))
        )

    def test_addresses(self) -> None:
        for address in ('nobody', 'a@b', 'a@b..org', 'X <a@.org>'):
            self.assert_refused(
                'OSP308', address, demo.sdist(author_email=address)
            )
            self.assert_refused(
                'OSP308', address, demo.sdist(maintainer_email=address)
            )
        self.assert_accepted(
            demo.sdist(
                author_email='OpenStack <openstack-discuss@lists.example.org>'
            )
        )

    def test_urls(self) -> None:
        changes: tuple[dict[str, Any], ...] = (
            {'home_page': 'docs.openstack.org'},
            {'download_url': 'ftp://example.org/x'},
            {'home_page': 'https://exa mple.org'},
            {'home_page': 'http://[::1'},
            {'project_urls': ('Source',)},
            {'project_urls': ('Source, ',)},
            {'project_urls': (f'{"x" * 33}, https://example.org',)},
            {'project_urls': ('Source, example.org',)},
        )
        for change in changes:
            [value] = change.values()
            part = value if isinstance(value, str) else value[0]
            self.assert_refused('OSP308', part, demo.sdist(**change))
        self.assert_accepted(
            demo.sdist(
                home_page='https://docs.openstack.org/',
                project_urls=('Source, https://opendev.org/a,b',),
            )
        )

    def test_older_forms_of_dependencies(self) -> None:
        deep = f'a; {"(" * 5000}os_name == "x"{")" * 5000}'
        for value in ('a b', deep):
            for field in ('provides_dist', 'obsoletes_dist'):
                self.assert_refused(
                    'OSP308',
                    f'{value} is no requirement',
                    demo.sdist(**{field: (value,)}),
                )

    def test_local_versions(self) -> None:
        self.assert_refused(
            'OSP313',
            'has a local part, +local1',
            demo.sdist(
                version='1.2.0+local1',
                filename='oslo_demo-1.2.0+local1.tar.gz',
            ),
        )

    def test_direct_dependencies(self) -> None:
        url = 'pbr @ https://example.org/pbr.tar.gz'
        for field in ('requires_dist', 'provides_dist', 'obsoletes_dist'):
            self.assert_refused('OSP313', url, demo.sdist(**{field: (url,)}))


class TestDescription(FormTestCase):
    """README as PyPI renders it."""

    def test_sphinx_directives_do_not_render(self) -> None:
        self.assert_refused(
            'OSP309',
            'line 1: Error: Unknown directive type "toctree"',
            demo.sdist(description='.. toctree::\n\n   a\n'),
        )

    def test_restructuredtext_is_what_is_taken_without_a_type(self) -> None:
        self.assert_refused(
            'OSP309',
            'line 2: Warning: Title underline too short',
            demo.sdist(
                description='A long title\n=====\n',
                description_content_type=None,
            ),
        )

    def test_files_of_the_machine_are_not_read(self) -> None:
        for directive in (
            '.. include:: /etc/passwd',
            '.. raw:: html\n   :file: /etc/passwd',
            '.. csv-table::\n   :file: /etc/passwd',
        ):
            found = self.assert_refused(
                'OSP309', 'Warning', demo.sdist(description=directive)
            )
            self.assertRegex(found.message, 'disabled|deactivated')

    def test_nesting_that_nobody_can_read(self) -> None:
        self.assert_refused(
            'OSP309',
            'does not render',
            demo.sdist(
                description=''.join(
                    f'{"  " * depth}* x\n\n' for depth in range(400)
                )
            ),
        )

    def test_what_is_too_long_to_be_tried_is_unknown(self) -> None:
        [found] = acceptance_form.form(
            [demo.sdist(description='x\n' * 600_000)]
        )
        self.assertEqual(('OSP309', 'unknown'), (found.code, found.verdict))
        self.assertIn('1200000 characters; more than 1048576', found.message)

    def test_unknown_types_are_refused(self) -> None:
        self.assert_refused(
            'OSP309',
            'text/html is none of',
            demo.sdist(description_content_type='text/html'),
        )

    def test_markdown_and_plain_text_always_render(self) -> None:
        for kind in (
            'text/markdown; charset=UTF-8; variant=GFM',
            'Text/Plain',
            'text/x-rst; charset=UTF-8',
        ):
            self.assert_accepted(
                demo.sdist(description='plain', description_content_type=kind)
            )

    def test_a_description_may_be_missing(self) -> None:
        for description in (None, '', '\n\n'):
            self.assert_accepted(demo.sdist(description=description))

    def test_one_description_is_judged_once(self) -> None:
        broken = {'description': 'A long title\n=====\n'}
        found = acceptance_form.form(
            [demo.wheel(**broken), demo.sdist(**broken)]
        )
        self.assertEqual(
            [('OSP309', demo.WHEEL)],
            [(each.code, each.subject) for each in found],
        )
