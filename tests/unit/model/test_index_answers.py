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

"""What two routes say together of a project."""

from __future__ import annotations

import testtools
from packaging import version

from openstack_publish.model import documents
from openstack_publish.model import index_answers
from openstack_publish.model import index_form
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import simple_json

PROJECT = names.project_name('oslo.demo')
ONE, TWO = '1' * 64, '2' * 64
OPENSTACKCI = maintainers.Role('openstackci', 'Owner')
MISSING: knowledge.Known[None] = knowledge.Known(None)
AWAY = knowledge.Unknown('a document', 'the server answers 500')
NO_ROLES = knowledge.Unknown('roles', 'the server answers 410')


def file(name: str, sha256: str | None = ONE) -> listing.ListedFile:
    return listing.ListedFile(name, f'https://h/{name}', sha256)


def json(
    *files: listing.ListedFile,
    who: maintainers.Maintainers | documents.Malformed | None = None,
) -> index_answers.Json:
    return knowledge.Known(
        index_form.JsonDocument(version.Version('2'), files, who, 7)
    )


def simple(
    *files: listing.ListedFile, status: str = 'active'
) -> index_answers.Simple:
    return knowledge.Known(simple_json.SimpleDocument(status, files, 6))


def roles(*found: maintainers.Role) -> index_answers.Roles:
    return knowledge.Known(found)


WHO = maintainers.maintainers((OPENSTACKCI,), knowledge.Known(None))


class OverviewTestCase(testtools.TestCase):
    def overview(
        self,
        whole: index_answers.Json,
        page: index_answers.Simple,
        by_xmlrpc: index_answers.Roles | None = None,
    ) -> listing.Overview:
        """Put it together; XML-RPC is to be asked just where it is here."""
        answers = index_answers.OverviewAnswers(PROJECT, whole, page)
        self.assertEqual(by_xmlrpc is not None, answers.need_roles)
        return answers.overview(by_xmlrpc)

    def assert_unknown(self, part: object, why: str) -> None:
        assert isinstance(part, knowledge.Unknown), part
        self.assertIn(why, part.why)

    def names(self, found: listing.Overview) -> list[str]:
        assert isinstance(found.files, knowledge.Known), found.files
        return [one.filename for one in found.files.value]


class TestUnknown(OverviewTestCase):
    def test_nothing_is_known_where_no_route_answers(self) -> None:
        found = self.overview(AWAY, AWAY)
        for part in (found.new, found.status, found.files, found.maintainers):
            self.assert_unknown(part, 'answers 500')
        self.assertIsNone(found.serial)
        self.assert_unknown(found.has_provenance, 'answers 500')
        self.assert_unknown(found.release('2'), 'answers 500')

    def test_without_json_nobody_is_named_and_files_are(self) -> None:
        found = self.overview(AWAY, simple(file('a-1.tar.gz')))
        self.assert_unknown(found.maintainers, 'a document: the server')
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertEqual(knowledge.Known('active'), found.status)
        self.assertEqual(['a-1.tar.gz'], self.names(found))

    def test_without_a_simple_page_neither_files_nor_status_are(self) -> None:
        found = self.overview(json(who=WHO), AWAY)
        self.assertEqual(knowledge.Known(WHO), found.maintainers)
        for part in (found.status, found.files):
            self.assert_unknown(part, 'answers 500')

    def test_one_404_and_one_silence_prove_nothing(self) -> None:
        for whole, page in ((MISSING, AWAY), (AWAY, MISSING)):
            found = self.overview(whole, page)
            self.assert_unknown(found.new, 'answers 500')
            self.assert_unknown(found.maintainers, 'answers 500')

    def test_routes_that_contradict_each_other_are_not_believed(self) -> None:
        found = self.overview(json(who=WHO), MISSING)
        for part in (found.status, found.files):
            self.assert_unknown(part, 'JSON does not say the same')
        found = self.overview(
            json(file('a-2.tar.gz', ONE), who=WHO),
            simple(file('a-2.tar.gz', TWO)),
        )
        self.assert_unknown(found.files, f'sha256 {TWO} and {ONE}')

    def test_two_404s_and_somebody_with_a_role_is_not_new(self) -> None:
        found = self.overview(MISSING, MISSING, roles(OPENSTACKCI))
        self.assert_unknown(found.new, 'XML-RPC names Owner openstackci')
        self.assert_unknown(found.maintainers, 'XML-RPC names Owner')

    def test_malformed_roles_are_unknown_and_nobody_else_is_asked(
        self,
    ) -> None:
        broken = documents.Malformed('ownership names nobody')
        found = self.overview(json(who=broken), simple())
        self.assert_unknown(found.maintainers, 'names nobody')


class TestKnown(OverviewTestCase):
    def test_everything_of_one_that_is_there(self) -> None:
        found = self.overview(
            json(file('a-2.tar.gz'), who=WHO),
            simple(file('a-1.tar.gz'), file('a-2.tar.gz', None)),
        )
        self.assertEqual(knowledge.Known(False), found.new)
        self.assertEqual(knowledge.Known(WHO), found.maintainers)
        self.assertEqual(['a-1.tar.gz', 'a-2.tar.gz'], self.names(found))
        # The page is of serial 6, the document of 7.
        self.assertEqual((6, True), (found.serial, found.has_visible_release))
        self.assertEqual(knowledge.Known(False), found.has_provenance)

    def test_a_file_that_shows_in_one_route_only_is_there(self) -> None:
        found = self.overview(json(file('a-2.tar.gz'), who=WHO), simple())
        self.assertEqual(['a-2.tar.gz'], self.names(found))

    def test_one_that_nobody_knows_is_new(self) -> None:
        for by_xmlrpc in (roles(), NO_ROLES):
            found = self.overview(MISSING, MISSING, by_xmlrpc)
            self.assertEqual(knowledge.Known(True), found.new)
            self.assertEqual([], self.names(found))
            self.assertEqual(knowledge.Known('active'), found.status)

    def test_one_that_is_emptied_or_quarantined_has_its_roles(self) -> None:
        for status in ('active', 'quarantined'):
            found = self.overview(
                MISSING, simple(status=status), roles(OPENSTACKCI)
            )
            self.assertFalse(found.has_visible_release)
            self.assertEqual(knowledge.Known(status), found.status)
            assert isinstance(found.maintainers, knowledge.Known)
            self.assertEqual((OPENSTACKCI,), found.maintainers.value.roles)
        found = self.overview(MISSING, simple(), NO_ROLES)
        self.assert_unknown(found.maintainers, 'answers 410')

    def test_roles_that_json_does_not_name_come_from_xmlrpc(self) -> None:
        found = self.overview(json(), simple(), roles(OPENSTACKCI))
        assert isinstance(found.maintainers, knowledge.Known)
        who = found.maintainers.value
        self.assertEqual((OPENSTACKCI,), who.roles)
        self.assert_unknown(who.organization, 'XML-RPC')


class TestReleases(OverviewTestCase):
    """Which of a project's files are one release."""

    def release(
        self, text: str, *filenames: str
    ) -> knowledge.Knowledge[list[str]]:
        found = self.overview(
            json(who=WHO), simple(*map(file, filenames))
        ).release(text)
        if isinstance(found, knowledge.Unknown):
            return found
        return knowledge.Known([one.filename for one in found.value])

    def test_what_is_no_version_is_unknown(self) -> None:
        self.assert_unknown(self.release('stein-em'), "'stein-em' is no ver")

    def test_one_name_with_two_contents_is_unknown(self) -> None:
        sdist = 'oslo_demo-1.0.tar.gz'
        page = simple(file(sdist, ONE), file(sdist, TWO))
        found = listing.under(
            PROJECT,
            '1.0',
            knowledge.Known(page.value.files)
            if isinstance(page, knowledge.Known) and page.value
            else AWAY,
        )
        self.assert_unknown(found, f'twice, with sha256 {ONE}')

    def test_names_are_taken_apart(self) -> None:
        mine = [
            'oslo_demo-1.0.tar.gz',
            'oslo.demo-1.0.0.zip',
            'oslo_demo-1.0-py3-none-any.whl',
            'oslo.demo-1.0-py2.7.egg',
            'oslo_demo-1.0.win32.exe'.replace('.win32', '-win32'),
            'Oslo.Demo-1.0.tar.bz2',
        ]
        others = [
            'oslo_demo-1.0.1.tar.gz',
            'oslo_demo-1.0.post1.tar.gz',
            'oslo_demo-1.0.tar.gz.asc',
            'oslo_demo_more-1.0.tar.gz',
            'oslo_demo-11.0-py3-none-any.whl',
        ]
        self.assertEqual(
            knowledge.Known(mine), self.release('1.0', *mine, *others)
        )

    def test_a_release_that_is_not_there_has_no_files(self) -> None:
        self.assertEqual(
            knowledge.Known([]), self.release('3', 'oslo_demo-1.0.tar.gz')
        )
