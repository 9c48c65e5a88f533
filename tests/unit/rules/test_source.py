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

"""An sdist held against the tree, file by file: OSP115 and OSP116."""

from __future__ import annotations

import testtools

from openstack_publish.model import finding
from openstack_publish.model import source as sources
from openstack_publish.rules import source
from tests.support import demo
from tests.support import trees

MODULE = b'print("released")\n'
FILES = {
    'setup.cfg': b'[metadata]\nname = oslo.demo\n',
    'oslo_demo/__init__.py': b'',
    'oslo_demo/main.py': MODULE,
}
GENERATED = {
    'setup.cfg': b'[metadata]\nname = oslo.demo\n\n'
    b'[egg_info]\ntag_build = \ntag_date = 0\n\n',
    'PKG-INFO': b'Name: oslo.demo\n',
    'AUTHORS': b'somebody\n',
    'ChangeLog': b'1.2.0\n',
    'oslo.demo.egg-info/pbr.json': b'{}',
}


def judge(
    tree: sources.Tree, members: list[sources.Member]
) -> tuple[finding.Finding, ...]:
    return source.sdist_agrees(tree, demo.sdist(), members)


class TestSdist(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tree = trees.tree(FILES)

    def built(self, **changes: bytes) -> list[sources.Member]:
        return trees.members(FILES | GENERATED | changes)

    def assertFound(
        self, code: str, message: str, found: tuple[finding.Finding, ...]
    ) -> None:
        self.assertEqual(
            [(code, 'failed')], [(one.code, one.verdict) for one in found]
        )
        self.assertEqual(message, found[0].message)
        self.assertEqual('oslo_demo-1.2.0.tar.gz', found[0].subject)

    def test_what_pbr_builds_holds(self) -> None:
        self.assertEqual((), judge(self.tree, self.built()))

    def test_a_changed_module(self) -> None:
        evil = trees.member('oslo_demo/main.py', b'evil\n')
        found = judge(
            self.tree, self.built(**{'oslo_demo/main.py': b'evil\n'})
        )
        self.assertFound(
            'OSP115',
            f'oslo_demo/main.py is 5 bytes, sha256 {evil.sha256}, git blob '
            f'{evil.blob}; at {trees.COMMIT} it is git blob '
            f'{sources.blob_id(MODULE)}',
            found,
        )

    def test_a_file_that_is_in_no_commit(self) -> None:
        evil = trees.member('conftest.py', b'evil\n')
        self.assertFound(
            'OSP116',
            f'conftest.py (5 bytes, sha256 {evil.sha256}, git blob '
            f'{evil.blob}) is not in the tree at {trees.COMMIT}',
            judge(self.tree, [*self.built(), evil]),
        )

    def test_a_name_that_differs_by_case_is_another_one(self) -> None:
        (found,) = judge(
            self.tree, [*self.built(), trees.member('OSLO_demo/main.py')]
        )
        self.assertEqual('OSP116', found.code)

    def test_a_changed_setup_cfg(self) -> None:
        for text in (
            GENERATED['setup.cfg'] + b'[files]\npackages = evil\n',
            GENERATED['setup.cfg'].replace(b'= oslo', b'= evil'),
            GENERATED['setup.cfg'].replace(b'tag_date = 0', b'tag_date = 1'),
            GENERATED['setup.cfg'].replace(b'[egg_info]', b'[Egg_info]'),
            b'',
        ):
            (found,) = judge(self.tree, self.built(**{'setup.cfg': text}))
            self.assertEqual('OSP115', found.code)
            self.assertIn('not only its section [egg_info]', found.message)

    def test_setup_cfg_as_committed(self) -> None:
        as_is = {'setup.cfg': FILES['setup.cfg']}
        self.assertEqual((), judge(self.tree, self.built(**as_is)))

    def test_a_setup_cfg_where_none_is_committed(self) -> None:
        """setuptools writes one with nothing but its section."""
        tree = trees.tree({'oslo_demo/main.py': MODULE})
        made = b'[egg_info]\ntag_build = \ntag_date = 0\n\n'
        members = trees.members(
            {'oslo_demo/main.py': MODULE, 'setup.cfg': made}
        )
        self.assertEqual((), judge(tree, members))
        (found,) = judge(
            tree, [members[0], trees.member('setup.cfg', b'[x]\n' + made)]
        )
        self.assertEqual('OSP116', found.code)

    def test_a_setup_cfg_that_was_not_read_is_not_generated(self) -> None:
        tree = sources.Tree(trees.COMMIT, self.tree.entries)
        (found,) = judge(tree, self.built())
        self.assertEqual('OSP115', found.code)

    def test_a_module_in_the_egg_info(self) -> None:
        evil = trees.member('oslo.demo.egg-info/evil.py')
        (found,) = judge(self.tree, [*self.built(), evil])
        self.assertEqual('OSP116', found.code)

    def test_a_generated_name_as_a_link(self) -> None:
        (found,) = judge(
            self.tree, [*self.built(), trees.link('AUTHORS', 'setup.py')]
        )
        self.assertEqual('OSP116', found.code)
        self.assertIn('AUTHORS (a link to setup.py)', found.message)

    def test_a_hard_link_even_to_the_right_file(self) -> None:
        linked = sources.Member(
            'oslo_demo/main.py', 'hard link', target='oslo_demo/other.py'
        )
        members = [*trees.members(GENERATED), linked]
        found = judge(trees.tree({'oslo_demo/main.py': MODULE}), members)
        self.assertEqual(
            ['OSP115', 'OSP116'], sorted(one.code for one in found)
        )
        self.assertIn('is a hard link to', found[0].message)


class TestLinks(testtools.TestCase):
    """Symbolic links that are committed."""

    def setUp(self) -> None:
        super().setUp()
        self.tree = trees.tree(
            {'real.py': MODULE}, {'alias.py': 'real.py', 'gone': 'nothing'}
        )

    def codes(self, *members: sources.Member) -> list[str]:
        real = trees.member('real.py', MODULE)
        found = judge(self.tree, [real, *members])
        return [one.code for one in found if one.verdict == 'failed']

    def test_one_that_was_stored_as_it_is(self) -> None:
        self.assertEqual([], self.codes(trees.link('alias.py', 'real.py')))

    def test_one_whose_target_was_copied(self) -> None:
        self.assertEqual([], self.codes(trees.member('alias.py', MODULE)))

    def test_one_that_leads_elsewhere_or_has_other_content(self) -> None:
        for member in (
            trees.link('alias.py', 'evil.py'),
            trees.member('alias.py', b'evil'),
            trees.member('gone', b'evil'),
            # The text of the link, as a file.
            trees.member('alias.py', b'real.py'),
        ):
            self.assertEqual(['OSP115'], self.codes(member))

    def test_a_link_where_a_file_is_committed(self) -> None:
        found = judge(self.tree, [trees.link('real.py', 'alias.py')])
        self.assertEqual('OSP115', found[0].code)
        self.assertIn('real.py is a link to alias.py', found[0].message)

    def test_the_message_says_what_the_link_is(self) -> None:
        (found, _) = judge(self.tree, [trees.member('alias.py', b'evil')])
        self.assertIn(
            f'at {trees.COMMIT} it is a link to real.py', found.message
        )


class TestSubmodules(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.tree = trees.tree({}, submodules=('vendor/lib',))

    def test_files_of_a_submodule_are_in_no_tree(self) -> None:
        (found,) = judge(self.tree, [trees.member('vendor/lib/a/b.c')])
        self.assertEqual('OSP116', found.code)
        self.assertIn(
            'which holds no file of the submodule vendor/lib', found.message
        )

    def test_a_file_in_the_place_of_a_submodule(self) -> None:
        (found,) = judge(self.tree, [trees.member('vendor/lib')])
        self.assertEqual('OSP115', found.code)
        self.assertIn(f'is a submodule at {"d" * 40}', found.message)


class TestMissing(testtools.TestCase):
    def test_modules_that_the_sdist_lacks_are_noted(self) -> None:
        tree = trees.tree({'b.py': b'', 'a.py': b'', 'doc/readme': b''})
        (found,) = judge(tree, [])
        self.assertEqual(
            ('OSP115', 'noted', 'note'),
            (found.code, found.verdict, found.severity),
        )
        self.assertEqual(
            f'2 modules of the tree at {trees.COMMIT} are not in the sdist: '
            'a.py, b.py',
            found.message,
        )

    def test_a_long_list_ends_in_a_number(self) -> None:
        tree = trees.tree({f'{number:03}.py': b'' for number in range(50)})
        (found,) = judge(tree, [])
        self.assertIn('019.py and 30 more', found.message)
        self.assertNotIn('020.py', found.message)


class TestMany(testtools.TestCase):
    def test_the_first_are_told_and_the_rest_is_counted(self) -> None:
        members = [trees.member(f'{number}.c') for number in range(10_000)]
        found = judge(trees.tree({}), members)
        self.assertEqual(source.IN_FULL + 1, len(found))
        self.assertEqual(
            'and 9980 more files; 20 of 10000 are told one by one',
            found[-1].message,
        )

    def test_as_many_as_are_told_need_no_number(self) -> None:
        members = [trees.member(f'{n}.c') for n in range(source.IN_FULL)]
        found = judge(trees.tree({}), members)
        self.assertEqual(source.IN_FULL, len(found))
        self.assertNotIn('more files', found[-1].message)
