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

from __future__ import annotations

import dataclasses
from typing import Any

import testtools

from openstack_publish.model import receipt
from openstack_publish.rehearsal import log
from openstack_publish.rehearsal import replies
from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import traces
from openstack_publish.rules import findings
from tests.support import demo

REPO = 'openstack/oslo.demo'
OURS = {name: demo.digest(name) for name in (demo.WHEEL, demo.SDIST)}
PUBLISHED = receipt.Outcome.PUBLISHED
REFUSED = receipt.Outcome.REFUSED


def request(route: replies.Route, **fields: Any) -> log.LoggedRequest:
    """Return a request as the index remembers it."""
    given = {'status': 200, 'filename': None, **fields}
    return log.LoggedRequest(
        method='POST' if route == 'upload' else 'GET',
        path='/',
        route=route,
        headers={},
        authorized=route == 'upload',
        fields=(),
        body_bytes=0,
        **given,
    )


def archive(*names: str) -> dict[str, str]:
    """Return an archive with these files, each with a signature."""
    found = {}
    for name in names:
        found[f'{REPO}/{name}'] = demo.digest(name)
        found[f'{REPO}/{name}.asc'] = demo.digest(f'{name}.asc')
    return found


def story(outcome: receipt.Outcome, **fields: Any) -> receipt.Receipt:
    """Return a receipt that tells little."""
    return receipt.Receipt(outcome, demo.NOW, demo.NOW, **fields)


SOUND = traces.Traces(
    exit_code=0,
    ours=OURS,
    repo=REPO,
    receipt=story(PUBLISHED),
    written={'outcome': 'published'},
    beside=('oslo.demo-1.2.0.receipt.json',),
    requests=(
        request('upload', filename=demo.WHEEL),
        request('upload', filename=demo.SDIST),
        request('version-json'),
    ),
    listed=OURS,
    stored=2,
    archived=archive(*OURS),
)
"""Of a release that was published."""


class PromiseTest(testtools.TestCase):
    def assertKept(self, promise: promises.Promise, **fields: Any) -> None:
        left = dataclasses.replace(SOUND, **fields)
        self.assertIsNone(promise.seen_instead(left))

    def assertBroken(
        self, promise: promises.Promise, seen: str, **fields: Any
    ) -> None:
        left = dataclasses.replace(SOUND, **fields)
        self.assertEqual(seen, promise.seen_instead(left))


class TestEnds(PromiseTest):
    def test_code_and_receipt_must_both_be_as_promised(self) -> None:
        promise = promises.ends(REFUSED)
        self.assertKept(promise, exit_code=1, receipt=story(REFUSED))
        self.assertBroken(promise, 'exit code 0, published')
        self.assertBroken(promise, 'exit code 1, published', exit_code=1)
        self.assertBroken(
            promise, 'exit code 0, refused', receipt=story(REFUSED)
        )

    def test_a_run_without_a_receipt_has_not_ended_so(self) -> None:
        self.assertBroken(
            promises.ends(PUBLISHED), 'exit code 0, no receipt', receipt=None
        )

    def test_only_sigkill_is_a_kill(self) -> None:
        promise = promises.killed()
        self.assertEqual('story', promise.whose)
        self.assertKept(promise, exit_code=-9)
        for code in (0, 3, 9, -15):
            self.assertBroken(promise, f'exit code {code}', exit_code=code)


class TestFinds(PromiseTest):
    def with_finding(self, *words: str) -> receipt.Receipt:
        return story(
            REFUSED,
            findings=(findings.failed('OSP401', *words),),
        )

    def test_the_words_are_looked_for_in_subject_and_message(self) -> None:
        promise = promises.finds('OSP401', 'mallory', 'Maintainer')
        self.assertEqual(
            'OSP401 says why and names mallory and Maintainer', promise.text
        )
        self.assertKept(
            promise, receipt=self.with_finding('mallory', 'is Maintainer')
        )
        self.assertBroken(
            promise,
            'refused by OSP401',
            receipt=self.with_finding('alice', 'is Maintainer'),
        )

    def test_a_note_refuses_nothing(self) -> None:
        noted = findings.noted('OSP401', 'mallory', 'was there')
        self.assertBroken(
            promises.finds('OSP401'),
            'nothing that refuses',
            receipt=story(PUBLISHED, findings=(noted,)),
        )

    def test_another_code_is_another_finding(self) -> None:
        self.assertBroken(
            promises.finds('OSP402'),
            'refused by OSP401',
            receipt=self.with_finding('mallory', 'is Maintainer'),
        )

    def test_no_receipt_has_no_finding(self) -> None:
        self.assertBroken(promises.finds('OSP401'), 'no receipt', receipt=None)

    def test_drift_is_exactly_the_change(self) -> None:
        promise = promises.drifts('added Maintainer mallory')
        change = 'added Maintainer mallory'
        for drift, seen in (
            ((change,), None),
            (
                (change, 'removed Owner alice'),
                f'{change}, removed Owner alice',
            ),
            ((), 'none'),
            (None, 'not compared'),
        ):
            left = dataclasses.replace(
                SOUND, receipt=story(PUBLISHED, drift=drift)
            )
            self.assertEqual(seen, promise.seen_instead(left))
        self.assertBroken(promise, 'not compared', receipt=None)


class TestRequests(PromiseTest):
    def test_files_are_posted_once_and_in_their_order(self) -> None:
        promise = promises.sends(*promises.BOTH)
        wheel, sdist = (
            request('upload', filename=name)
            for name in (demo.WHEEL, demo.SDIST)
        )
        self.assertKept(promise)
        self.assertBroken(promise, 'posted: nothing', requests=())
        for posted in ((sdist, wheel), (wheel, wheel, sdist), (sdist,)):
            names = ', '.join(str(each.filename) for each in posted)
            self.assertBroken(promise, f'posted: {names}', requests=posted)

    def test_a_post_that_was_refused_is_a_post(self) -> None:
        self.assertBroken(
            promises.sends(),
            f'posted: {demo.WHEEL}',
            requests=(request('upload', status=403, filename=demo.WHEEL),),
        )

    def test_a_post_without_a_file_is_a_post(self) -> None:
        self.assertBroken(
            promises.sends(),
            'posted: no file',
            requests=(request('upload', status=400),),
        )

    def test_reads_are_no_posts(self) -> None:
        self.assertKept(promises.sends(), requests=(request('simple'),))

    def test_a_connection_that_was_cut_has_no_status(self) -> None:
        promise = promises.answers('the first is cut', None, 200)
        self.assertEqual('story', promise.whose)
        cut = request('upload', status=None, filename=demo.WHEEL)
        done = request('upload', filename=demo.SDIST)
        self.assertKept(promise, requests=(cut, done))
        self.assertBroken(promise, 'answered: 200, 200')
        self.assertBroken(promise, 'answered: cut', requests=(cut,))

    def test_only_reads_after_the_last_upload_read_again(self) -> None:
        promise = promises.rereads()
        upload, read = request('upload'), request('version-json')
        self.assertKept(promise, requests=(upload, read, read))
        self.assertBroken(
            promise,
            'the release was read 1 times after the upload',
            requests=(upload, read, read, upload, read),
        )


class TestIndex(PromiseTest):
    def test_our_bytes_count_and_not_our_names(self) -> None:
        promise = promises.holds(*promises.BOTH)
        self.assertKept(promise)
        other = {**OURS, demo.WHEEL: demo.digest('other bytes')}
        self.assertIn(
            demo.digest('other bytes'),
            str(
                promise.seen_instead(dataclasses.replace(SOUND, listed=other))
            ),
        )

    def test_every_file_is_there_and_no_other(self) -> None:
        both = promises.holds(*promises.BOTH)
        wheel = {demo.WHEEL: OURS[demo.WHEEL]}
        self.assertBroken(
            both,
            f'on the index: {demo.WHEEL} ({OURS[demo.WHEEL]})',
            listed=wheel,
        )
        foreign = {**OURS, 'x.whl': 'f' * 64}
        self.assertKept(
            promises.holds(*promises.BOTH, foreign=1), listed=foreign
        )
        for promise in (both, promises.holds(foreign=1)):
            left = dataclasses.replace(SOUND, listed=foreign)
            self.assertIsNotNone(promise.seen_instead(left))

    def test_nothing_is_nothing(self) -> None:
        self.assertKept(promises.holds(), listed={})
        left = dataclasses.replace(SOUND, listed={'x.whl': 'f' * 64})
        self.assertEqual(
            f'on the index: x.whl ({"f" * 64})',
            promises.holds().seen_instead(left),
        )

    def test_uploads_that_were_stored_are_counted(self) -> None:
        self.assertKept(promises.stores(2))
        self.assertBroken(promises.stores(2), '3 stored', stored=3)


class TestDisk(PromiseTest):
    def test_every_file_is_archived_with_its_signature(self) -> None:
        promise = promises.archives_everything()
        self.assertKept(promise)
        whole = archive(*OURS)
        for path in whole:
            lesser = {name: whole[name] for name in whole if name != path}
            left = dataclasses.replace(SOUND, archived=lesser)
            self.assertIsNotNone(promise.seen_instead(left), path)
        other = {**whole, f'{REPO}/{demo.WHEEL}': demo.digest('other')}
        left = dataclasses.replace(SOUND, archived=other)
        self.assertIsNotNone(promise.seen_instead(left))

    def test_what_is_left_staged_is_told(self) -> None:
        staged = f'{REPO}/.staged/{demo.WHEEL}'
        left = dataclasses.replace(
            SOUND, archived={**archive(*OURS), staged: OURS[demo.WHEEL]}
        )
        seen = promises.archives_everything().seen_instead(left)
        self.assertIn(staged, str(seen))

    def test_an_archive_is_empty_or_it_is_told_what_is_there(self) -> None:
        promise = promises.archives_nothing()
        self.assertKept(promise, archived={})
        self.assertBroken(promise, 'there: a/b', archived={'a/b': 'f' * 64})

    def test_a_copy_may_lie_anywhere_in_the_archive(self) -> None:
        promise = promises.keeps_a_copy()
        staged = {
            f'{REPO}/.staged/{name}': sha256 for name, sha256 in OURS.items()
        }
        self.assertKept(promise, archived=staged)
        self.assertKept(promise, archived={}, listed={})
        self.assertBroken(
            promise,
            f'without a copy: {demo.WHEEL}, {demo.SDIST}',
            archived={},
        )

    def test_nothing_is_written_beside_the_distributions(self) -> None:
        promise = promises.writes_nothing()
        self.assertKept(promise, beside=())
        self.assertBroken(promise, 'there: a.asc', beside=('a.asc',))

    def test_the_receipt_on_disk_must_say_it(self) -> None:
        promise = promises.records(PUBLISHED)
        self.assertKept(promise)
        self.assertBroken(promise, 'there is none', written=None)
        self.assertBroken(
            promise, 'it says incomplete', written={'outcome': 'incomplete'}
        )
        self.assertBroken(promise, 'it says None', written={})


class TestJudged(testtools.TestCase):
    def test_every_promise_gets_its_verdict(self) -> None:
        kept, broken = promises.judged(
            (promises.stores(2), promises.killed()), SOUND
        )
        self.assertTrue(kept.kept)
        self.assertEqual('tool', kept.whose)
        self.assertFalse(broken.kept)
        self.assertEqual(('story', 'exit code 0'), (broken.whose, broken.seen))


class TestTraces(testtools.TestCase):
    def test_what_is_on_disk_speaks_for_a_run_that_was_killed(self) -> None:
        left = dataclasses.replace(SOUND, receipt=None)
        self.assertEqual({'outcome': 'published'}, left.document)
        self.assertIsNone(dataclasses.replace(left, written=None).document)

    def test_what_a_run_returned_comes_first(self) -> None:
        document = dataclasses.replace(SOUND, receipt=story(REFUSED)).document
        assert document is not None
        self.assertEqual('refused', document['outcome'])
