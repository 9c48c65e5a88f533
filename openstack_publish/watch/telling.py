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

"""Tells incidents on every channel: mail, lines of JSON, a feed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from collections.abc import Iterable

from openstack_publish import exceptions
from openstack_publish.model import watching
from openstack_publish.render import as_feed
from openstack_publish.render import as_mail
from openstack_publish.render import incidents as rendered
from openstack_publish.rules import catalogue
from openstack_publish.seams import alerts

LINES = 'jsonl'
"""What the file of lines is called among those who have a letter; the others
are addresses."""


class Channels:
    """Fits :class:`~openstack_publish.seams.alerts.Teller`.

    :param mailer: None where nobody wants mail
    :param files: the feed and the lines of JSON
    """

    def __init__(
        self,
        mailer: alerts.Mailer | None,
        files: alerts.AlertFiles,
        envelope: as_mail.Envelope,
    ) -> None:
        self._mailer = mailer
        self._files = files
        self._envelope = envelope

    def tell(
        self,
        letter: watching.Letter,
        taken: Collection[str],
        refusing: Collection[str],
    ) -> alerts.Handed:
        """Tell one letter on every channel that has not taken it yet."""
        has = set(taken)
        failures = []
        if LINES not in has:
            try:
                self._files.append(
                    [
                        json.dumps(rendered.of_occasion(letter, incident))
                        for incident in letter.incidents
                    ]
                )
                has.add(LINES)
            except exceptions.Unavailable as error:
                failures.append(str(error))
        refused: frozenset[str] = frozenset()
        wanted: tuple[str, ...] = ()
        answers = True
        if self._mailer is not None:
            wanted = self._mailer.recipients
            try:
                posted = self._post(self._mailer, letter, has, refusing)
            except exceptions.Unavailable as error:
                failures.append(str(error))
                answers = False
            else:
                has |= posted.taken
                refused = frozenset(posted.refused)
                failures += [
                    f'mail to {recipient}: the server answers {words}'
                    for recipient, words in posted.refused.items()
                ]
                if posted.why is not None:
                    failures.append(f'mail "{letter.key}": {posted.why}')
        return alerts.Handed(
            frozenset(has),
            has.issuperset({LINES, *wanted}),
            tuple(failures),
            refused,
            delayed=not has.intersection(wanted or (LINES,)),
            answers=answers,
        )

    def _post(
        self,
        mailer: alerts.Mailer,
        letter: watching.Letter,
        has: Collection[str],
        refusing: Collection[str],
    ) -> alerts.Posted:
        """Mail a letter to whoever has not got it.

        :raises Unavailable: the mail server does not answer
        """
        recipients = [
            recipient
            for recipient in mailer.recipients
            if recipient not in has and recipient not in refusing
        ]
        if not recipients:
            return alerts.Posted()
        return mailer.send(
            as_mail.of_letter(
                letter, self._envelope, _pages(letter.incidents)
            ),
            recipients,
        )

    def show(
        self,
        incidents: Collection[watching.Incident],
        now: datetime.datetime,
    ) -> None:
        """Show all incidents in the feed.

        :raises Unavailable: it cannot be written
        """
        self._files.replace_feed(
            as_feed.of_incidents(
                incidents, self._envelope.web_root, _pages(incidents), now
            )
        )


def _pages(
    incidents: Iterable[watching.Incident],
) -> dict[str, as_mail.Explanation]:
    found = {}
    for incident in incidents:
        page = catalogue.page(incident.condition.code)
        found[page.code] = as_mail.Explanation(page.title, page.what, page.why)
    return found
