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

"""A release held against the source it was ordered from: --source-tree."""

from __future__ import annotations

import atexit
import datetime
import functools
import os
import pathlib
import shutil
import tempfile
import zipfile

from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import release as releases
from openstack_publish.rehearsal import source_tree
from tests.functional import base
from tests.support import scene
from tests.support import tampering

EVIL = b'import os\n'


class SourceTest(base.SceneTest):
    """A scene with a clone of the repository that was built."""

    def setUp(self) -> None:
        super().setUp()
        self.clone = self.scene.directory / 'clone'
        shutil.copytree(
            self.scene.release.source_tree, self.clone, symlinks=True
        )
        self.tools = programs.Programs(os.environ)

    @property
    def package(self) -> str:
        return self.scene.release.recipe.package

    @property
    def sdist(self) -> pathlib.Path:
        return self.scene.dist / self.scene.sdist

    @property
    def wheel(self) -> pathlib.Path:
        return self.scene.dist / self.scene.wheel

    def publish(self, *more: str) -> scene.Result:
        return self.scene.publish('--source-tree', str(self.clone), *more)

    def commit_change(self) -> str:
        """Commit a change on top and return its hash."""
        (self.clone / self.package / '__init__.py').write_bytes(EVIL)
        self.tools.git(str(self.clone), 'commit', '-q', '-a', '-m', 'Change')
        return self.tools.git(str(self.clone), 'rev-parse', 'HEAD')


class TestSound(SourceTest):
    def test_what_was_built_from_the_commit_is_published(self) -> None:
        result = self.publish()
        self.assertPublished(result)
        self.assertEqual(
            [],
            [
                found
                for found in result.receipt['findings']
                if found['code'] in ('OSP115', 'OSP116', 'OSP117', 'OSP118')
            ],
        )

    def test_a_changed_work_tree_is_not_looked_at(self) -> None:
        for path in (f'{self.package}/__init__.py', 'setup.cfg', 'new.py'):
            (self.clone / path).write_bytes(EVIL)
        self.tools.git(str(self.clone), 'add', '--all')
        self.assertPublished(self.publish())

    def test_a_bare_clone_does_as_well(self) -> None:
        bare = self.scene.directory / 'bare.git'
        self.tools.git(
            str(self.clone), 'clone', '-q', '--bare', '.', str(bare)
        )
        self.clone = bare
        self.assertPublished(self.publish())


class TestPoisonedBuilder(SourceTest):
    """Version, commit, metadata and RECORD are right; the code is not."""

    def test_without_a_source_tree_nobody_notices(self) -> None:
        """What --source-tree is there for."""
        tampering.wheel(self.wheel, **{f'{self.package}/__init__.py': EVIL})
        tampering.sdist(self.sdist, **{f'{self.package}/__init__.py': EVIL})
        self.assertPublished(self.scene.publish())

    def test_a_changed_module(self) -> None:
        path = f'{self.package}/__init__.py'
        tampering.sdist(self.sdist, **{path: EVIL})
        tampering.wheel(self.wheel, **{path: EVIL})
        result = self.publish()
        self.assertRefused(result, 'OSP115')
        message = result.finding('OSP115')['message']
        self.assertIn(f'{path} is 10 bytes, sha256 ', message)
        self.assertIn(
            self.tools.git(str(self.clone), 'rev-parse', f'HEAD:{path}'),
            message,
        )

    def test_a_file_that_is_added_to_the_sdist(self) -> None:
        tampering.sdist(self.sdist, **{'conftest.py': EVIL})
        result = self.publish()
        self.assertRefused(result, 'OSP116')
        self.assertIn('conftest.py', result.finding('OSP116')['message'])

    def test_a_module_in_the_place_of_generated_files(self) -> None:
        egg_info = f'{self.scene.stem}.egg-info'
        tampering.sdist(self.sdist, **{f'{egg_info}/evil.py': EVIL})
        self.assertRefused(self.publish(), 'OSP116')

    def test_another_section_of_setup_cfg(self) -> None:
        committed = (self.clone / 'setup.cfg').read_bytes()
        tampering.sdist(
            self.sdist,
            **{
                'setup.cfg': committed
                + b'[entry_points]\nconsole_scripts =\n  ls = os:system\n'
                + b'[egg_info]\ntag_build = \ntag_date = 0\n\n'
            },
        )
        result = self.publish()
        self.assertRefused(result, 'OSP115')
        self.assertIn('setup.cfg is', result.finding('OSP115')['message'])

    def test_what_is_added_to_the_wheel_alone(self) -> None:
        for path in ('evil.pth', 'json.py', f'{self.package}/evil.py'):
            with self.subTest(path=path):
                built = self.wheel.read_bytes()
                tampering.wheel(self.wheel, **{path: EVIL})
                result = self.publish()
                self.assertEqual(1, result.code, result.stdout)
                self.assertIn('OSP117', result.codes)
                self.assertIn(path, result.finding('OSP117')['message'])
                self.assertSentNothing()
                self.wheel.write_bytes(built)

    def test_a_module_that_is_changed_in_the_wheel_alone(self) -> None:
        tampering.wheel(self.wheel, **{f'{self.package}/__init__.py': EVIL})
        result = self.publish()
        self.assertRefused(result, 'OSP117')
        self.assertIn(
            f'in {self.scene.sdist} has',
            result.finding('OSP117')['message'],
        )

    def test_an_entry_point_and_a_requirement(self) -> None:
        info = f'{self.scene.stem}-{self.scene.version}.dist-info'
        tampering.wheel(
            self.wheel,
            **{
                f'{info}/entry_points.txt': b'[console_scripts]\n'
                b'ls = os:system\n'
            },
        )
        result = self.publish()
        self.assertRefused(result, 'OSP119')
        self.assertIn('ls = os:system', result.finding('OSP119')['message'])

    def test_a_wholly_different_sdist_is_told_in_a_page(self) -> None:
        tampering.sdist(
            self.sdist, **{f'evil/{n}.py': EVIL for n in range(1000)}
        )
        result = self.publish()
        self.assertRefused(result, 'OSP116')
        found = [
            one['message']
            for one in result.receipt['findings']
            if one['code'] == 'OSP116'
        ]
        self.assertEqual(21, len(found))
        self.assertIn('and 980 more files', found[-1])

    def test_the_policy_may_waive_it(self) -> None:
        tampering.sdist(self.sdist, **{'generated.py': EVIL})
        policy = self.scene.directory / 'policy.yaml'
        shipped = pathlib.Path(
            os.path.dirname(releases.__file__),
            '../data/openstack-policy.yaml',
        ).read_text(encoding='utf-8')
        policy.write_text(
            shipped.replace('waivers: []\n', '') + 'waivers:\n'
            '- code: OSP116\n'
            f'  project: {self.scene.project}\n'
            '  until: 9999-12-31\n'
            '  reason: the build writes it\n',
            encoding='utf-8',
        )
        result = self.publish('--policy', str(policy))
        self.assertPublished(result)
        self.assertIn(
            'the build writes it', result.finding('OSP116')['message']
        )


class TestSourceTree(SourceTest):
    """Repositories that do not show the ordered commit."""

    def test_one_without_the_commit(self) -> None:
        self.clone = self.scene.directory / 'other'
        self.clone.mkdir()
        self.tools.git(str(self.clone), 'init', '-q')
        result = self.publish()
        self.assertRefused(result, 'OSP118')
        self.assertIn(
            f'does not hold the commit {self.scene.release.commit}',
            result.finding('OSP118')['message'],
        )

    def test_a_replaced_commit_does_not_help(self) -> None:
        path = f'{self.package}/__init__.py'
        tampering.sdist(self.sdist, **{path: EVIL})
        tampering.wheel(self.wheel, **{path: EVIL})
        self.tools.git(
            *(str(self.clone), 'replace', self.scene.release.commit),
            self.commit_change(),
        )
        self.assertRefused(self.publish(), 'OSP115')

    def test_a_damaged_repository_is_unknown(self) -> None:
        tree = self.tools.git(str(self.clone), 'rev-parse', 'HEAD^{tree}')
        (self.clone / '.git/objects' / tree[:2] / tree[2:]).unlink()
        self.assertUnknown(self.publish(), 'OSP118')

    def test_what_is_no_repository_is_wrong_usage(self) -> None:
        for place in (self.scene.dist, self.scene.directory / 'nowhere'):
            self.clone = place
            result = self.publish()
            self.assertEqual(2, result.code, result.stdout)
            self.assertIn(str(place), result.stdout)
            self.assertSentNothing()


LAYOUT = {
    'setup.cfg': """\
# A comment, which setuptools drops.
[metadata]
name = openstack-publish-rehearsal
summary = A package with everything
description_file = README.rst
description_content_type = text/x-rst; charset=UTF-8
author = OpenStack
author_email = openstack-discuss@lists.openstack.org
home_page = https://docs.openstack.org/
python_requires = >=3.11
license = Apache-2.0
classifiers =
    Environment :: OpenStack
    Programming Language :: Python :: 3

[options]
package_dir =
    = lib

[files]
packages_root = lib
packages =
    demo_everything
scripts =
    bin/demo-python
    bin/demo-shell
data_files =
    etc/demo = etc/*

[entry_points]
console_scripts =
    demo = demo_everything.cmd:main
wsgi_scripts =
    demo-wsgi = demo_everything.wsgi:make_application
""",
    'setup.py': """\
import setuptools

setuptools.setup(setup_requires=['pbr>=6.1.1'], pbr=True)
""",
    'requirements.txt': 'pbr>=6.1.1 # Apache-2.0\n',
    'README.rst': 'A package with everything\n',
    'lib/demo_everything/__init__.py': '',
    'lib/demo_everything/cmd.py': 'def main(): pass\n',
    'lib/demo_everything/wsgi.py': 'def make_application(): pass\n',
    'bin/demo-python': '#!/usr/bin/env python3 -s\nprint()\n',
    'bin/demo-shell': '#!/bin/sh\necho\n',
    'etc/demo.conf': '[DEFAULT]\n',
    'etc/deep/er.conf': '[DEFAULT]\ndeep = 1\n',
    'releasenotes/notes/first-0123456789abcdef.yaml': '---\nfixes:\n  - A.\n',
}


@functools.cache
def with_everything() -> releases.ThrowAwayRelease:
    """Make a release of a package in a layout of its own, once a process."""
    directory = tempfile.mkdtemp(prefix='osp-')
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    tree = pathlib.Path(directory, 'source', 'lib/demo_everything')
    tree.mkdir(parents=True)
    os.symlink('cmd.py', tree / 'alias.py')
    return releases.make(
        directory,
        os.environ,
        datetime.datetime.now(datetime.UTC),
        recipe=source_tree.Recipe(files=LAYOUT),
    )


class TestEverything(SourceTest):
    """Scripts, data files, a link, and packages below a directory."""

    def setUp(self) -> None:
        super().setUp()
        made = with_everything()
        self.scene.release = made
        shutil.rmtree(self.scene.dist)
        shutil.copytree(made.distributions_dir, self.scene.dist)
        shutil.rmtree(self.scene.releases_dir)
        shutil.copytree(
            made.releases_dir, self.scene.releases_dir, symlinks=True
        )
        self.clone = pathlib.Path(made.source_tree)

    def test_what_pbr_and_setuptools_build_holds(self) -> None:
        result = self.publish()
        self.assertPublished(result)

    def test_the_wheel_has_what_the_test_is_about(self) -> None:
        result = self.publish('--dry-run')
        self.assertEqual(0, result.code)
        with zipfile.ZipFile(self.wheel) as archive:
            names = archive.namelist()
            data = f'{self.scene.stem}-1.0.0.data'
            for name in (
                f'{data}/scripts/demo-python',
                f'{data}/scripts/demo-shell',
                f'{data}/scripts/demo-wsgi',
                f'{data}/data/etc/demo/demo.conf',
                'demo_everything/alias.py',
            ):
                self.assertIn(name, names)
            first = archive.read(f'{data}/scripts/demo-python')
            self.assertTrue(first.startswith(b'#!python -s\n'), first)
