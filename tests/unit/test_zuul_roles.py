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

"""What a program can check of the Zuul roles without running them."""

from __future__ import annotations

import pathlib
import re

import testtools
import yaml
from packaging import requirements

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROLES = ROOT / 'roles'
LOCK = ROLES / 'openstack-publish/files/requirements.lock'

# Secrets have no default.
_REQUIRED = {
    'openstack-publish': {'pypi_info', 'gpg_key'},
    'openstack-publish-check': set[str](),
}


def defaults(role: str) -> set[str]:
    """Return the variables that a role has a default for."""
    path = ROLES / role / 'defaults/main.yaml'
    return set(yaml.safe_load(path.read_text('utf-8')))


class TestVariables(testtools.TestCase):
    def test_every_variable_is_documented_and_no_other_one(self) -> None:
        for role, required in _REQUIRED.items():
            text = (ROLES / role / 'README.rst').read_text('utf-8')
            documented = set(
                re.findall(r'^\.\. zuul:rolevar:: (\w+)$', text, re.MULTILINE)
            )
            self.assertEqual(defaults(role) | required, documented)

    def test_every_variable_of_a_check_has_a_type(self) -> None:
        role = 'openstack-publish-check'
        path = ROLES / role / 'meta/argument_specs.yml'
        spec = yaml.safe_load(path.read_text('utf-8'))
        self.assertEqual(
            defaults(role), set(spec['argument_specs']['main']['options'])
        )


class TestLock(testtools.TestCase):
    def test_it_has_what_the_program_requires(self) -> None:
        """roles/openstack-publish/files says how to renew it."""
        pinned = dict(
            re.findall(
                r'^([a-z0-9-]+)==([^ ]+)',
                LOCK.read_text('utf-8'),
                re.MULTILINE,
            )
        )
        lines = (ROOT / 'requirements.txt').read_text('utf-8').splitlines()
        wanted = [
            requirements.Requirement(line.partition('#')[0])
            for line in lines
            if not line.startswith('#')
        ]
        self.assertNotEqual([], wanted)
        for requirement in wanted:
            version = pinned.get(requirement.name.lower())
            self.assertIsNotNone(version, f'{requirement.name} is not locked')
            self.assertIn(version, requirement.specifier, requirement.name)

    def test_everything_in_it_has_a_hash(self) -> None:
        entries = re.split(
            r'^(?=[a-z0-9])', LOCK.read_text('utf-8'), flags=re.MULTILINE
        )[1:]
        self.assertNotEqual([], entries)
        for entry in entries:
            self.assertRegex(entry, r'--hash=sha256:[0-9a-f]{64}\n')


class TestConfiguration(testtools.TestCase):
    def test_zuul_reads_no_file_that_hides_the_directory(self) -> None:
        """Of .zuul.yaml and zuul.d only one is read."""
        self.assertTrue((ROOT / 'zuul.d/project.yaml').exists())
        for name in ('zuul.yaml', '.zuul.yaml', '.zuul.d'):
            self.assertFalse((ROOT / name).exists(), name)

    def test_zuul_does_not_read_what_is_for_project_config(self) -> None:
        """Its secrets are not ours, so that it would be an error here."""
        for path in (ROOT / 'zuul.d').rglob('*.yaml'):
            declares = 'secrets:' in path.read_text('utf-8')
            ignored = (path.parent / '.zuul.ignore').exists()
            self.assertEqual(ignored, declares, str(path))
