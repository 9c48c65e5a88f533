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

"""Tells a story that was played: lines for a reader, or one JSON document."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from collections.abc import Sequence

from openstack_publish.rehearsal.stories import promises
from openstack_publish.rehearsal.stories import story as stories
from openstack_publish.render import as_json
from openstack_publish.render import as_text
from openstack_publish.render import plain

SCHEMA = 'openstack-publish/rehearsal/1'

_HEADINGS = ('What happens', 'What a release manager does now')
_RUNS = ('first', 'second')
_LABELS = {
    ('tool', True): 'kept',
    ('tool', False): 'BROKEN',
    ('story', True): 'so it was',
    ('story', False): 'NOT SO',
}
_LABEL_WIDTH = 11
"""Columns of a label and the space after it."""


def listing(stories: Sequence[stories.Story]) -> Iterator[str]:
    """Give one line for each story."""
    width = max(len(each.name) for each in stories)
    for each in stories:
        yield f'{each.name:<{width}}  {each.description}'


def listing_document(stories: Sequence[stories.Story]) -> list[object]:
    """Return the same as a JSON document."""
    return [
        {'fault': each.name, 'description': each.description}
        for each in stories
    ]


def title(story: stories.Story) -> Iterator[str]:
    """Give the lines before the first act."""
    yield f'{story.name}: {story.description}'


def opening(story: stories.Story, number: int) -> Iterator[str]:
    """Give the lines before the run of an act.

    :param number: from 0
    """
    yield ''
    yield _HEADINGS[number]
    yield from _paragraph(story.acts[number].happens)
    yield ''


def report(played: stories.Performance) -> Iterator[str]:
    """Give the lines of the run's own report."""
    if played.left.receipt is None:
        yield 'The process was killed before it could report anything.'
    else:
        yield as_text.of_receipt(played.left.receipt).rstrip('\n')


def verdicts(number: int, played: stories.Performance) -> Iterator[str]:
    """Give the lines after the run of an act.

    :param number: from 0
    """
    yield ''
    yield f'What must be true after the {_RUNS[number]} run'
    for verdict in played.verdicts:
        yield from _verdict(verdict)


def closing(
    story: stories.Story, played: Sequence[stories.Performance]
) -> Iterator[str]:
    """Give the lines at the end."""
    yield ''
    kept = all(each.kept for each in played)
    yield 'The promise was kept' if kept else 'THE PROMISE WAS BROKEN'
    yield from _paragraph(story.promise)


def document(
    story: stories.Story, played: Sequence[stories.Performance]
) -> as_json.Document:
    """Return a whole story as a JSON document."""
    return {
        'schema': SCHEMA,
        'fault': story.name,
        'description': story.description,
        'promise': story.promise,
        'kept': all(each.kept for each in played),
        'checks': [
            {
                'run': run,
                'of': verdict.whose,
                'text': verdict.text,
                'kept': verdict.kept,
                'seen': verdict.seen,
            }
            for run, each in enumerate(played, 1)
            for verdict in each.verdicts
        ],
        'runs': [each.left.document for each in played],
    }


def _verdict(verdict: promises.Verdict) -> list[str]:
    label = _LABELS[verdict.whose, verdict.kept]
    text = verdict.text
    if verdict.seen is not None:
        text += f'; seen instead: {plain.line(verdict.seen)}'
    return textwrap.wrap(
        text,
        as_text.WIDTH,
        initial_indent=f'  {label:<{_LABEL_WIDTH}}',
        subsequent_indent=' ' * (2 + _LABEL_WIDTH),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        as_text.WIDTH,
        initial_indent='  ',
        subsequent_indent='  ',
        break_on_hyphens=False,
    )
