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

"""The start tags of an HTML page, in the time that its length allows.

A page of a simple index is somebody else's text, and all that is wanted of
it are a few attributes. The standard library's parser takes the square of
the length over a page of unfinished tags (54 s for 64 KiB of ``<a``, Python
3.11.7, seen 2026-11-22), and parsers that build a tree do so over nested
elements. What is here follows the tokenizer of the HTML standard (section
13.2.5), looks at no character more than a few times, and refuses a page that
ends within a tag instead of guessing what was meant.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator
from collections.abc import Mapping

_TAG = re.compile(r'<(/?)([a-zA-Z][^\s/>]*+)')
_GAP = re.compile(r'[\s/]*+')
_NAME = re.compile(r'=?[^\s/>=]*+')
_EQUALS = re.compile(r'\s*+=\s*+')
_UNQUOTED = re.compile(r'[^\s>]*+')

# Elements whose content is text, whatever it looks like (13.2.6.4), with
# the end that closes them.
_TEXT = {
    name: re.compile(f'</{name}(?=[\\s/>])', re.IGNORECASE)
    for name in (
        'iframe',
        'noembed',
        'noframes',
        'script',
        'style',
        'textarea',
        'title',
        'xmp',
    )
}


class Unfinished(ValueError):
    """A page ends where it may not."""


@dataclasses.dataclass(frozen=True)
class Tag:
    """A start tag."""

    name: str
    """Lower case."""

    attributes: Mapping[str, str]
    """Names in lower case, values without character references."""

    text: str
    """What stands behind it, up to the next tag, without space around."""


def start_tags(page: str) -> Iterator[Tag]:
    """Give the start tags of a page in their order.

    :raises Unfinished: the page ends within a tag or a comment, or holds a
        character reference with thousands of digits
    """
    at = 0
    while (at := page.find('<', at)) >= 0:
        if page.startswith('<!--', at):
            # "<!-->" is a whole comment.
            at = _behind(page, '-->', at + 2)
            continue
        found = _TAG.match(page, at)
        if found is None:
            if page.startswith(('<!', '<?', '</'), at):
                at = _behind(page, '>', at)
            else:
                at += 1
            continue
        attributes, at = _attributes(page, found.end())
        if found[1]:
            continue
        name = found[2].lower()
        if name in _TEXT:
            end = _TEXT[name].search(page, at)
            at = len(page) if end is None else end.start()
        behind = page.find('<', at)
        text = page[at : len(page) if behind < 0 else behind]
        yield Tag(name, attributes, _unescaped(text).strip())


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    """Read a tag from behind its name, and say where it ends."""
    found: dict[str, str] = {}
    while True:
        at = _end(_GAP, page, at)
        if at == len(page):
            raise Unfinished('it ends within a tag')
        if page[at] == '>':
            return found, at + 1
        begin, at = at, _end(_NAME, page, at)
        name, value = page[begin:at].lower(), ''
        equals = _EQUALS.match(page, at)
        if equals is not None:
            value, at = _value(page, equals.end())
        # Of two attributes of one name the first counts.
        found.setdefault(name, _unescaped(value))


def _value(page: str, at: int) -> tuple[str, int]:
    quote = page[at : at + 1]
    if quote in ('"', "'"):
        end = _behind(page, quote, at + 1)
        return page[at + 1 : end - 1], end
    end = _end(_UNQUOTED, page, at)
    return page[at:end], end


def _behind(page: str, mark: str, at: int) -> int:
    found = page.find(mark, at)
    if found < 0:
        raise Unfinished(f'it ends before the {mark} that has to come')
    return found + len(mark)


def _end(pattern: re.Pattern[str], page: str, at: int) -> int:
    found = pattern.match(page, at)
    return at if found is None else found.end()


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError as error:
        # Python converts at most 4300 digits at once.
        raise Unfinished('it refers to a character of no number') from error
