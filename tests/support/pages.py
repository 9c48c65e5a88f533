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

"""Pages of the documentation, parts of which a program writes."""

from __future__ import annotations

import pathlib
import textwrap
from collections.abc import Iterable
from collections.abc import Iterator

WIDTH = 79
"""Characters of a line, of those that doc8 allows."""


def write_between(
    page: pathlib.Path, begin: str, end: str, lines: Iterable[str]
) -> None:
    """Put lines between two marks of a page.

    :raises ValueError: the page has no such marks
    """
    before, after = around(page, begin, end)
    summary = '\n'.join(lines)
    page.write_text(f'{before}{begin}\n\n{summary}\n\n{end}{after}', 'utf-8')


def around(page: pathlib.Path, begin: str, end: str) -> tuple[str, str]:
    """Return what stands before and after two marks of a page.

    :raises ValueError: the page has no such marks
    """
    before, mark, rest = page.read_text('utf-8').partition(begin)
    _, closing, after = rest.partition(end)
    if not mark or not closing:
        raise ValueError(f'{page} has no marks to write between')
    return before, after


def list_table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """Give the lines of a table in reStructuredText."""
    yield '.. list-table::'
    yield '   :header-rows: 1'
    yield ''
    for row in (head, *rows):
        for number, field in enumerate(row):
            sign = '*' if number == 0 else ' '
            yield from wrapped(field, f'   {sign} - ') or [f'   {sign} -']


def wrapped(text: str, lead: str = '') -> list[str]:
    """Return a paragraph's lines, the first after what leads it."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=' ' * len(lead),
        break_on_hyphens=False,
    )
