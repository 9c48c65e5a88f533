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

"""Rules on files that hardly belong into a distribution."""

from __future__ import annotations

from typing import Any

import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import contents
from tests.support import demo

TOP = 'oslo_demo-1.2.0'
OWN = (f'{TOP}.dist-info/METADATA', 'oslo_demo/__init__.py')


def wheel(*members: str, **changes: Any) -> distribution.Distribution:
    """Return a wheel with more members than its own."""
    return demo.wheel(members=(*OWN, *members), **changes)


def sdist(*members: str, **changes: Any) -> distribution.Distribution:
    """Return an sdist with members below its top directory."""
    return demo.sdist(
        members=tuple(
            f'{TOP}/{path}'
            for path in ('PKG-INFO', 'oslo_demo/__init__.py', *members)
        ),
        **changes,
    )


class ContentsTestCase(testtools.TestCase):
    def only(
        self, *distributions: distribution.Distribution
    ) -> finding.Finding:
        """Return the one finding, which is a warning."""
        [found] = contents.contents(distributions)
        self.assertEqual('warning', found.severity)
        self.assertFalse(found.refuses)
        return found

    def assertNothing(self, *distributions: distribution.Distribution) -> None:
        self.assertEqual((), contents.contents(distributions))


class TestPathFiles(ContentsTestCase):
    """OSP214."""

    def test_one_in_site_packages(self) -> None:
        for path in (
            'oslo_demo.pth',
            'oslo.demo-1.2.0-nspkg.pth',
            f'{TOP}.data/purelib/oslo_demo.pth',
            f'{TOP}.data/platlib/oslo_demo.pth',
        ):
            found = self.only(wheel(path), sdist())
            self.assertEqual('OSP214', found.code)
            self.assertEqual(demo.WHEEL, found.subject)
            self.assertIn(path, found.message)

    def test_one_that_python_does_not_read_is_none(self) -> None:
        self.assertNothing(
            wheel(
                'oslo_demo/weights.pth',
                f'{TOP}.data/data/share/a.pth',
                f'{TOP}.dist-info/a.pth',
            ),
            sdist('tools/a.pth'),
        )


class TestForeign(ContentsTestCase):
    """OSP215."""

    def test_what_is_not_in_the_sdist(self) -> None:
        for path, name in (
            ('requests/__init__.py', 'requests'),
            ('sitecustomize.py', 'sitecustomize'),
            ('fast.cpython-311-x86_64-linux-gnu.so', 'fast'),
            ('hidden.pyd', 'hidden'),
            (f'{TOP}.data/purelib/six.py', 'six'),
            (f'{TOP}.data/platlib/numpy/core.py', 'numpy'),
        ):
            found = self.only(wheel(path), sdist())
            self.assertEqual('OSP215', found.code)
            self.assertEqual('failed', found.verdict)
            self.assertIn(f'it installs {name} beside', found.message)
            self.assertIn(demo.SDIST, found.message)

    def test_what_no_project_owns_though_the_sdist_has_it(self) -> None:
        for name in ('tests', 'tools', 'doc'):
            path = f'{name}/__init__.py'
            found = self.only(wheel(path), sdist(path))
            self.assertEqual('OSP215', found.code)
            self.assertIn('no project owns that name', found.message)
        found = self.only(wheel('setup.py'), sdist('setup.py'))
        self.assertIn('it installs setup ', found.message)

    def test_without_an_sdist_it_is_unknown(self) -> None:
        found = self.only(wheel('vif_plug_ovs/ovs.py'))
        self.assertEqual('OSP215', found.code)
        self.assertEqual('unknown', found.verdict)
        self.assertIn('vif_plug_ovs', found.message)

    def test_what_is_called_like_the_project_needs_no_sdist(self) -> None:
        for project, path in (
            ('oslo.demo', 'oslo_demo_tests/test_a.py'),
            ('oslo.demo', 'oslo_demo-stubs/__init__.pyi'),
            ('python-novaclient', 'novaclient/client.py'),
            ('python-novaclient', 'python_novaclient/client.py'),
            ('manila', 'manila_tests/test_a.py'),
            ('PyECLib', 'pyeclib/core.py'),
            ('XStatic-Font-Awesome', 'xstatic/pkg/font_awesome/__init__.py'),
        ):
            self.assertNothing(demo.wheel(name=project, members=(path,)))

    def test_what_the_sdist_has_at_its_top(self) -> None:
        """As os-vif, openstacksdk and horizon have it."""
        for path in ('vif_plug_ovs/ovs.py', 'openstack_auth/urls.py'):
            self.assertNothing(wheel(path), sdist(path))
            self.assertNothing(wheel(path), sdist(f'src/{path}'))
        self.assertNothing(wheel('six.py'), sdist('six.py'))
        self.assertNothing(wheel('fast.abi3.so'), sdist('src/fast.py'))

    def test_what_goes_elsewhere_is_of_no_interest(self) -> None:
        self.assertNothing(
            wheel(
                f'{TOP}.data/data/etc/demo/demo.conf',
                f'{TOP}.data/scripts/demo',
                'LICENSE',
            ),
            sdist(),
        )

    def test_a_wheel_without_metadata_is_passed_over(self) -> None:
        self.assertNothing(wheel('six.py', metadata=None), sdist())


class TestLeaks(ContentsTestCase):
    """OSP216."""

    def test_each_kind_is_one_finding_with_its_paths(self) -> None:
        leaks = (
            distribution.Leak('a.key', 'a private key'),
            distribution.Leak('.pypirc', 'a PyPI API token'),
            distribution.Leak('b.key', 'a private key'),
        )
        keys, token = contents.contents((sdist(leaks=leaks),))
        self.assertEqual(
            'there is what looks like a private key in a.key, b.key',
            keys.message,
        )
        self.assertEqual(
            'there is what looks like a PyPI API token in .pypirc',
            token.message,
        )
        self.assertEqual({'OSP216'}, {keys.code, token.code})
        self.assertFalse(keys.refuses)

    def test_of_many_paths_ten_are_named(self) -> None:
        found = self.only(
            sdist(
                leaks=tuple(
                    distribution.Leak(f'{number}.key', 'a private key')
                    for number in range(25)
                )
            )
        )
        self.assertIn('9.key and 15 more', found.message)
        self.assertNotIn('10.key', found.message)


class TestCompiled(ContentsTestCase):
    """OSP217."""

    def test_bytecode_in_either_kind(self) -> None:
        for path in (
            'oslo_demo/__pycache__/a.cpython-311.pyc',
            'oslo_demo/a.pyc',
            'oslo_demo/a.pyo',
            'oslo_demo/__pycache__/anything',
        ):
            for dist in (wheel(path), sdist(path)):
                found = self.only(dist)
                self.assertEqual('OSP217', found.code)
                self.assertIn(path, found.message)

    def test_names_that_only_begin_so_are_none(self) -> None:
        self.assertNothing(
            wheel('oslo_demo/a.pyc.py'), sdist('oslo_demo/__pycache__.py')
        )
