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

"""Many releases verified, several at once; a run can be stopped and go on."""

from __future__ import annotations

import dataclasses
import functools

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import documents
from openstack_publish.model import names
from openstack_publish.model import verification
from openstack_publish.model import verification_form
from openstack_publish.proof import selection
from openstack_publish.render import verified
from openstack_publish.seams import verifying
from openstack_publish.verify import releases
from openstack_publish.verify import request


@dataclasses.dataclass(frozen=True)
class Crew:
    """Who does the work, who watches it, and who writes it down."""

    workers: seams.Workers[request.Gates]
    observer: seams.Observer
    journal: verifying.Journal | None = None


def verify_many(
    selected: selection.Selection, terms: request.Terms, crew: Crew
) -> tuple[verification.Verification, ...]:
    """Verify the release of each order.

    What the journal has is not verified again, unless it could not be known:
    what did not answer then may answer now.

    :returns: in the order of the selection, first what gives no order
    :raises Misconfigured: the journal holds what no such run writes
    :raises Unavailable: the journal cannot be written
    """
    orders = selected.orders
    done = _before(crew.journal)
    rows: dict[int, verification.Verification] = {}
    open_ = []
    for position, order in enumerate(orders):
        before = done.get(key(order))
        if before is None or before.verdict == 'unknown':
            open_.append(position)
        else:
            rows[position] = before
    # What all are held against is a part of the work, and so is sent once.
    work = functools.partial(of_order, terms)
    things = [orders[position] for position in open_]
    for number, told in crew.workers.each(work, things):
        position = open_[number]
        rows[position] = told
        if crew.journal is not None:
            crew.journal.add(key(orders[position]), verified.document(told))
        crew.observer.counted('verifying releases', len(rows), len(orders))
    return (
        *map(_lacking, selected.lacking),
        *(rows[position] for position in range(len(orders))),
    )


def of_order(
    terms: request.Terms, gates: request.Gates, order: deliverable.Order
) -> verification.Verification:
    """Verify one release; whatever comes in between is a row that says so."""
    try:
        return releases.verify_order(gates, terms, order)
    except exceptions.PublishError as error:
        return unknown(order, error)


def unknown(
    order: deliverable.Order, error: exceptions.PublishError
) -> verification.Verification:
    """Return the row of an order that nothing could be found out about."""
    return verification.Verification(
        order.project,
        order.version,
        (verification.Link('order', 'unknown', str(error)),),
    )


def key(order: deliverable.Order) -> str:
    """Return what names an order, as long as it is the same order."""
    return f'{order.path} {order.repo} {order.version} {order.commit}'


def _before(
    journal: verifying.Journal | None,
) -> dict[str, verification.Verification]:
    """Return what was verified before, by key.

    :raises Misconfigured: it is nothing that verifying writes
    """
    if journal is None:
        return {}
    found = {}
    for name, row in journal.rows().items():
        try:
            found[name] = verification_form.read(row)
        except documents.Malformed as error:
            raise exceptions.Misconfigured(
                f'what the file has of {name!r} is no verification: {error}; '
                'name another file',
                where='--continue',
            ) from error
    return found


def _lacking(one: selection.Lacking) -> verification.Verification:
    """Return the row of something that gives no order."""
    return verification.Verification(
        names.ProjectName(one.name),
        None,
        (verification.link('order', one.findings, ()),),
        one.findings,
    )
