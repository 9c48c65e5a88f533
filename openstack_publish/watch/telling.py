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

from openstack_publish.model import watching
from openstack_publish.render import as_feed
from openstack_publish.render import as_mail
from openstack_publish.render import incidents as rendered
from openstack_publish.rules import catalogue
from openstack_publish.seams import alerts


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

    def tell(self, letter: watching.Letter) -> None:
        """Tell one letter on every channel.

        :raises Unavailable: a channel did not take it; it is told again
        """
        if self._mailer is not None:
            self._mailer.send(
                as_mail.of_letter(
                    letter, self._envelope, _pages(letter.incidents)
                )
            )
        for incident in letter.incidents:
            self._files.append(
                json.dumps(rendered.of_occasion(letter, incident))
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
