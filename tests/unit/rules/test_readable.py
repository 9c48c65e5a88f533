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

"""Rules on what the reader saw, and on the files of one release."""

from __future__ import annotations

import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import readable
from tests.support import demo


def codes(found: tuple[finding.Finding, ...]) -> list[str]:
    """Return the codes of findings."""
    return [each.code for each in found]


class TestReadable(testtools.TestCase):
    """Defects become findings."""

    def test_every_defect_is_a_finding_of_its_code_that_refuses(self) -> None:
        for fault, code in (
            (distribution.Fault.UNREADABLE, 'OSP201'),
            (distribution.Fault.METADATA_MISSING, 'OSP202'),
            (distribution.Fault.METADATA_AMBIGUOUS, 'OSP203'),
            (distribution.Fault.METADATA_ENCODING, 'OSP204'),
            (distribution.Fault.RECORD, 'OSP205'),
            (distribution.Fault.TOO_LARGE_INSIDE, 'OSP206'),
            (distribution.Fault.UNSAFE_MEMBER, 'OSP207'),
            (distribution.Fault.PBR_JSON, 'OSP208'),
            (distribution.Fault.FILENAME, 'OSP209'),
            (distribution.Fault.WHEEL_STRUCTURE, 'OSP211'),
            (distribution.Fault.METADATA_INVALID, 'OSP308'),
        ):
            dist = demo.sdist(
                defects=(distribution.Defect(fault, 'what was seen'),)
            )
            [found] = readable.readable([dist])
            self.assertEqual(code, found.code)
            self.assertTrue(found.refuses)
            self.assertEqual('failed', found.verdict)
            self.assertEqual(demo.SDIST, found.subject)
            self.assertEqual('what was seen', found.message)

    def test_a_file_without_metadata_is_judged_by_its_defects_alone(
        self,
    ) -> None:
        self.assertEqual((), readable.readable([demo.sdist(metadata=None)]))

    def test_a_file_that_is_named_for_another_project(self) -> None:
        for dist in (
            demo.sdist(filename='other-1.2.0.tar.gz'),
            demo.wheel(filename='other-1.2.0-py3-none-any.whl'),
        ):
            [found] = readable.readable([dist])
            self.assertEqual('OSP209', found.code)
            self.assertEqual(
                'the file is named for the project other, its metadata has '
                'Name oslo.demo',
                found.message,
            )

    def test_a_file_that_is_named_for_another_version(self) -> None:
        for dist in (demo.sdist(version='1.2.1'), demo.wheel(version='1.2.1')):
            self.assertEqual(['OSP209'], codes(readable.readable([dist])))

    def test_one_version_may_be_written_in_two_ways(self) -> None:
        self.assertEqual(
            (), readable.readable([demo.sdist(version='1.2.0.0')])
        )

    def test_a_name_that_cannot_be_read_is_the_readers_defect(self) -> None:
        self.assertEqual(
            (), readable.readable([demo.sdist(filename='demo.tar.gz')])
        )

    def test_sound_files_are_fine(self) -> None:
        self.assertEqual((), readable.readable([demo.sdist(), demo.wheel()]))


class TestOneRelease(testtools.TestCase):
    """Files of one release agree."""

    def test_nothing_is_one_release(self) -> None:
        self.assertEqual((), readable.one_release([]))

    def test_sdist_and_wheel_agree(self) -> None:
        self.assertEqual(
            (), readable.one_release([demo.wheel(), demo.sdist()])
        )

    def test_two_names_of_one_project_agree(self) -> None:
        self.assertEqual(
            (),
            readable.one_release([demo.wheel(), demo.sdist(name='Oslo_Demo')]),
        )

    def test_two_projects_are_no_release(self) -> None:
        [found] = readable.one_release(
            [demo.wheel(), demo.sdist(name='oslo.other')]
        )
        self.assertEqual('OSP210', found.code)
        self.assertTrue(found.refuses)
        self.assertEqual(
            f'project is "oslo-other", in {demo.WHEEL} "oslo-demo"',
            found.message,
        )

    def test_two_versions_are_no_release(self) -> None:
        [found] = readable.one_release(
            [demo.wheel(), demo.sdist(version='1.2.1')]
        )
        self.assertEqual('OSP210', found.code)
        self.assertEqual(
            f'version is "1.2.1", in {demo.WHEEL} "1.2.0"', found.message
        )

    def test_one_file_name_twice_is_no_release(self) -> None:
        [found] = readable.one_release(
            [demo.sdist(), demo.sdist(path='old/oslo_demo-1.2.0.tar.gz')]
        )
        self.assertEqual('OSP210', found.code)
        self.assertIn('it is there twice: dist/', found.message)

    def test_what_pypi_takes_from_the_first_file_is_warned_of(self) -> None:
        for changes, message in (
            ({'summary': 'Another'}, 'Summary is "Another", in '),
            ({'summary': None}, 'Summary is missing, in '),
            ({'description': 'Other\n'}, 'Description is "Other", in '),
            ({'classifiers': ()}, 'Classifier is missing, in '),
            ({'requires_dist': ('pbr',)}, 'Requires-Dist is "pbr", in '),
            ({'requires_python': '>=3.12'}, 'Requires-Python is ">=3.12"'),
            ({'license_expression': 'MIT'}, 'License-Expression is "MIT"'),
            (
                {'description_content_type': 'text/plain'},
                'Description-Content-Type is "text/plain"',
            ),
        ):
            [found] = readable.one_release(
                [demo.wheel(), demo.sdist(**changes)]
            )
            self.assertEqual('OSP213', found.code)
            self.assertEqual('warning', found.severity)
            self.assertFalse(found.refuses)
            self.assertIn(message, found.message)

    def test_order_of_fields_and_space_at_the_ends_do_not_count(self) -> None:
        self.assertEqual(
            (),
            readable.one_release(
                [
                    demo.wheel(requires_dist=('a', 'b'), description='x\n'),
                    demo.sdist(requires_dist=('b', 'a'), description='x\n\n'),
                ]
            ),
        )

    def test_long_texts_are_shown_from_where_they_differ(self) -> None:
        [found] = readable.one_release(
            [
                demo.wheel(description='x' * 500 + ' one'),
                demo.sdist(description='x' * 500 + ' two'),
            ]
        )
        self.assertIn('xxx two"', found.message)
        self.assertIn('xxx one"', found.message)
        self.assertLess(len(found.message), 200)

    def test_a_file_without_metadata_is_passed_over(self) -> None:
        self.assertEqual(
            (),
            readable.one_release(
                [demo.wheel(metadata=None), demo.sdist(), demo.wheel()]
            ),
        )


class TestChanged(testtools.TestCase):
    """A file that is no longer what was read."""

    def test_it_refuses_with_the_digest_that_was_read(self) -> None:
        dist = demo.sdist()
        found = readable.changed(dist)
        self.assertEqual('OSP212', found.code)
        self.assertTrue(found.refuses)
        self.assertIn(dist.sha256, found.message)
