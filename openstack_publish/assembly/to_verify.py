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

"""What verifying needs."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import seams
from openstack_publish import verify
from openstack_publish.assembly import many
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import attestations
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import distfiles
from openstack_publish.gates import journal
from openstack_publish.gates import openpgp
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import receiptfile
from openstack_publish.gates import workers
from openstack_publish.gates import worktree
from openstack_publish.gates.index import signatures
from openstack_publish.model import receipt_form
from openstack_publish.seams import verifying


@dataclasses.dataclass(frozen=True)
class Verifying:
    """Everything that verifying needs."""

    gates: verify.Gates
    terms: verify.Terms
    workers: seams.Workers[verify.Gates]


@contextlib.contextmanager
def verification(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    named: receipt_form.Named | None = None,
) -> Iterator[Verifying]:
    """Build what verifying needs, and put it away at the end.

    :param trusted: fingerprints, and files of public keys
    :param named: what a receipt names: its index and its archive, where no
        others are
    :raises Misconfigured: something that was named isn't there or is wrong
    :raises Unavailable: the checkout cannot be read, or gpg not be run
    """
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    place = parts.releases(configuration)
    rules = policyfile.read(configuration.policy, place)
    if named is not None:
        rules = dataclasses.replace(rules, index=named.kind)
        configuration = _of_receipt(configuration, named)
    releases = checkout.Checkout(place, runner)
    url = parts.read_url(configuration, None, rules.index)
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        # A reader of its own: the two sites are asked side by side.
        archive = stack.enter_context(
            parts.reader(configuration, time, window=many.PATIENCE)
        )
        verifier = stack.enter_context(parts.verifier(runner))
        gates = verify.Gates(
            checkout=releases,
            index=stack.enter_context(
                parts.index_of(rules.index, reader, url)
            ),
            archive=parts.originals(
                parts.with_archive(configuration), archive
            ),
            distributions=distfiles.Distributions(),
            verifier=verifier,
            served=signatures.Served(reader),
            attestations=attestations.Provenances(reader),
        )
        terms = verify.terms(
            releases,
            worktree.WorkTree(place, runner),
            verifier,
            openpgp.CycleKeys(runner),
            rules,
            trusted,
            time.now(),
            (
                None
                if configuration.project_config is None
                else projectconfig.ProjectConfig(configuration.project_config)
            ),
        )
        yield Verifying(
            gates,
            terms,
            stack.enter_context(
                workers.Threads(
                    lambda: contextlib.nullcontext(gates), configuration.jobs
                )
            ),
        )


def written_down(
    path: str | None, run: Mapping[str, object]
) -> contextlib.AbstractContextManager[verifying.Journal | None]:
    """Return what a run writes down in a file; None where it writes nothing.

    :param run: what the run does: a file of another one is refused
    :raises Misconfigured: it is of another run, or in use
    :raises Unavailable: it cannot be read
    """
    if path is None:
        return contextlib.nullcontext()
    return journal.Journal(path, run)


def receipt(path: str) -> receipt_form.Named:
    """Read what a receipt names.

    :raises Misconfigured: it isn't there, or names no release
    """
    return receiptfile.read(path, '--receipt')


def _of_receipt(
    configuration: settings.Configuration, named: receipt_form.Named
) -> settings.Configuration:
    """Return the configuration with what a receipt names, if it is there.

    The archive of a release job is a directory of the job's own machine.
    """
    archive = configuration.archive or named.archive
    if archive is not None and configuration.archive is None:
        there = '://' in archive or os.path.isdir(archive)
        archive = archive if there else None
    return dataclasses.replace(
        configuration,
        archive=archive,
        read_url=configuration.read_url or named.read_url,
    )
