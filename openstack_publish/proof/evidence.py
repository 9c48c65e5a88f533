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

"""Steps 1 to 4: what was ordered, what was built, what is there.

Nothing is judged by anything but itself here, and nothing is written.
"""

from __future__ import annotations

import contextlib
import os

from openstack_publish import exceptions
from openstack_publish.model import deliverable
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import policy as policies
from openstack_publish.model import series
from openstack_publish.proof import adoption
from openstack_publish.proof import comparison
from openstack_publish.proof import distributions
from openstack_publish.proof import run as runs
from openstack_publish.rules import contents
from openstack_publish.rules import findings
from openstack_publish.rules import order_fit
from openstack_publish.rules import ordered
from openstack_publish.rules import readable
from openstack_publish.rules import readme


def read_order(run: runs.Run) -> None:
    """Step 1: find the one order for these distributions.

    :raises Misconfigured: a place or a file that was named isn't there
    """
    with run.step(1) as step:
        try:
            run.paths = distributions.found(
                run.gates.distributions, run.request.places
            )
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP201', 'distributions', error)])
            return
        named, found = order_fit.one_release(
            [os.path.basename(path) for path in run.paths]
        )
        run.say(found)
        if named is not None:
            run.project, run.version = named
        run.version = run.request.version or run.version
        try:
            _find_order(run)
        except exceptions.Unavailable as error:
            run.say([findings.unavailable('OSP102', run.subject, error)])
        if run.order is not None:
            _hold_against_git(run, run.order)
            step.found = _ordered(run.order)


def read_distributions(run: runs.Run) -> None:
    """Step 2: read each distribution, once."""
    with run.step(2) as step:
        read = []
        for path in run.paths:
            dist, found = distributions.read(
                run.gates.distributions, path, run.gates.observer
            )
            run.say(found)
            if dist is not None:
                read.append(dist)
        run.distributions = tuple(read)
        run.say(readable.readable(run.distributions))
        run.say(contents.contents(run.distributions))
        for dist in run.distributions:
            if dist.project is not None and dist.metadata is not None:
                run.project = dist.project
                run.version = run.request.version or dist.metadata.version
                break
        step.found = ', '.join(
            f'{dist.filename} ({dist.size} bytes)'
            for dist in run.distributions
        )


def hold_against_order(run: runs.Run) -> None:
    """Step 3: are the distributions what was ordered?"""
    with run.step(3) as step:
        dists, policy = run.distributions, run.project_policy
        run.say(readable.one_release(dists))
        if len(dists) == len(run.paths) > 0:
            # Of a file that could not be read nobody knows what it is.
            run.say(order_fit.kinds_agree(dists, policy.release.kinds))
        if run.order is None:
            step.outcome = 'not-done'
            step.found = 'there is no order to hold them against'
            if finding.worst(tuple(run.findings)) is None:
                # Why there is none was waived; that makes no order.
                run.say(ordered.no_order(run.subject))
            return
        run.say(order_fit.agree(run.order, dists, policy))
        run.say(comparison.with_source(run))


def read_index(run: runs.Run) -> None:
    """Step 4: read what the index and the archive hold."""
    with run.step(4) as step:
        if run.project is None or run.version is None:
            step.outcome = 'not-done'
            step.found = 'which project to read is not known'
            return
        with contextlib.ExitStack() as meanwhile:
            if run.gates.index.kind == 'pypi':
                # Step 5 renders what step 2 has read.
                meanwhile.enter_context(readme.loading())
            run.listed = run.gates.index.read_project(run.project, run.version)
        step.found = _listed(run)
        if _in_the_dark(run.listed, run.gates.index.kind):
            step.outcome = 'unknown'
        run.archived = in_archive(run)
        if run.request.on_existing == 'adopt':
            adoption.adopt(run)


def in_archive(
    run: runs.Run,
) -> dict[str, knowledge.Knowledge[str | None]]:
    """Return the digests of what the archive has placed, by file name."""
    archive, order = run.gates.archive, run.order
    placed: dict[str, knowledge.Knowledge[str | None]] = {}
    if archive is None or order is None:
        return placed
    for dist in run.distributions:
        found = archive.find(order.repo, dist.filename)
        if isinstance(found, knowledge.Unknown):
            placed[dist.filename] = found
        else:
            placed[dist.filename] = knowledge.Known(
                None if found.value is None else found.value.sha256
            )
    return placed


def _find_order(run: runs.Run) -> None:
    """Set the run's order, or say why there is none."""
    checkout, request = run.gates.checkout, run.request
    if request.deliverable is not None:
        path = checkout.relative(request.deliverable)
        reading = checkout.read_deliverable(path)
        run.say(ordered.problems(reading.problems))
        if reading.deliverable is None:
            return
        orders = _orders_in(reading.deliverable, run)
    elif run.project is None or run.version is None:
        return
    else:
        search = checkout.find_orders(run.project, run.version, request.repo)
        run.say(ordered.problems(search.problems))
        orders = search.orders
        if not orders and search.problems:
            return
    if not orders and _published_without(run):
        return
    project = run.project or (orders[0].project if orders else None)
    if project is None or run.version is None:
        return
    run.order, found = ordered.one_order(
        project, run.version, orders, request.repo
    )
    run.say(found)


def _orders_in(
    file: deliverable.Deliverable, run: runs.Run
) -> tuple[deliverable.Order, ...]:
    """Return the orders of the run's release in one file, best first."""
    orders = tuple(
        deliverable.Order(file, release, repo)
        for release in file.releases
        for repo in release.repos
        if run.version is not None
        and names.same_version(release.version, run.version)
        and run.request.repo in (None, repo.repo)
    )
    ours = tuple(order for order in orders if order.project == run.project)
    return ours or orders


def _published_without(run: runs.Run) -> bool:
    """Order what the policy lets be published though no file orders it."""
    repo, commit = run.request.repo, run.request.commit
    if repo is None or run.version is None:
        return False
    for entry in run.project_policy.release.without_deliverable:
        if not entry.covers(repo):
            continue
        if commit is None:
            raise exceptions.Misconfigured(
                f'{repo} is published without a deliverable file, so the '
                'commit that was tagged must be named with --commit',
                where='--commit',
            )
        what = deliverable.ReleasedRepo(repo, commit)
        run.order = deliverable.Order(
            None, deliverable.Release(run.version, (what,)), what
        )
        run.say(ordered.without_deliverable(repo, entry))
        return True
    return False


def _hold_against_git(run: runs.Run, order: deliverable.Order) -> None:
    """Is the order what was merged, and what was tagged?"""
    run.say(ordered.remarks(order))
    run.say(ordered.asked_commit(order, run.request.commit))
    if order.deliverable is None:
        return
    checkout = run.gates.checkout
    head = checkout.head()
    if isinstance(head, knowledge.Known):
        run.order_commit = head.value
    if run.order_commit is not None:
        for path in _deciding(run):
            run.say(
                ordered.decided(
                    path, checkout.as_committed(path), run.order_commit
                )
            )
    run.say(
        ordered.committed(
            order, checkout.as_committed(order.deliverable.path), head
        )
    )


def _deciding(run: runs.Run) -> list[str]:
    """Return the files of the checkout that decide over the release."""
    deciding = []
    if run.terms.policy.origin == policies.IN_CHECKOUT:
        deciding.append(policies.IN_CHECKOUT)
    if run.gates.checkout.read_series():
        deciding.append(series.STATUS_FILE)
    return deciding


def _ordered(order: deliverable.Order) -> str:
    if order.deliverable is None:
        return f'{order.repo} at {order.commit}, by the policy'
    return f'{order.deliverable.path}: {order.repo} at {order.commit}'


def _in_the_dark(listed: listing.Listing, kind: listing.IndexKind) -> bool:
    """Say whether the index left open what its kind can say.

    What that means is judged in the steps that need it.
    """
    parts: tuple[object, ...] = (listed.new, listed.files, listed.release)
    if kind == 'pypi':
        parts += (listed.status, listed.maintainers)
    return any(isinstance(part, knowledge.Unknown) for part in parts)


def _listed(run: runs.Run) -> str:
    """Say what the listing holds, in one line."""
    listed = run.listed
    if listed is None:
        return ''
    if listed.new == knowledge.Known(True):
        return f'{listed.project} is new'
    words = []
    match listed.release:
        case knowledge.Known(value=files):
            words.append(f'{len(files)} files of {listed.version}')
        case knowledge.Unknown(why=why):
            words.append(f'files of {listed.version} unknown: {why}')
    match listed.status:
        case knowledge.Known(value=status):
            words.append(status)
        case knowledge.Unknown(why=why):
            words.append(f'status unknown: {why}')
    return f'{listed.project}: ' + ', '.join(words)
