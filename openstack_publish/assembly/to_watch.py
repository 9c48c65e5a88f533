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

"""What the watch needs."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
from collections.abc import Iterator
from typing import Literal

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import watch
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import alertfiles
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import history
from openstack_publish.gates import mailer
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import statefile
from openstack_publish.gates import upstream
from openstack_publish.gates import workers
from openstack_publish.gates.index import changelog
from openstack_publish.gates.index import updates
from openstack_publish.model import knowledge
from openstack_publish.model import policy
from openstack_publish.model import watching
from openstack_publish.render import as_mail
from openstack_publish.rules.watched import lifecycle
from openstack_publish.seams import alerts
from openstack_publish.watch import proving
from openstack_publish.watch import request as asked
from openstack_publish.watch import telling


@dataclasses.dataclass(frozen=True)
class Request:
    """What is asked of a watch, as plain values."""

    state: str
    source: Literal['feeds', 'changelog', 'auto'] = 'feeds'
    baseline: bool = False
    repeat: datetime.timedelta = datetime.timedelta(hours=24)
    heartbeat: datetime.timedelta | None = None
    fetches: bool = True
    trusted: tuple[str, ...] = ()
    mail_to: tuple[str, ...] = ()
    mail_from: str | None = None
    smtp: str = 'localhost:25'
    smtp_user: str | None = None
    smtp_password: str | None = dataclasses.field(default=None, repr=False)
    feed: str | None = None
    jsonl: str | None = None


@contextlib.contextmanager
def watching_with(
    configuration: settings.Configuration,
    request: Request,
    observer: seams.Observer,
) -> Iterator[watch.Watch]:
    """Build what the watch needs, and put it away at the end.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    place = parts.releases(configuration)
    rules = policyfile.read(configuration.policy, place)
    if rules.index != 'pypi':
        raise exceptions.Misconfigured(
            f'{rules.origin} says that the index is of kind {rules.index}, '
            'which has no roles, feeds or journal that could be watched',
            where='--policy',
        )
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    root = parts.read_url(configuration, None, rules.index).rstrip('/')
    orders = checkout.Checkout(place, runner)
    is_git = orders.head() != knowledge.Known(None)
    with contextlib.ExitStack() as stack:
        memory = stack.enter_context(
            statefile.StateFile(request.state, watches=True)
        )
        reader = stack.enter_context(parts.reader(configuration, time))
        originals = parts.originals(configuration, reader)
        prover = None
        if originals is not None:
            prover = proving.Prover(
                originals,
                orders,
                stack.enter_context(parts.verifier(runner)),
                request.trusted,
            )
            if request.trusted:
                # A wrong name is told now, not once a file comes.
                prover.keys(rules)
        yield watch.Watch(
            asked.Terms(
                request.source,
                request.repeat,
                request.heartbeat,
                request.baseline,
            ),
            asked.Gates(
                policy=functools.partial(
                    policyfile.read, configuration.policy, place
                ),
                workers=stack.enter_context(
                    workers.Threads(
                        lambda: _readers(configuration, time, rules),
                        configuration.jobs,
                    )
                ),
                updates=updates.RssUpdates(reader, root),
                changelog=changelog.XmlRpcChangelog(reader, root),
                checkout=orders,
                history=(history.History(place, runner) if is_git else None),
                upstream=(
                    upstream.Upstream(
                        place,
                        runner,
                        time,
                        fetches=request.fetches,
                    )
                    if is_git
                    else None
                ),
                config=(
                    None
                    if configuration.project_config is None
                    else projectconfig.ProjectConfig(
                        configuration.project_config
                    )
                ),
                prover=prover,
                memory=memory,
                teller=_teller(request, root),
                clock=time,
                observer=observer,
            ),
        )


def incidents(state: str) -> tuple[watching.Incident, ...]:
    """Return every incident of a watch, closed ones too.

    :raises Misconfigured: it is no state file
    :raises Unavailable: it cannot be read
    """
    with statefile.StateFile(state, watches=False) as memory:
        return tuple(memory.incidents().values())


def acknowledge(state: str, name: str, reason: str) -> watching.Incident:
    """Acknowledge an incident, also while a watch is at work.

    :raises Misconfigured: there is none of this id, or it is over
    :raises Unavailable: the state file cannot be written
    """
    with statefile.StateFile(state, watches=False) as memory:
        incident = memory.incidents().get(name)
        if incident is None or incident.state == 'closed':
            raise exceptions.Misconfigured(
                f'no incident {name} stands; "openstack-publish watch list" '
                'shows those that do',
                where='ID',
            )
        done = lifecycle.acknowledged(incident, reason)
        memory.write(alerts.Changed(incidents=(done,)))
        return done


@contextlib.contextmanager
def _readers(
    configuration: settings.Configuration,
    time: seams.Clock,
    rules: policy.Policy,
) -> Iterator[asked.Readers]:
    """Build the read side of the index, with a cache and without."""
    anew = dataclasses.replace(configuration, cache_dir=None)
    with (
        many.overviews(configuration, time, rules.index) as usual,
        many.overviews(anew, time, rules.index) as fresh,
    ):
        yield asked.Readers(usual, fresh)


def _teller(request: Request, root: str) -> telling.Channels:
    sender = None
    if request.mail_to:
        if request.mail_from is None:
            raise exceptions.Misconfigured(
                'mail needs somebody that it comes from', where='--mail-from'
            )
        host, port = _server(request.smtp)
        if (request.smtp_user is None) != (request.smtp_password is None):
            raise exceptions.Misconfigured(
                'to log in to the mail server takes user and password',
                where='--smtp',
            )
        sender = mailer.SmtpMailer(
            host,
            port,
            request.mail_from,
            request.mail_to,
            None
            if request.smtp_user is None or request.smtp_password is None
            else mailer.Account(request.smtp_user, request.smtp_password),
        )
    return telling.Channels(
        sender,
        alertfiles.AlertFiles(request.feed, request.jsonl),
        as_mail.Envelope(
            request.mail_from or 'openstack-publish@localhost',
            request.mail_to,
            root,
        ),
    )


def _server(text: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``, or of ``HOST`` alone."""
    host, colon, port = text.rpartition(':')
    if not colon:
        return text, mailer.PORT
    if not host or not (port.isascii() and port.isdigit()):
        raise exceptions.Misconfigured(
            f'{text!r} is no HOST:PORT', where='--smtp'
        )
    return host.strip('[]'), int(port)
