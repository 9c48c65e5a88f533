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

"""Metadata held against what the tree declares: OSP119."""

from __future__ import annotations

import dataclasses

import testtools

from openstack_publish.model import finding
from openstack_publish.rules import source_metadata
from tests.support import demo
from tests.support import trees

INFO = 'oslo_demo-1.2.0.dist-info/entry_points.txt'


def judge_requirement(line: str, **files: bytes) -> list[str]:
    """Return what is said of one Requires-Dist.

    :param files: of the tree, with ``_`` for ``.``, ``/`` or ``-``
    """
    paths = {
        'requirements_txt': 'requirements.txt',
        'test_requirements_txt': 'test-requirements.txt',
        'pip_requires': 'tools/pip-requires',
        'setup_cfg': 'setup.cfg',
        'setup_py': 'setup.py',
        'pyproject_toml': 'pyproject.toml',
    }
    return said(
        source_metadata.metadata_agrees(
            trees.tree({paths[key]: text for key, text in files.items()}),
            demo.wheel(requires_dist=(line,)),
            [],
        )
    )


def judge_entry_points(content: bytes, **files: bytes) -> list[str]:
    """Return what is said of one entry_points.txt."""
    paths = {'cfg': 'setup.cfg', 'toml': 'pyproject.toml', 'py': 'setup.py'}
    return said(
        source_metadata.metadata_agrees(
            trees.tree({paths[key]: text for key, text in files.items()}),
            demo.wheel(requires_dist=()),
            [trees.member(INFO, content)],
        )
    )


def said(found: tuple[finding.Finding, ...]) -> list[str]:
    for one in found:
        assert (one.code, one.verdict) == ('OSP119', 'failed')
    return [one.message for one in found]


class TestRequirements(testtools.TestCase):
    def test_one_that_nothing_names(self) -> None:
        self.assertEqual(
            [
                'its metadata has Requires-Dist: evil>=1; no requirements of '
                f'the tree at {trees.COMMIT} name it'
            ],
            judge_requirement('evil>=1', requirements_txt=b'oslo.i18n\n'),
        )

    def test_a_name_in_a_comment_or_an_option_names_nothing(self) -> None:
        for text in (b'# evil\n', b'-r evil\n', b'pbr # evil\n', b'\xff'):
            self.assertEqual(
                1, len(judge_requirement('evil', requirements_txt=text))
            )

    def test_every_place_that_declares_requirements(self) -> None:
        for files in (
            {'requirements_txt': b'pbr\n Oslo_I18n>=5 # Apache-2.0\n'},
            {'requirements_txt': b'-e git+https://x/y#egg=oslo.i18n\n'},
            {'pip_requires': b'oslo.i18n\n'},
            {'setup_cfg': b'[options]\ninstall_requires =\n  oslo.i18n>1\n'},
            {'setup_cfg': b'[extras]\nx =\n  oslo.i18n # Apache\n'},
            {'setup_cfg': b'[options.extras_require]\nx = oslo.i18n\n'},
            {'setup_cfg': b'[metadata]\nrequires_dist = oslo.i18n\n'},
            {'pyproject_toml': b'[project]\ndependencies = ["oslo-i18n"]\n'},
            {
                'pyproject_toml': b'[project.optional-dependencies]\n'
                b'x = ["oslo.i18n>=5;python_version>\'3\'"]\n'
            },
            {'setup_py': b'setup(install_requires=["oslo.i18n>=5"])'},
        ):
            self.assertEqual(
                [], judge_requirement('oslo.i18n>=5.0', **files), str(files)
            )

    def test_a_test_requirement_is_one_of_extras_only(self) -> None:
        listed = {'test_requirements_txt': b'stestr\n'}
        self.assertEqual(
            [], judge_requirement('stestr>=2; extra == "test"', **listed)
        )
        self.assertEqual(1, len(judge_requirement('stestr>=2', **listed)))

    def test_files_that_are_none_of_their_form_declare_nothing(self) -> None:
        for text in (b'\xff', b'[[[', b'(' * 10_000, b'[project]\nx', b'\0'):
            self.assertEqual(
                1,
                len(
                    judge_requirement(
                        'evil',
                        setup_cfg=text,
                        setup_py=text,
                        pyproject_toml=text,
                    )
                ),
            )

    def test_values_of_the_wrong_type_declare_nothing(self) -> None:
        for text in (
            b'project = "evil"',
            b'[project]\ndependencies = "evil"',
            b'[project]\ndependencies = [1]\noptional-dependencies = 1',
        ):
            self.assertEqual(
                1, len(judge_requirement('evil', pyproject_toml=text))
            )

    def test_metadata_that_was_not_read_requires_nothing(self) -> None:
        dist = demo.wheel(metadata=None)
        self.assertEqual(
            (), source_metadata.metadata_agrees(trees.tree({}), dist, [])
        )


class TestEntryPoints(testtools.TestCase):
    content = b'[console_scripts]\ndemo = oslo_demo.cmd:main\n'

    def test_one_that_nothing_declares(self) -> None:
        self.assertEqual(
            [
                f'{INFO} has demo = oslo_demo.cmd:main in [console_scripts]; '
                f'the tree at {trees.COMMIT} declares no such entry point'
            ],
            judge_entry_points(self.content),
        )

    def test_another_group_name_or_object(self) -> None:
        declared = b'[project.scripts]\ndemo = "oslo_demo.cmd:main"\n'
        for content in (
            self.content.replace(b'console_scripts', b'pytest11'),
            self.content.replace(b'demo =', b'sudo ='),
            self.content.replace(b':main', b':evil'),
        ):
            self.assertEqual(
                1, len(judge_entry_points(content, toml=declared))
            )

    def test_every_place_that_declares_entry_points(self) -> None:
        lines = b'console_scripts =\n  demo=oslo_demo.cmd : main\n'
        for files in (
            {'cfg': b'[entry_points]\n' + lines},
            {'cfg': b'[options.entry_points]\n' + lines},
            {'toml': b'[project.scripts]\ndemo = "oslo_demo.cmd:main"\n'},
            {
                'toml': b'[project.entry-points.console_scripts]\n'
                b'"demo" = "oslo_demo.cmd:main [x]"\n'
            },
            {
                'py': b'setup(entry_points={"console_scripts": ['
                b'"demo = oslo_demo.cmd:main"]})'
            },
        ):
            self.assertEqual(
                [], judge_entry_points(self.content, **files), str(files)
            )

    def test_a_graphical_one(self) -> None:
        content = self.content.replace(b'console', b'gui')
        declared = b'[project.gui-scripts]\ndemo = "oslo_demo.cmd:main"\n'
        self.assertEqual([], judge_entry_points(content, toml=declared))

    def test_values_of_the_wrong_type_declare_nothing(self) -> None:
        for text in (
            b'[project]\nscripts = "demo"',
            b'[project]\nentry-points = []',
            b'[project.entry-points]\nconsole_scripts = ["demo"]',
            b'[project.scripts]\ndemo = 1',
        ):
            self.assertEqual(
                1, len(judge_entry_points(self.content, toml=text))
            )

    def test_a_file_that_was_too_large_to_be_kept(self) -> None:
        found = source_metadata.metadata_agrees(
            trees.tree({}),
            demo.wheel(requires_dist=()),
            [dataclasses.replace(trees.member(INFO), content=None)],
        )
        self.assertEqual([f'{INFO} is too large to be compared'], said(found))

    def test_the_file_of_an_egg_info_counts_too(self) -> None:
        for path, read in (
            ('oslo.demo.egg-info/entry_points.txt', True),
            (INFO, True),
            ('oslo_demo/entry_points.txt', False),
            ('entry_points.txt', False),
        ):
            self.assertIs(read, source_metadata.is_entry_points(path), path)


class TestReadFiles(testtools.TestCase):
    def test_only_what_may_declare_something_is_read(self) -> None:
        for path, read in (
            ('requirements.txt', True),
            ('requirements-py3.txt', True),
            ('test-requirements.txt', True),
            ('tools/pip-requires', True),
            ('setup.py', True),
            ('doc/requirements.txt', False),
            ('oslo_demo/setup.py', False),
            ('README.rst', False),
        ):
            self.assertIs(read, source_metadata.is_read(path), path)
