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

"""Where the packages of a wheel lie in the source."""

from __future__ import annotations

import testtools

from openstack_publish.rules import layout
from tests.support import trees


def candidates(path: str, **files: bytes) -> list[str]:
    """Return where a file of a wheel may come from.

    :param files: setup.cfg and pyproject.toml, as ``cfg`` and ``toml``
    """
    names = {'cfg': 'setup.cfg', 'toml': 'pyproject.toml'}
    tree = trees.tree({names[key]: text for key, text in files.items()})
    return list(layout.layout(tree).candidates(path))


class TestLayout(testtools.TestCase):
    usual = ['demo/a.py', 'src/demo/a.py']

    def test_the_two_usual_layouts_are_always_known(self) -> None:
        self.assertEqual(self.usual, candidates('demo/a.py'))

    def test_a_file_that_is_none_of_its_form_declares_nothing(self) -> None:
        for content in (b'\xff', b'[options', b'=', b'a = [[[' * 5000):
            self.assertEqual(
                self.usual, candidates('demo/a.py', cfg=content, toml=content)
            )

    def test_what_has_the_wrong_type_declares_nothing(self) -> None:
        for content in (
            b'tool = 1',
            b'[tool]\nsetuptools = []',
            b'[tool.setuptools]\npackage-dir = "lib"\npackages = ["demo"]',
            b'[tool.setuptools.package-dir]\n"" = 1',
            b'[tool.setuptools.packages.find]\nwhere = "lib"',
            b'[tool.setuptools.packages.find]\nwhere = [1]',
        ):
            self.assertEqual(
                self.usual,
                candidates('demo/a.py', toml=content),
                repr(content),
            )

    def test_a_directory_for_all_packages(self) -> None:
        for cfg in (
            b'[options]\npackage_dir =\n    = lib\n',
            b'[options]\npackage_dir = =lib/\n',
            b'[options.packages.find]\nwhere = lib\n',
            b'[files]\npackages_root = ./lib\n',
        ):
            self.assertEqual(
                [*self.usual, 'lib/demo/a.py'],
                candidates('demo/a.py', cfg=cfg),
                repr(cfg),
            )
        for toml in (
            b'[tool.setuptools]\npackage-dir = {"" = "lib"}\n',
            b'[tool.setuptools.packages.find]\nwhere = ["lib"]\n',
        ):
            self.assertEqual(
                [*self.usual, 'lib/demo/a.py'],
                candidates('demo/a.py', toml=toml),
                repr(toml),
            )

    def test_a_directory_for_one_package(self) -> None:
        toml = b'[tool.setuptools.package-dir]\n"demo.plug" = "plug/src"\n'
        self.assertEqual(
            ['demo/plug/a.py', 'src/demo/plug/a.py', 'plug/src/a.py'],
            candidates('demo/plug/a.py', toml=toml),
        )
        self.assertEqual(self.usual, candidates('demo/a.py', toml=toml))

    def test_the_directory_itself_is_no_other_one(self) -> None:
        self.assertEqual(
            self.usual,
            candidates('demo/a.py', cfg=b'[options]\npackage_dir = =.\n'),
        )

    def test_an_egg_info_lies_beside_all_packages_not_beside_one(
        self,
    ) -> None:
        tree = trees.tree(
            {
                'setup.cfg': b'[files]\npackages_root = lib\n',
                'pyproject.toml': b'[tool.setuptools.package-dir]\n'
                b'"demo.plug" = "plug"\n',
            }
        )
        self.assertEqual({'', 'src', 'lib'}, layout.layout(tree).roots)
