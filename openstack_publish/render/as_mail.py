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

"""Letters of the watch as mail (RFC 5322, plain text).

What comes from an index passes :func:`openstack_publish.render.plain.line`
before it stands anywhere, and the headers are built by :mod:`email`, which
refuses a line break: nothing can add a header or a recipient.
"""

from __future__ import annotations

import dataclasses
import email.message
import email.policy
import email.utils
import textwrap
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import watching
from openstack_publish.render import moment
from openstack_publish.render import plain

WIDTH = 72
SUBJECT = 120
"""Longest subject, in characters."""

PREFIX = '[openstack-publish]'

_BEGINNINGS = {
    'opened': '',
    'stands': 'still: ',
    'closed': 'closed: ',
    'alive': '',
}


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What a code means, out of its page."""

    title: str
    what: str
    why: str


@dataclasses.dataclass(frozen=True)
class Envelope:
    """What stands on every mail."""

    sender: str
    recipients: tuple[str, ...]
    web_root: str
    """Web root of the index, without a slash at its end."""

    @property
    def domain(self) -> str:
        """Return what Message-IDs end with."""
        return self.sender.rpartition('@')[2] or 'localhost'


def message_id(key: str, envelope: Envelope) -> str:
    """Return the Message-ID of a letter: the same letter has the same."""
    return f'<{key}@{envelope.domain}>'


def of_letter(
    letter: watching.Letter,
    envelope: Envelope,
    pages: Mapping[str, Explanation],
) -> bytes:
    """Return a letter as a message, ready for a mail server.

    :param pages: of every code that the letter tells of
    """
    # Not every server takes bytes of 8 bits (RFC 6152).
    message = email.message.EmailMessage(
        policy=email.policy.SMTP.clone(cte_type='7bit')
    )
    message['From'] = envelope.sender
    message['To'] = ', '.join(envelope.recipients)
    message['Subject'] = subject(letter, pages)
    message['Date'] = email.utils.format_datetime(letter.written)
    message['Message-ID'] = message_id(letter.key, envelope)
    roots = list(
        dict.fromkeys(
            message_id(incident.thread, envelope)
            for incident in letter.incidents
            if incident.thread and incident.thread != letter.key
        )
    )
    if roots:
        message['In-Reply-To'] = roots[0]
        message['References'] = ' '.join(roots)
    message['Auto-Submitted'] = 'auto-generated'
    message['Precedence'] = 'list'
    if letter.occasion == 'opened' and _urgent(letter):
        message['Importance'] = 'high'
    message.set_content(text(letter, envelope.web_root, pages))
    return message.as_bytes()


def subject(letter: watching.Letter, pages: Mapping[str, Explanation]) -> str:
    """Return what a letter is about, in one line."""
    beginning = _BEGINNINGS[letter.occasion]
    match letter.incidents:
        case ():
            said = 'the watch is alive'
        case (incident,):
            condition = incident.condition
            about = (
                condition.about
                if condition.account is None
                else (condition.account)
            )
            said = f'{condition.code} {condition.project}'
            if about and len(about) <= SUBJECT // 2:
                said += f' {about}'
            said += f': {pages[condition.code].title}'
        case incidents:
            said = (
                f'{len(incidents)} incidents about the account '
                f'{letter.about} at once'
            )
            beginning = f'URGENT: {beginning}'
    line = plain.line(f'{PREFIX} {beginning}{said}')
    return textwrap.shorten(line, SUBJECT, placeholder=' …')


def text(
    letter: watching.Letter,
    web_root: str,
    pages: Mapping[str, Explanation],
) -> str:
    """Return what a letter says: what happened, what it means, what to do."""
    lines = list(_lines(letter, web_root, pages))
    return '\n'.join(lines) + '\n'


def _lines(
    letter: watching.Letter,
    web_root: str,
    pages: Mapping[str, Explanation],
) -> Iterator[str]:
    if not letter.incidents:
        yield 'The watch is alive.'
        yield ''
        yield from _filled(letter.about)
        return
    if len(letter.incidents) > 1:
        yield from _filled(
            f'{len(letter.incidents)} things happened at once that are about '
            f'the account {letter.about}. One of them might be a mistake; '
            'so many look like a password or a token in the wrong hands.'
        )
        yield ''
    for incident in letter.incidents:
        yield from _incident(incident, letter.occasion, web_root)
        yield ''
    for code in dict.fromkeys(
        incident.condition.code for incident in letter.incidents
    ):
        page = pages[code]
        yield f'What {code} means'
        yield from _filled(page.what, '  ')
        yield from _filled(page.why, '  ')
        yield ''
    if letter.occasion != 'closed':
        yield 'To hear no more of it while it stands:'
        for incident in letter.incidents:
            yield (
                '  openstack-publish watch ack --state FILE '
                f'{incident.id} --reason TEXT'
            )


def _incident(
    incident: watching.Incident,
    occasion: watching.Occasion,
    web_root: str,
) -> Iterator[str]:
    condition = incident.condition
    found = condition.finding
    yield (
        f'{condition.code} {found.severity}, incident {incident.id}, opened '
        f'{moment.rfc3339(incident.opened)}'
    )
    yield from _filled(found.message, '  ')
    if occasion == 'closed':
        ended = (
            '' if incident.closed is None else moment.rfc3339(incident.closed)
        )
        yield (
            f'  It stands no more, or the project is ours no more: {ended}.'
        )
        return
    yield '  What to do now:'
    yield from _filled(found.remedy, '    ')
    for what, path in (
        ('roles', f'/manage/project/{condition.project}/collaboration/'),
        ('yank, delete', f'/manage/project/{condition.project}/releases/'),
        ('project', f'/project/{condition.project}/'),
    ):
        yield f'    {what + ":":<14}{web_root}{path}'


def _filled(words: str, indent: str = '') -> Sequence[str]:
    return textwrap.wrap(
        plain.line(words),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _urgent(letter: watching.Letter) -> bool:
    return len(letter.incidents) > 1 or any(
        incident.condition.finding.severity == 'error'
        for incident in letter.incidents
    )
