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

"""What building is known to make, held against the tools that make it."""

from __future__ import annotations

import hashlib
import importlib
import pathlib
import tempfile

import testtools

from openstack_publish.model import names
from openstack_publish.rules import generated

PROJECT = names.project_name('oslo.demo')


def is_generated(path: str) -> bool:
    return generated.in_sdist(path, PROJECT, ('', 'src'))


class TestInSdist(testtools.TestCase):
    def test_no_module_is(self) -> None:
        for path in (
            *('setup.py', 'oslo_demo/version.py', 'oslo_demo/_version.py'),
            *('oslo.demo.egg-info/evil.py', 'AUTHORS.py'),
        ):
            self.assertFalse(is_generated(path), path)

    def test_the_names_count_at_the_top_only(self) -> None:
        for name in ('AUTHORS', 'ChangeLog', 'PKG-INFO', 'RELEASENOTES.rst'):
            self.assertTrue(is_generated(name), name)
            self.assertFalse(is_generated(f'oslo_demo/{name}'), name)

    def test_the_egg_info_of_the_project_is(self) -> None:
        for top in ('oslo.demo', 'oslo_demo', 'Oslo_Demo', 'src/oslo.demo'):
            self.assertTrue(is_generated(f'{top}.egg-info/PKG-INFO'), top)

    def test_the_egg_info_of_another_project_or_place_is_not(self) -> None:
        for top in ('evil', 'oslo_demo/oslo.demo', 'lib/oslo.demo', ''):
            self.assertFalse(is_generated(f'{top}.egg-info/PKG-INFO'), top)

    def test_of_an_unknown_project_no_egg_info_is(self) -> None:
        self.assertFalse(
            generated.in_sdist('oslo.demo.egg-info/PKG-INFO', None, ('',))
        )

    def test_renos_cache_is(self) -> None:
        self.assertTrue(is_generated('releasenotes/notes/reno.cache'))
        self.assertFalse(is_generated('releasenotes/notes/other.cache'))


class TestSetupCfg(testtools.TestCase):
    def written_by_setuptools(self, content: bytes) -> bytes:
        """Return what an sdist of setuptools has."""
        # setuptools has no types of its own.
        setopt = importlib.import_module('setuptools.command.setopt')
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, 'setup.cfg')
            path.write_bytes(content)
            setopt.edit_config(
                str(path), {'egg_info': {'tag_build': '', 'tag_date': 0}}
            )
            return path.read_bytes()

    def test_it_is_what_setuptools_writes(self) -> None:
        for content in (
            b'',
            b'# a comment\n[metadata]\nname = demo\n\n\n[x]\na=1\nB: 2\n',
            b'[files]\npackages =\n    one\n    # no comment\n    two\n',
            b'[a]\r\nb = 1\r\n',
            b'[egg_info]\ntag_svn_revision = 0\ntag_build = dev\n',
            '[metadata]\nauthor = Zoë\n'.encode(),
        ):
            self.assertEqual(
                self.written_by_setuptools(content),
                generated.setup_cfg(content),
            )

    def test_what_is_written_is_written_the_same_again(self) -> None:
        once = generated.setup_cfg(b'[a]\nb = 1\n  2\n')
        assert once is not None
        self.assertEqual(once, generated.setup_cfg(once))

    def test_a_file_that_setuptools_cannot_read_gives_none(self) -> None:
        for content in (
            b'name = demo\n',
            b'[a]\nb\n',
            b'[a]\n[a]\n',
            b'[a]\nb = 1\nb = 2\n',
            b'[a]\nb = \xff\n',
            b'[DEFAULT]\n[DEFAULT',
        ):
            self.assertIsNone(generated.setup_cfg(content), repr(content))


class TestWsgiScript(testtools.TestCase):
    def test_it_is_the_one_in_wheels_on_pypi(self) -> None:
        for module, target, sha256 in (
            # nova 29.2.0, nova-api-wsgi
            (
                'nova.api.openstack.compute.wsgi',
                'init_application',
                '75dc09a368bb45465385f89ac0b3047d'
                'ebce1accb05f1b5eae30927507b0d782',
            ),
            # openstack-placement 11.0.0, placement-api
            (
                'placement.wsgi',
                'init_application',
                'f5b42fc27a8941c808bb3ba468cda882'
                '2cbae6e81c9429ec9001c8838bdd722a',
            ),
        ):
            script = generated.wsgi_script(module, target)
            self.assertEqual(sha256, hashlib.sha256(script).hexdigest())

    def test_a_method_is_imported_by_its_class(self) -> None:
        script = generated.wsgi_script('demo', 'Factory.build').decode()
        self.assertIn('\nfrom demo import Factory\n', script)
        self.assertIn('application = Factory.build()\n', script)
