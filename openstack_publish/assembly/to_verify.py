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
import hashlib
import os
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import seams
from openstack_publish import verify
from openstack_publish import version
from openstack_publish.assembly import on_cluster
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.assembly import verifiers
from openstack_publish.gates import clock
from openstack_publish.gates import journal
from openstack_publish.gates import policyfile
from openstack_publish.gates import projectconfig
from openstack_publish.gates import receiptfile
from openstack_publish.gates import workers
from openstack_publish.model import knowledge
from openstack_publish.model import receipt_form
from openstack_publish.proof import signatures
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
    :raises Unavailable: the checkout cannot be read, or gpg not be run; no
        scheduler answers
    """
    if configuration.scheduler is not None:
        on_cluster.check(configuration.scheduler)
    time = clock.SystemClock()
    rules = policyfile.read(
        configuration.policy, parts.releases(configuration)
    )
    if named is not None:
        rules = dataclasses.replace(rules, index=named.kind)
        configuration = _of_receipt(configuration, named)
    with contextlib.ExitStack() as stack:
        gates, terms = stack.enter_context(
            verifiers.built(configuration, rules, trusted, time, time.now())
        )
        crew = (
            workers.Threads(
                lambda: contextlib.nullcontext(gates), configuration.jobs
            )
            if configuration.scheduler is None
            else on_cluster.workers(configuration, trusted, terms, time)
        )
        yield Verifying(gates, terms, stack.enter_context(crew))


def held_against(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    tools: Verifying,
) -> dict[str, object]:
    """Return what decides over every release, by the digests of its files.

    The checkout itself is told by its HEAD; each row says where a file of it
    is not as committed.

    :raises Unavailable: something cannot be read
    """
    rules = policyfile.source(
        configuration.policy, parts.releases(configuration)
    )
    trust = signatures.trust(tools.gates.checkout, tools.terms.policy, trusted)
    head, config = tools.terms.head, configuration.project_config
    return {
        # Another version may judge the same otherwise.
        'version': version.VERSION,
        'head': head.value if isinstance(head, knowledge.Known) else None,
        'policy_sha256': hashlib.sha256(rules.content).hexdigest(),
        'key_sha256': journal.digests([*trust.files, *trust.named]),
        'project_config_sha256': (
            None
            if config is None
            else projectconfig.ProjectConfig(config).digest()
        ),
    }


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
