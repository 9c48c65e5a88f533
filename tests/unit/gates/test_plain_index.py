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

"""The read side of plain indexes, against servers that answer at will."""

import hashlib
import json
import pathlib
from collections.abc import Mapping

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.gates.index import plain
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from tests.support import hand_clocks
from tests.support import httpd

PROJECT = names.project_name('oslo.demo')
VERSION = '1.2.0'
SDIST = 'oslo_demo-1.2.0.tar.gz'
WHEEL = 'oslo_demo-1.2.0-py3-none-any.whl'
ONE, TWO = '1' * 64, '2' * 64
PAGE = '/simple/oslo-demo/'
LIST = '/simple/'
NOT_FOUND = httpd.answer(b'nothing here', 'text/html', '404 Not Found')


def as_html(
    body: str, content_type: str = 'text/html; charset=UTF-8'
) -> httpd.Reply:
    return httpd.answer(body.encode(), content_type)


def as_json(page: object) -> httpd.Reply:
    return httpd.answer(json.dumps(page).encode(), plain.JSON)


def link(filename: str, sha256: str | None = ONE, attributes: str = '') -> str:
    fragment = '' if sha256 is None else f'#sha256={sha256}'
    return (
        f'<a href="../../packages/{filename}{fragment}" {attributes}>'
        f'{filename}</a><br>\n'
    )


def document(*files: object, **more: object) -> dict[str, object]:
    return {
        'meta': {'api-version': '1.0'},
        'name': 'oslo-demo',
        'files': list(files),
        **more,
    }


def entry(filename: str, **hashes: str) -> Mapping[str, object]:
    return {
        'filename': filename,
        'url': f'../../+f/{filename}',
        'hashes': hashes,
    }


class PlainTestCase(testtools.TestCase):
    """A server whose every answer is set by the test."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.useFixture(httpd.Server())
        self.index = plain.PlainIndex(
            web.Web(hand_clocks.HandClock()), f'{self.server.url}/simple/'
        )

    def read(self) -> listing.Listing:
        return self.index.read_project(PROJECT, VERSION)

    def release(self) -> tuple[listing.ListedFile, ...]:
        found = self.read().release
        assert isinstance(found, knowledge.Known), found
        return found.value

    def names(self) -> list[str]:
        return [file.filename for file in self.release()]

    def assert_unknown(self, part: object, why: str) -> None:
        assert isinstance(part, knowledge.Unknown), part
        self.assertIn(why, part.why)

    def assert_nothing_known(self, why: str) -> None:
        """Nothing is said of the project, and every part says why."""
        found = self.read()
        for part in (found.new, found.files, found.release):
            self.assert_unknown(part, why)
        self.assert_unknown(
            self.index.read_release(PROJECT, VERSION).files, why
        )


class TestNoAnswer(PlainTestCase):
    def test_a_url_that_may_not_be_read_is_refused(self) -> None:
        for url in ('http://index.example/simple/', 'simple', 'https://u@h/'):
            error = self.assertRaises(
                exceptions.Misconfigured,
                plain.PlainIndex,
                web.Web(hand_clocks.HandClock()),
                url,
            )
            self.assertEqual('--read-url', error.where)

    def test_a_server_that_fails_is_unknown(self) -> None:
        for reply, why in (
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.answer(status='401 Unauthorized'), 'answers 401'),
            (httpd.answer(status='403 Forbidden'), 'answers 403'),
            (httpd.cut_off(b'<a', 'text/html'), 'cut off'),
            (httpd.reset, 'closed the connection'),
            (
                httpd.answer(b'x', 'text/plain'),
                'the answer is text/plain, neither',
            ),
            (httpd.answer(b'{', plain.JSON), 'no JSON document'),
        ):
            with self.subTest(why):
                self.server.on(PAGE, reply)
                self.assert_nothing_known(why)

    def test_a_page_that_is_too_large_is_unknown(self) -> None:
        self.server.on(PAGE, httpd.bomb(plain.MAX_PAGE + 1))
        self.assert_nothing_known(f'more than {plain.MAX_PAGE} bytes')

    def test_an_html_page_of_something_else_is_unknown(self) -> None:
        for page in (
            '',
            '<h1>Please log in</h1>',
            '<a href="oslo.messaging-1.2.0.tar.gz">x</a>',
            '<a href="/oslo-demo/">oslo-demo</a>',
            f'<!-- {link(SDIST)} --><p>',
        ):
            with self.subTest(page):
                self.server.on(PAGE, as_html(page))
                self.assert_nothing_known('links to no file of oslo-demo')

    def test_a_page_that_is_cut_within_a_tag_is_unknown(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST) + '<a href="'))
        self.assert_nothing_known('the HTML page: it ends')

    def test_a_form_of_another_major_version_is_unknown(self) -> None:
        meta = '<meta name="pypi:repository-version" content="2.0">'
        self.server.on(PAGE, as_html(meta + link(SDIST)))
        self.assert_nothing_known("is '2.0', not 1.x")
        self.server.on(PAGE, as_json(document(meta={'api-version': '2.0'})))
        self.assert_nothing_known("is '2.0', not 1.x")

    def test_a_document_about_another_project_is_unknown(self) -> None:
        self.server.on(PAGE, as_json(document(name='nova')))
        self.assert_nothing_known("about 'nova'")

    def test_a_malformed_link_spoils_the_page(self) -> None:
        for page, why in (
            (link(SDIST, 'abc'), 'not 64 hexadecimal digits'),
            (f'<a href="http://h.example/{SDIST}">', 'not this machine'),
            ('<a href="oslo_demo-1.2.0%2f.zip">', 'is no file name'),
        ):
            with self.subTest(why):
                self.server.on(PAGE, as_html(page))
                self.assert_nothing_known(why)


class TestNotHere(PlainTestCase):
    """What has no page is new only on what is a simple index."""

    def setUp(self) -> None:
        super().setUp()
        self.elsewhere = self.useFixture(httpd.Server())

    def test_a_404_is_new_where_the_list_names_others(self) -> None:
        for listed in (
            as_json({'meta': {'api-version': '1.0'}, 'projects': []}),
            as_json(
                {
                    'meta': {'api-version': '1.4'},
                    'projects': [{'name': 'Nova'}, {'name': 'oslo'}],
                }
            ),
            as_html('<!DOCTYPE html><title>Simple Index</title>'),
            as_html('<a href="nova/">Nova</a>'),
            as_html('<a href="/simple/nova/">nova</a><a href="../">up</a>'),
            as_html('<a href="nova">nova</a>', 'text/html'),
            as_html('<base href="/x/"><a href="nova/">nova/</a>'),
            as_html(
                '<meta name="pypi:repository-version" content="1.0">'
                '<a href="https://h.example/">help</a>'
            ),
        ):
            self.server.on(LIST, listed)
            found = self.read()
            self.assertEqual(knowledge.Known(True), found.new)
            self.assertEqual(knowledge.Known(()), found.release)

    def test_a_redirect_to_another_host_is_no_page_either(self) -> None:
        self.server.on(
            PAGE,
            httpd.redirect(f'{self.elsewhere.url}{PAGE}', '303 See Other'),
        )
        self.server.on(LIST, as_html('<a href="nova/">nova</a>'))
        self.assertEqual(knowledge.Known(True), self.read().new)
        reading = self.index.read_release(PROJECT, VERSION)
        self.assertEqual(knowledge.Known(()), reading.files)
        self.assertEqual([], self.elsewhere.requests)

    def test_without_a_list_it_is_unknown(self) -> None:
        for reply, why in (
            (NOT_FOUND, 'there is none'),
            (httpd.redirect(f'{self.elsewhere.url}/'), 'there is none'),
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.answer(status='401 No'), 'answers 401'),
            (httpd.answer(b'{}'), 'the answer is application/json'),
            (as_json({'projects': []}), 'meta is no dict'),
            (
                as_json({'meta': {'api-version': '1.0'}, 'projects': ['a']}),
                'is no object',
            ),
            (
                as_html('<a href="https://h.example/">welcome</a>'),
                'it links to none',
            ),
            (
                as_html('<a href="packages/">here</a>'),
                "it links to 'packages' as 'here'",
            ),
        ):
            with self.subTest(why):
                self.server.on(LIST, reply)
                self.assert_unknown(self.read().new, why)

    def test_a_list_that_names_the_project_contradicts(self) -> None:
        for reply in (
            as_html('<a href="oslo-demo/">oslo.demo</a>'),
            as_json(
                {
                    'meta': {'api-version': '1.0'},
                    'projects': [{'name': 'oslo_demo'}],
                }
            ),
        ):
            self.server.on(LIST, reply)
            self.assert_unknown(self.read().new, 'names it, but has no page')

    def test_the_list_is_read_only_where_there_is_no_page(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST)))
        self.assertEqual(knowledge.Known(False), self.read().new)
        self.assertEqual([], self.server.asked(LIST))


class TestFiles(PlainTestCase):
    def test_html_and_json_say_the_same(self) -> None:
        self.server.on(
            PAGE,
            as_html(link(WHEEL, ONE) + link(SDIST, TWO)),
            as_json(
                document(entry(WHEEL, sha256=ONE), entry(SDIST, sha256=TWO))
            ),
        )
        for folder in ('packages', '+f'):
            self.assertEqual(
                (
                    listing.ListedFile(
                        WHEEL, f'{self.server.url}/{folder}/{WHEEL}', ONE
                    ),
                    listing.ListedFile(
                        SDIST, f'{self.server.url}/{folder}/{SDIST}', TWO
                    ),
                ),
                self.release(),
            )

    def test_json_is_preferred_and_caches_are_passed_by(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST)))
        self.read()
        (request,) = self.server.asked(PAGE)
        self.assertTrue(request.headers['accept'].startswith(plain.JSON))
        self.assertEqual('no-cache', request.headers['cache-control'])

    def test_links_are_relative_to_where_the_page_was_found(self) -> None:
        self.server.on(PAGE, httpd.redirect('/a/b/c/'))
        self.server.on('/a/b/c/', as_html(link(SDIST)))
        (file,) = self.release()
        self.assertEqual(f'{self.server.url}/a/packages/{SDIST}', file.url)

    def test_the_base_of_a_page_is_honoured(self) -> None:
        page = '<base href="/mirror/x/y/"><base href="/z/">' + link(SDIST)
        self.server.on(PAGE, as_html(page))
        (file,) = self.release()
        self.assertEqual(
            f'{self.server.url}/mirror/packages/{SDIST}', file.url
        )

    def test_a_file_is_called_as_its_url_ends(self) -> None:
        """Installers go by the URL, whatever text is shown."""
        page = f'<a href="../x/{WHEEL}?a=b#sha256={ONE}&egg=x">readme</a>'
        self.server.on(PAGE, as_html(page))
        (file,) = self.release()
        self.assertEqual((WHEEL, ONE), (file.filename, file.sha256))
        self.assertEqual(f'{self.server.url}/simple/x/{WHEEL}?a=b', file.url)

    def test_attributes_are_read(self) -> None:
        attributes = (
            'data-yanked="" data-requires-python="&gt;=3.8,&lt;4" '
            f'data-dist-info-metadata="sha256={TWO}" '
            'data-provenance="https://h.example/p"'
        )
        self.server.on(PAGE, as_html(link(SDIST, ONE, attributes)))
        (file,) = self.release()
        self.assertTrue(file.yanked)
        self.assertEqual(ONE, file.sha256)
        self.assertEqual('https://h.example/p', file.provenance)

    def test_a_digest_may_be_written_in_capitals(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST, 'A' * 64)))
        self.assertEqual('a' * 64, self.release()[0].sha256)

    def test_only_files_of_the_version_are_of_the_release(self) -> None:
        others = [
            'oslo_demo-1.2.tar.bz2.asc',
            'oslo_demo-1.2.1.tar.gz',
            'oslo_demo-1.2.0.post1.tar.gz',
            'oslo_demo-1.2.0rc1-py3-none-any.whl',
            'oslo_demo-1.20.tar.gz',
            'oslo_demo-11.2.0.egg',
            'oslo_demo-readme.txt',
            f'{SDIST}.asc',
            'oslo_demos-1.2.0.tar.gz',
            'nova-1.2.0.tar.gz',
        ]
        ours = [
            SDIST,
            WHEEL,
            'oslo_demo-1.2.0-1-py3-none-any.whl',
            'oslo_demo-1.2.0-cp312-cp312-win_amd64.whl',
            'oslo.demo-1.2.tar.gz',
            'Oslo.Demo-1.2.0.zip',
        ]
        self.server.on(PAGE, as_html(''.join(map(link, [*others, *ours]))))
        self.assertEqual(ours, self.names())

    def test_old_and_odd_forms_are_of_the_release_too(self) -> None:
        """Installers take them, and packaging does not know their names."""
        odd = [
            'oslo_demo-1.2.0.tar.bz2',
            'oslo_demo-1.2.0.tar.xz',
            'oslo-demo-1.2.tgz',
            'OSLO-DEMO-1.2.0.TAR',
            'oslo_demo-1.2.0-py3.11.egg',
            'oslo_demo-1.2.0-py3.whl',
        ]
        self.server.on(PAGE, as_html(''.join(map(link, odd))))
        self.assertEqual(odd, self.names())

    def test_one_file_twice_must_be_the_same_twice(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST) + link(SDIST)))
        self.assertEqual([SDIST], self.names())
        self.server.on(PAGE, as_html(link(SDIST, ONE) + link(SDIST, TWO)))
        found = self.read().release
        for digest in (ONE, TWO):
            self.assert_unknown(found, digest)

    def test_what_is_no_version_has_no_files_that_are_known(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST)))
        found = self.index.read_project(PROJECT, 'stein-em')
        self.assert_unknown(found.release, "'stein-em' is no version")


class TestUnsaid(PlainTestCase):
    def test_nobody_is_named(self) -> None:
        self.server.on(PAGE, as_html(link(SDIST)))
        self.assert_unknown(self.read().maintainers, 'names none')
        reading = self.index.read_release(PROJECT, VERSION)
        self.assert_unknown(reading.maintainers, 'names none')

    def test_an_older_form_has_no_status(self) -> None:
        for reply in (as_html(link(SDIST)), as_json(document())):
            self.server.on(PAGE, reply)
            self.assert_unknown(self.read().status, 'without status markers')

    def test_a_status_is_read_where_there_is_one(self) -> None:
        marker = '<meta name="pypi:project-status" content="{}">'
        version = '<meta name="pypi:repository-version" content="{}">'
        for reply, status in (
            (as_html(marker.format('archived') + link(SDIST)), 'archived'),
            (as_html(version.format('1.4') + link(SDIST)), 'active'),
            (as_html(version.format('1.10')), 'active'),
            (as_json(document(meta={'api-version': '1.4'})), 'active'),
            (
                as_json(
                    document(**{'project-status': {'status': 'archived'}})
                ),
                'archived',
            ),
        ):
            self.server.on(PAGE, reply)
            self.assertEqual(knowledge.Known(status), self.read().status)

    def test_an_empty_status_is_malformed(self) -> None:
        page = '<meta name="pypi:project-status" content=" ">' + link(SDIST)
        self.server.on(PAGE, as_html(page))
        self.assert_nothing_known('pypi:project-status is empty')


class TestWithoutDigest(PlainTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.content = b'x' * 3_000_000
        self.digest = hashlib.sha256(self.content).hexdigest()
        self.server.on(PAGE, as_html(link(SDIST, None)))
        self.path = f'/packages/{SDIST}'

    def test_the_file_is_downloaded_and_hashed(self) -> None:
        self.server.on(self.path, httpd.answer(self.content, 'x/y'))
        self.assertEqual(self.digest, self.release()[0].sha256)
        reading = self.index.read_release(PROJECT, VERSION)
        assert isinstance(reading.files, knowledge.Known)
        self.assertEqual(self.digest, reading.files.value[0].sha256)

    def test_another_digest_is_none(self) -> None:
        page = f'<a href="/packages/{SDIST}#md5=abc">'
        self.server.on(PAGE, as_html(page))
        self.server.on(self.path, httpd.answer(self.content, 'x/y'))
        self.assertEqual(self.digest, self.release()[0].sha256)

    def test_files_of_other_versions_are_left_where_they_are(self) -> None:
        page = link('oslo_demo-1.1.0.tar.gz', None) + link(SDIST, ONE)
        self.server.on(PAGE, as_html(page))
        self.assertEqual([SDIST], self.names())
        self.assertEqual([PAGE], [each.path for each in self.server.requests])

    def test_a_file_that_cannot_be_had_is_unknown(self) -> None:
        for reply, why in (
            (NOT_FOUND, 'the server answers 404'),
            (httpd.answer(status='500 Oops'), 'answers 500 Oops'),
            (httpd.cut_off(b'x', 'x/y'), 'cut off'),
            (httpd.redirect('https://h.example/'), "off the server's host"),
        ):
            with self.subTest(why):
                self.server.on(self.path, reply)
                self.assert_unknown(self.read().release, why)

    def test_too_many_files_are_not_downloaded(self) -> None:
        count = plain.MAX_FILES + 1
        self.server.on(
            PAGE,
            as_html(
                ''.join(
                    link(f'oslo_demo-1.2.0-{n}-py3-none-any.whl', None)
                    for n in range(count)
                )
            ),
        )
        self.assert_unknown(
            self.read().release,
            f'{count} files are listed without their sha256; at most '
            f'{plain.MAX_FILES}',
        )
        self.assertEqual([PAGE], [each.path for each in self.server.requests])


class TestSignatures(PlainTestCase):
    def setUp(self) -> None:
        super().setUp()
        directory = self.useFixture(fixtures.TempDir()).path
        self.ours = pathlib.Path(directory) / f'{SDIST}.asc'
        self.ours.write_bytes(b'our signature')
        self.file = listing.ListedFile(
            SDIST, f'{self.server.url}/packages/{SDIST}', ONE
        )

    def kept(self) -> knowledge.Knowledge[bool]:
        return self.index.keeps_signature(self.file, str(self.ours))

    def test_only_our_very_signature_is_kept(self) -> None:
        path = f'/packages/{SDIST}.asc'
        self.server.on(path, httpd.answer(b'our signature', 'text/plain'))
        self.assertEqual(knowledge.Known(True), self.kept())
        self.server.on(path, httpd.answer(b'their signature', 'text/plain'))
        self.assert_unknown(self.kept(), 'it serves 15 bytes that are not the')
        self.server.on(path, NOT_FOUND)
        self.assertEqual(knowledge.Known(False), self.kept())
