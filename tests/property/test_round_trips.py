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

"""What this program wrote it reads as what it had, whatever is in it."""

from __future__ import annotations

import datetime
import json
import os
import tempfile
import unicodedata
from typing import Any

import fixtures
import hypothesis
import testtools
from hypothesis import strategies

from openstack_publish import seams
from openstack_publish.gates import cache
from openstack_publish.gates import statefile
from openstack_publish.gates import yamlfile
from openstack_publish.gates.yamlfile import writing
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import receipt_form
from openstack_publish.model import watching
from openstack_publish.model import watching_form
from openstack_publish.render import as_json
from openstack_publish.render import plain
from openstack_publish.seams import alerts
from tests.fuzz import seeds
from tests.property import test_readers

SETTINGS = hypothesis.settings(test_readers.SETTINGS, max_examples=60)
WORDS = strategies.text(
    strategies.characters(exclude_categories=['Cs']), max_size=30
)
TIMES = strategies.datetimes(
    datetime.datetime(2, 1, 1),
    datetime.datetime(9998, 1, 1),
    timezones=strategies.just(datetime.UTC),
)
MAYBE = strategies.none()
FILES = strategies.builds(
    listing.ListedFile,
    WORDS,
    WORDS,
    MAYBE | WORDS,
    MAYBE | strategies.integers(0),
    MAYBE | TIMES,
    strategies.booleans(),
    MAYBE | WORDS,
    MAYBE | WORDS,
)
ROLES = strategies.lists(
    strategies.builds(maintainers.Role, WORDS, WORDS), max_size=4
)
WHO = strategies.builds(
    maintainers.maintainers,
    ROLES,
    strategies.builds(knowledge.Known, MAYBE | WORDS)
    | strategies.just(knowledge.Unknown('organization', 'it was not read')),
)
SNAPSHOTS = strategies.builds(
    watching.Snapshot,
    WORDS.map(names.ProjectName),
    TIMES,
    MAYBE | strategies.booleans(),
    MAYBE | WORDS,
    MAYBE | WHO,
    MAYBE | strategies.lists(FILES, max_size=3).map(tuple),
    MAYBE | strategies.integers(0, 2**63 - 1),
    MAYBE | TIMES,
)
# The YAML that is read has no key that is no text, and no number of another
# form than it has in orders and policies.
TREES = strategies.recursive(
    WORDS | strategies.booleans() | strategies.dates() | MAYBE,
    lambda below: (
        strategies.lists(below, max_size=3)
        | strategies.dictionaries(WORDS, below, max_size=3)
    ),
    max_leaves=8,
)


class TestRoundTrips(testtools.TestCase):
    """Each writer with its reader."""

    def setUp(self) -> None:
        super().setUp()
        self.place = self.useFixture(fixtures.TempDir()).path

    @SETTINGS
    @hypothesis.given(strategies.dictionaries(WORDS, TREES, max_size=4))
    def test_yaml(self, data: dict[str, Any]) -> None:
        document = yamlfile.read(writing.text(data).encode(), 'file')
        self.assertEqual((), document.problems)
        self.assertEqual(data, document.data)

    @SETTINGS
    @hypothesis.given(SNAPSHOTS)
    def test_what_the_watch_remembers(self, one: watching.Snapshot) -> None:
        text = watching_form.snapshot_text(one)
        self.assertEqual(one, watching_form.snapshot(text))
        with tempfile.TemporaryDirectory(dir=self.place) as place:
            path = os.path.join(place, 'state')
            with statefile.StateFile(path, watches=True) as state:
                state.write(alerts.Changed(snapshots=[one]))
            with statefile.StateFile(path, watches=True) as state:
                self.assertEqual(one, state.snapshot(one.project))

    def test_a_file_remembered_before_there_were_reasons_has_none(
        self,
    ) -> None:
        text = seeds.watch_documents()[0].decode()
        document = json.loads(text)
        for file in document['files']:
            del file[7:]
        found = watching_form.snapshot(json.dumps(document))
        self.assertTrue(found.files)
        for one in found.files or ():
            self.assertIsNone(one.yanked_reason)

    @SETTINGS
    @hypothesis.given(WORDS, WORDS, strategies.binary(max_size=200))
    def test_what_is_kept_of_an_index(
        self, url: str, accept: str, body: bytes
    ) -> None:
        kept = cache.DirectoryCache(os.path.join(self.place, 'cache'))
        answer = seams.CachedAnswer('"e"', body, 'application/json')
        kept.put(url, accept, answer)
        self.assertEqual(answer, kept.get(url, accept))

    @SETTINGS
    @hypothesis.given(WORDS, WORDS, ROLES)
    def test_a_receipt(
        self, repo: str, url: str, roles: list[maintainers.Role]
    ) -> None:
        (content,) = seeds.receipts()
        document = json.loads(content)
        document['release']['repo'] = repo
        document['index']['read_url'] = url
        document['maintainers']['after']['roles'] = [
            as_json.of_role(role) for role in roles
        ]
        found = receipt_form.read(json.loads(as_json.text(document)))
        who = maintainers.maintainers(roles, knowledge.Known(None))
        self.assertEqual(
            (repo, url, who), (found.repo, found.read_url, found.maintainers)
        )

    @SETTINGS
    @hypothesis.given(strategies.text(max_size=200))
    def test_what_is_shown_is_one_line_that_can_be_seen(
        self, text: str
    ) -> None:
        shown = plain.line(text)
        self.assertEqual(shown, plain.line(shown))
        self.assertLessEqual(len(shown.splitlines()), 1)
        for character in shown.encode().decode():
            self.assertNotIn(
                unicodedata.category(character), ('Cc', 'Cf', 'Cs', 'Zl', 'Zp')
            )
