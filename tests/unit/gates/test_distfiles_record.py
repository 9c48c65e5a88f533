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

"""RECORD against what is in the wheel."""

from __future__ import annotations

from openstack_publish.model import distribution
from tests.support import artifacts
from tests.support import reading

Fault = distribution.Fault
INFO = f'{reading.STEM}.dist-info'
CODE = 'oslo_demo/__init__.py'


class TestRecord(reading.WheelTestCase):
    """RECORD against what is in the wheel."""

    def test_it_is_missing(self) -> None:
        path = artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', omit=[f'{INFO}/RECORD']
        )
        self.assert_defects(
            self.read(path),
            (Fault.RECORD, f'there is no file {INFO}/RECORD'),
        )

    def test_it_is_no_csv(self) -> None:
        for content, detail in (
            (b'\xff', 'RECORD is no CSV'),
            (b'"' + b'x' * 200_000, 'RECORD is no CSV'),
        ):
            dist = self.with_record(content)
            self.assertIn(detail, dist.defects[0].detail)

    def test_a_member_is_not_listed(self) -> None:
        self.assert_defects(
            self.with_record({CODE: None}),
            (Fault.RECORD, f'{CODE} is not in RECORD'),
        )

    def test_a_listed_member_is_not_there(self) -> None:
        self.assert_defects(
            self.with_record({'x.py': artifacts.record_line('x.py', b'x')}),
            (Fault.RECORD, 'RECORD lists x.py, which is not there'),
        )

    def test_another_digest_and_size(self) -> None:
        self.assert_defects(
            self.with_record({CODE: artifacts.record_line(CODE, b'')}),
            (
                Fault.RECORD,
                'in RECORD e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4'
                '95991b7852b855',
            ),
            (Fault.RECORD, f'{len(artifacts.CODE)} bytes, in RECORD 0'),
        )

    def test_lines_that_are_none(self) -> None:
        for line, detail in (
            (CODE, 'has 1 fields instead of 3'),
            (f'{CODE},md5=abc,1', "'md5' is none of sha256"),
            (f'{CODE},sha256=a b,1', 'is no digest in base64'),
            (f'{CODE},sha256=abcde,1', 'is no digest in base64'),
            (f'{CODE},,', f'RECORD has no hash of {CODE}'),
            (f'{CODE},sha256=,-1', "'-1' is no size"),
            (f'{CODE},sha256=,{"9" * 5000}', 'is no size'),
        ):
            dist = self.with_record({CODE: line})
            self.assertEqual(
                {Fault.RECORD}, {defect.fault for defect in dist.defects}
            )
            self.assertIn(detail, dist.defects[0].detail)

    def test_a_line_twice(self) -> None:
        line = artifacts.record_line(CODE, artifacts.CODE)
        self.assert_defects(
            self.with_record({CODE: f'{line}\n{line}'}),
            (Fault.RECORD, f'RECORD has {CODE} twice'),
        )

    def test_record_does_not_list_itself(self) -> None:
        self.assert_defects(
            self.with_record({f'{INFO}/RECORD': None}),
            (Fault.RECORD, f'{INFO}/RECORD is not in RECORD'),
        )

    def test_its_own_signatures_are_not_listed(self) -> None:
        path = f'{INFO}/RECORD.jws'
        for listed in (None, artifacts.record_line(path, b'x')):
            dist = self.read(
                artifacts.write_wheel(
                    self.here,
                    'oslo.demo',
                    '1.2.0',
                    extra={path: b'x'},
                    record={path: listed},
                )
            )
            if listed is None:
                self.assertEqual((), dist.defects)
            else:
                self.assert_defects(dist, (Fault.RECORD, 'its own signature'))

    def test_a_size_may_be_left_out(self) -> None:
        line = artifacts.record_line(CODE, artifacts.CODE)
        self.assertEqual(
            (),
            self.with_record({CODE: f'{line.rpartition(",")[0]},'}).defects,
        )

    def test_a_path_with_a_comma_is_quoted(self) -> None:
        path = artifacts.write_wheel(
            self.here, 'oslo.demo', '1.2.0', extra={'a,b.txt': b'x'}
        )
        self.assertEqual((), self.read(path).defects)
