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

"""The table of the benchmarks: verdicts, sums, the page that is written."""

from __future__ import annotations

import contextlib
import io
import pathlib

import fixtures
import testtools

from benchmarks import __main__ as program
from benchmarks import runs
from benchmarks import table


def took(*seconds: float, peak: int | None = None) -> list[runs.Run]:
    return [runs.Run(each, peak) for each in seconds]


def held(mib: float | None) -> runs.Run:
    return runs.Run(1.0, None if mib is None else int(mib * runs.MIB))


class TestVerdicts(testtools.TestCase):
    def test_more_than_so_many_times_is_missed(self) -> None:
        row = table.at_most('x', took(2.1), took(1.0), 2, alternative='y')
        self.assertEqual(('2.10', 'MISSED'), (row.ratio, row.verdict))

    def test_so_many_times_is_met(self) -> None:
        row = table.at_most('x', took(2.0), took(1.0), 2, alternative='y')
        self.assertEqual(('2.00', 'met'), (row.ratio, row.verdict))

    def test_the_median_is_judged_and_not_the_best_run(self) -> None:
        row = table.at_most(
            'x', took(0.1, 3.0, 3.1), took(1.0), 2, alternative='y'
        )
        self.assertEqual('MISSED', row.verdict)
        self.assertEqual('0.100 / 3.000 s', row.ours)

    def test_not_so_much_faster_is_missed(self) -> None:
        row = table.faster('x', took(1.0), took(2.9), 3, alternative='y')
        self.assertEqual(('1/2.9', 'MISSED'), (row.ratio, row.verdict))

    def test_so_much_faster_is_met(self) -> None:
        row = table.faster('x', took(1.0), took(300.0), 3, alternative='y')
        self.assertEqual(('1/300', 'met'), (row.ratio, row.verdict))

    def test_too_long_is_missed(self) -> None:
        self.assertEqual('MISSED', table.within('x', took(0.4), 0.4).verdict)
        row = table.within('x', took(0.3), 0.4, took(0.2), alternative='y')
        self.assertEqual(('met', '1.50'), (row.verdict, row.ratio))

    def test_too_much_memory_is_missed(self) -> None:
        row = table.memory('x', [held(10), held(513)], 512)
        self.assertEqual(('513 MiB', 'MISSED'), (row.ours, row.verdict))
        self.assertEqual('met', table.memory('x', [held(10)], 512).verdict)

    def test_memory_that_grows_is_missed(self) -> None:
        row = table.as_small('x', held(112), held(100), 1.1, alternative='y')
        self.assertEqual(('1.12', 'MISSED'), (row.ratio, row.verdict))
        row = table.as_small('x', held(110), held(100), 1.1, alternative='y')
        self.assertEqual('met', row.verdict)

    def test_memory_that_cannot_be_told_is_not_measured(self) -> None:
        for row in (
            table.memory('x', [held(None)], 512),
            table.as_small('x', held(None), held(1), 1.1, alternative='y'),
            table.as_small('x', held(1), held(None), 1.1, alternative='y'),
        ):
            self.assertEqual('not measured', row.verdict)
            self.assertIn('more memory', row.why)
            self.assertNotEqual(table.NOTHING, row.goal)


class TestHead(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch('os.cpu_count', lambda: 4))

    def test_a_busy_machine_is_warned_of(self) -> None:
        said = '\n'.join(table.machine(2.1))
        self.assertIn('THE MACHINE WAS BUSY: a load above 2 ', said)
        self.assertIn('load 2.1 before', said)

    def test_a_quiet_one_is_not(self) -> None:
        self.assertNotIn('BUSY', '\n'.join(table.machine(2.0)))


def _measured(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    assert scratch.is_dir()
    return [
        table.at_most('one', took(1.0), took(1.0), 2, alternative='other'),
        table.within('two', took(*[1.0] * repetitions), 0.5),
    ]


def _not_measured(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    return [table.not_run('three', '< 1 s', 'needs a moon')]


def _broken(scratch: pathlib.Path, repetitions: int) -> list[table.Row]:
    raise runs.Failed('it fell over')


class TestProgram(testtools.TestCase):
    """The program with subjects of its own."""

    def run_with(self, *argv: str, broken: bool = False) -> tuple[int, str]:
        subjects: dict[str, program.Subject] = {
            'good': _measured,
            'absent': _not_measured,
        }
        if broken:
            subjects = {'broken': _broken, **subjects}
        printed, self.errors = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(self.errors),
        ):
            code = program.main(list(argv), subjects)
        return code, printed.getvalue()

    def test_a_missed_goal_is_counted_and_no_failure(self) -> None:
        code, printed = self.run_with('--repetitions', '1')
        self.assertEqual(0, code)
        self.assertIn('1 goals met, 1 missed, 1 not measured.', printed)
        self.assertIn('not measured: needs a moon', printed)

    def test_each_row_names_its_subject(self) -> None:
        _, printed = self.run_with('good')
        lines = [line for line in printed.splitlines() if 'good  ' in line]
        self.assertEqual(2, len(lines))
        self.assertIn('MISSED', lines[1])

    def test_a_subject_that_fails_loses_no_other(self) -> None:
        code, printed = self.run_with(broken=True)
        self.assertEqual(1, code)
        self.assertIn('not measured: it failed', printed)
        self.assertIn('1 goals met, 1 missed, 2 not measured.', printed)
        self.assertIn('it fell over', self.errors.getvalue())

    def test_the_table_is_put_between_the_marks_of_a_page(self) -> None:
        page = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'page')
        page.write_text(f'before\n{table.BEGIN}\nold\n{table.END}\nafter\n')
        self.run_with('--write', str(page))
        text = page.read_text()
        self.assertNotIn('old', text)
        self.assertTrue(text.startswith(f'before\n{table.BEGIN}\n\nMeasured'))
        self.assertTrue(text.endswith(f'\n\n{table.END}\nafter\n'))
        self.assertIn('   * - good\n     - one\n     - 1.000', text)
        self.assertIn('1 goals met, 1 missed, 1 not measured.', text)

    def test_a_page_without_marks_is_refused_before_measuring(self) -> None:
        page = pathlib.Path(self.useFixture(fixtures.TempDir()).path, 'page')
        page.write_text(f'{table.BEGIN}\n')
        self.assertRaises(SystemExit, self.run_with, '--write', str(page))
        self.assertIn('has no marks', self.errors.getvalue())
        self.assertNotIn('measuring', self.errors.getvalue())
        self.assertEqual(f'{table.BEGIN}\n', page.read_text())

    def test_what_cannot_be_is_refused(self) -> None:
        for argv, said in (
            (('nobody',), 'no such subject: nobody'),
            (('--repetitions', '0'), 'must run once'),
            (('good', '--write', 'page'), 'all subjects'),
        ):
            self.assertRaises(SystemExit, self.run_with, *argv)
            self.assertIn(said, self.errors.getvalue())
