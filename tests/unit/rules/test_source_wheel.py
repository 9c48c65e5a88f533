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

"""A wheel held against its originals, file by file: OSP117."""

from __future__ import annotations

import testtools

from openstack_publish.model import finding
from openstack_publish.model import source as sources
from openstack_publish.rules import generated
from openstack_publish.rules import layout
from openstack_publish.rules import source_wheel
from tests.support import demo
from tests.support import trees

INFO = 'oslo_demo-1.2.0.dist-info'
DATA = 'oslo_demo-1.2.0.data'
SCRIPT = b'#!/usr/bin/env python3 -s\nimport sys\n'
FILES = {
    'oslo_demo/__init__.py': b'',
    'oslo_demo/main.py': b'print("released")\n',
    'etc/demo/demo.conf': b'[DEFAULT]\n',
    'bin/demo': SCRIPT,
    'bin/shell': b'#!/bin/sh\necho\n',
    'LICENSE': b'Apache-2.0\n',
    'AUTHORS': b'somebody\n',
    'PKG-INFO': b'Name: oslo.demo\n',
}
WHEEL = {
    'oslo_demo/__init__.py': b'',
    'oslo_demo/main.py': b'print("released")\n',
    f'{DATA}/data/etc/demo/demo.conf': b'[DEFAULT]\n',
    f'{DATA}/scripts/demo': b'#!python -s\nimport sys\n',
    f'{DATA}/scripts/shell': b'#!/bin/sh\necho\n',
    f'{INFO}/METADATA': b'Name: oslo.demo\n',
    f'{INFO}/RECORD': b'...',
    f'{INFO}/WHEEL': b'...',
    f'{INFO}/licenses/LICENSE': b'Apache-2.0\n',
    f'{INFO}/licenses/AUTHORS': b'somebody else\n',
}


class WheelTestCase(testtools.TestCase):
    """Compares a wheel with an sdist."""

    def setUp(self) -> None:
        super().setUp()
        self.tree = trees.tree({})
        self.files = dict(FILES)

    @property
    def layout(self) -> layout.Layout:
        return layout.layout(self.tree)

    def judge(self, **wheel: bytes) -> tuple[finding.Finding, ...]:
        return source_wheel.wheel_agrees(
            demo.wheel(),
            trees.members(WHEEL | wheel),
            source_wheel.from_sdist(
                demo.sdist(), trees.members(self.files), self.layout
            ),
            self.layout,
        )

    def message(self, path: str, content: bytes = b'evil\n') -> str:
        """Return what is said where one file is added or changed."""
        (found,) = self.judge(**{path: content})
        self.assertEqual(('OSP117', 'failed'), (found.code, found.verdict))
        self.assertEqual('oslo_demo-1.2.0-py3-none-any.whl', found.subject)
        return found.message


class TestModules(WheelTestCase):
    def test_a_wheel_of_the_sdists_files_holds(self) -> None:
        self.assertEqual((), self.judge())

    def test_a_module_that_is_in_the_wheel_alone(self) -> None:
        evil = trees.member('oslo_demo/evil.py', b'evil\n')
        self.assertEqual(
            f'oslo_demo/evil.py (5 bytes, sha256 {evil.sha256}, git blob '
            f'{evil.blob}) is not in oslo_demo-1.2.0.tar.gz',
            self.message('oslo_demo/evil.py'),
        )

    def test_a_changed_module(self) -> None:
        evil = trees.member('x', b'evil\n')
        good = trees.member('x', FILES['oslo_demo/main.py'])
        self.assertEqual(
            f'oslo_demo/main.py has sha256 {evil.sha256}; oslo_demo/main.py '
            f'in oslo_demo-1.2.0.tar.gz has {good.sha256}',
            self.message('oslo_demo/main.py'),
        )

    def test_what_python_runs_or_finds_first(self) -> None:
        for path in (
            *('evil.pth', 'sitecustomize.py', 'evil/__init__.py', 'json.py'),
            *('oslo_demo/main.so', 'oslo_demo/__pycache__/main.pyc'),
            f'{DATA}/purelib/evil.pth',
            f'{DATA}/platlib/oslo_demo/evil.py',
            f'{DATA}/unheard/of',
            f'{DATA}/scripts',
            f'{DATA}',
        ):
            self.assertIn('is not in', self.message(path), path)

    def test_a_copy_of_a_file_in_another_place(self) -> None:
        """A module must have its own path: another name may be imported."""
        self.files['tests/fixtures/json.py'] = b'evil\n'
        self.assertIn('is not in', self.message('json.py'))

    def test_a_generated_file_is_no_original(self) -> None:
        self.files['oslo.demo.egg-info/SOURCES.txt'] = b'evil\n'
        for path in ('AUTHORS', 'oslo.demo.egg-info/SOURCES.txt'):
            content = self.files[path]
            self.assertIn('is not in', self.message(path, content))

    def test_a_link_of_the_sdist_is_no_original(self) -> None:
        originals = source_wheel.from_sdist(
            demo.sdist(), [trees.link('a.py', 'b.py')], self.layout
        )
        self.assertEqual({}, originals.digests)

    def test_packages_below_a_directory(self) -> None:
        for directory, declared in (
            ('src', b''),
            ('lib/here', b'[files]\npackages_root = lib/here\n'),
        ):
            self.tree = trees.tree({'setup.cfg': declared})
            self.files = {
                f'{directory}/{path}' if 'oslo' in path else path: content
                for path, content in FILES.items()
            }
            self.assertEqual((), self.judge())
            self.assertIn(
                f'{directory}/oslo_demo/main.py in',
                self.message('oslo_demo/main.py'),
            )


class TestCopies(WheelTestCase):
    """Data files, headers and licenses keep their name."""

    def test_a_changed_one(self) -> None:
        for path, original in (
            (f'{DATA}/data/etc/demo/demo.conf', 'etc/demo/demo.conf'),
            (f'{DATA}/headers/demo.conf', 'etc/demo/demo.conf'),
            (f'{INFO}/licenses/LICENSE', 'LICENSE'),
            (f'{INFO}/LICENSE', 'LICENSE'),
        ):
            message = self.message(path)
            self.assertIn(f'; {original} in oslo_demo-1.2.0', message)

    def test_one_of_several_of_its_name(self) -> None:
        self.files['other/demo.conf'] = b'other\n'
        path = f'{DATA}/data/etc/other.d/demo.conf'
        self.assertEqual((), self.judge(**{path: b'other\n'}))

    def test_a_right_content_under_another_name(self) -> None:
        path = f'{DATA}/data/lib/python3/site-packages/evil.pth'
        message = self.message(path, FILES['etc/demo/demo.conf'])
        self.assertIn('is not in', message)

    def test_licenses_of_old_and_new_wheels(self) -> None:
        self.files['doc/COPYING'] = b'terms\n'
        for path in ('licenses/doc/COPYING', 'doc/COPYING', 'COPYING'):
            self.assertEqual((), self.judge(**{f'{INFO}/{path}': b'terms\n'}))

    def test_a_module_in_the_dist_info(self) -> None:
        self.assertIn('is not in', self.message(f'{INFO}/evil.py'))
        self.assertIn('is not in', self.message(f'{INFO}/deep/METADATA'))


class TestScripts(WheelTestCase):
    path = f'{DATA}/scripts/demo'

    def test_one_that_setuptools_left_as_it_is(self) -> None:
        self.assertEqual((), self.judge(**{self.path: SCRIPT}))

    def test_another_first_line_or_rest(self) -> None:
        for content in (
            b'#!python -s\nimport evil\n',
            b'#!python -c evil\nimport sys\n',
            b'#!python\nimport sys\n',
            b'#!/usr/bin/evil\nimport sys\n',
            b'import sys\n',
        ):
            self.assertIn(
                '; bin/demo in oslo_demo', self.message(self.path, content)
            )

    def test_a_shell_script_keeps_its_first_line(self) -> None:
        message = self.message(f'{DATA}/scripts/shell', b'#!python\necho\n')
        self.assertIn('; bin/shell in oslo_demo', message)

    def test_a_script_that_is_in_the_wheel_alone(self) -> None:
        self.assertIn('is not in', self.message(f'{DATA}/scripts/evil'))


class TestWsgi(WheelTestCase):
    """Scripts that pbr makes of entry points."""

    entry_points = {
        f'{INFO}/entry_points.txt': b'[wsgi_scripts]\n'
        b'demo-wsgi = oslo_demo.wsgi:make\n'
    }
    path = f'{DATA}/scripts/demo-wsgi'
    script = generated.wsgi_script('oslo_demo.wsgi', 'make')

    def test_the_one_that_pbr_makes(self) -> None:
        self.assertEqual(
            (), self.judge(**self.entry_points, **{self.path: self.script})
        )

    def test_a_changed_one(self) -> None:
        for script in (
            self.script + b'import evil\n',
            generated.wsgi_script('evil', 'make'),
        ):
            (found,) = self.judge(**self.entry_points, **{self.path: script})
            self.assertIn(f'{self.path} (', found.message)

    def test_one_without_its_entry_point(self) -> None:
        self.assertIn('is not in', self.message(self.path, self.script))


class TestAgainstTheTree(testtools.TestCase):
    """A release that has no sdist."""

    def judge(self, **changes: bytes) -> tuple[finding.Finding, ...]:
        tree = trees.tree(FILES, {'oslo_demo/link.py': 'main.py'})
        wheel = {
            path: content
            for path, content in WHEEL.items()
            if not path.endswith('scripts/demo')
        }
        return source_wheel.wheel_agrees(
            demo.wheel(),
            trees.members(wheel | changes),
            source_wheel.from_tree(tree),
            layout.layout(tree),
        )

    def test_what_is_committed_holds_and_what_links_lead_to(self) -> None:
        self.assertEqual((), self.judge())
        linked = {'oslo_demo/link.py': FILES['oslo_demo/main.py']}
        self.assertEqual((), self.judge(**linked))

    def test_a_changed_module_is_told_by_its_blob_ids(self) -> None:
        (found,) = self.judge(**{'oslo_demo/main.py': b'evil\n'})
        self.assertEqual(
            'oslo_demo/main.py has git blob '
            f'{sources.blob_id(b"evil" + bytes([10]))}; oslo_demo/main.py in '
            f'the tree at {trees.COMMIT} has '
            f'{sources.blob_id(FILES["oslo_demo/main.py"])}',
            found.message,
        )

    def test_a_script_whose_first_line_was_replaced_is_not_known(
        self,
    ) -> None:
        path = f'{DATA}/scripts/demo'
        (found,) = self.judge(**{path: WHEEL[path]})
        self.assertEqual('OSP117', found.code)


class TestMany(WheelTestCase):
    def test_the_first_are_told_and_the_rest_is_counted(self) -> None:
        self.files = {}
        wheel = {f'evil/{number}.py': b'' for number in range(1000)}
        found = self.judge(**wheel)
        self.assertEqual(21, len(found))
        self.assertIn('more files; 20 of 1006 are told', found[-1].message)

    def test_many_files_of_one_name_cost_no_more(self) -> None:
        """Comparing each with each would take minutes."""
        self.files |= {f'{n}/demo.conf': b'%d' % n for n in range(20_000)}
        wheel = {
            f'{DATA}/data/{n}/demo.conf': b'%d' % n for n in range(20_000)
        }
        self.assertEqual((), self.judge(**wheel))
