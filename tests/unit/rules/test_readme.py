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

"""When what renders a description is loaded."""

from __future__ import annotations

import subprocess
import sys

import testtools

_LOADED = "print(' '.join(sorted({'docutils'} & set(sys.modules))) or 'none')"


def run(*lines: str) -> str:
    """Run lines in a fresh interpreter and return what they print."""
    done = subprocess.run(
        [sys.executable, '-c', '\n'.join(lines)],
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


class TestLoading(testtools.TestCase):
    def test_what_only_imports_the_rules_does_not_load_docutils(self) -> None:
        self.assertEqual(
            'none',
            run(
                'import sys',
                'from openstack_publish import publish',
                _LOADED,
            ),
        )

    def test_it_is_loaded_at_the_end_of_the_wait_and_says_nothing(
        self,
    ) -> None:
        self.assertEqual(
            'docutils',
            run(
                'import sys',
                'from openstack_publish.rules import readme',
                'with readme.loading():',
                '    pass',
                _LOADED,
            ),
        )

    def test_what_goes_wrong_in_the_wait_comes_out(self) -> None:
        self.assertEqual(
            'still here',
            run(
                'from openstack_publish.rules import readme',
                'try:',
                '    with readme.loading():',
                '        raise KeyError',
                'except KeyError:',
                "    print('still here')",
            ),
        )


class TestLimit(testtools.TestCase):
    def test_what_docutils_is_at_for_too_long_is_unknown(self) -> None:
        """In a process of its own, which ends what cannot be stopped."""
        self.assertEqual(
            'Unknown whether the description renders: docutils was not done '
            'within 0.05 s',
            run(
                'from openstack_publish.rules import readme',
                'readme.SECONDS = 0.05',
                "text = '\\n'.join(f'{n}\\n====' for n in range(1000, 4999))",
                'found = readme.problem(text, None)',
                "print(type(found).__name__, f'{found.what}: {found.why}')",
            ),
        )
