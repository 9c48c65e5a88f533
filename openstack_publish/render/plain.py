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

"""Makes untrusted text harmless for a terminal, a log or a mail.

Strings from an index, an archive or a file may hold escape sequences,
line breaks, or characters that turn the writing direction. They are shown,
never obeyed.
"""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({'Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zl', 'Zp'})
"""Unicode categories that steer a display instead of showing something:
controls, format characters (bidirectional overrides among them),
surrogates, private use, unassigned, line and paragraph separators."""

LONGEST = 4096
"""Longest piece of untrusted text that is shown, in characters."""


def line(text: str) -> str:
    """Return *text* as one line in which everything can be seen.

    >>> line('red' + chr(27) + '[31m')
    'red\\\\x1b[31m'
    """
    shown = text[:LONGEST]
    if not shown.isprintable():
        shown = ''.join(_shown(character) for character in shown)
    if len(text) > LONGEST:
        shown += f'… ({len(text) - LONGEST} more characters)'
    return shown


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode('unicode_escape').decode('ascii')
