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

"""Verifying on the workers of a cluster."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import verify
from openstack_publish.assembly import extras
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.assembly import verifiers
from openstack_publish.gates import clock
from openstack_publish.gates import cluster
from openstack_publish.gates import policyfile
from openstack_publish.model import knowledge

if TYPE_CHECKING:
    from openstack_publish.gates.cluster import shared


def check(address: str) -> None:
    """Make sure that a cluster may be used, before anything is read for it.

    :raises Misconfigured: it is no address, or may not be used; or what it
        needs isn't installed
    """
    cluster.check(address)
    extras.require(cluster.EXTRA, 'verifying on a cluster', cluster.OPTION)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How a worker builds its gates; it is sent there, and holds no secret.

    :param configuration: what was asked for, with absolute paths
    :param trusted: fingerprints, and files of public keys
    :param terms: what releases are held against here
    :param policy: SHA-256 of the policy's file here
    """

    configuration: settings.Configuration
    trusted: tuple[str, ...]
    terms: verify.Terms
    policy: str

    @contextlib.contextmanager
    def __call__(
        self, environment: Mapping[str, str]
    ) -> Iterator[verify.Gates]:
        """Build the gates on a worker, and put them away.

        :param environment: of the worker
        :raises Misconfigured: what is there is not what is here
        :raises Unavailable: it cannot be read there
        """
        configuration = dataclasses.replace(
            self.configuration, environment=environment
        )
        rules = policyfile.read(
            configuration.policy, parts.releases(configuration)
        )
        with verifiers.built(
            configuration,
            rules,
            self.trusted,
            clock.SystemClock(),
            self.terms.now,
        ) as (gates, terms):
            self._hold(terms, _policy(configuration))
            yield gates

    def _hold(self, theirs: verify.Terms, theirs_policy: str) -> None:
        """Compare what a worker reads with what was read here.

        :raises Misconfigured: they differ
        """
        place = f'the checkout {self.configuration.releases}'
        ours = self.terms
        if theirs.head != ours.head:
            raise _differs(
                place, 'HEAD at', _shown(theirs.head), _shown(ours.head)
            )
        if theirs_policy != self.policy:
            raise _differs('the policy', 'SHA-256', theirs_policy, self.policy)
        if theirs.changed != ours.changed:
            raise _differs(
                place,
                'files that are not as committed:',
                _shown(theirs.changed),
                _shown(ours.changed),
            )
        if theirs.trusted != ours.trusted:
            raise _differs(
                'what may sign',
                'the keys',
                ', '.join(sorted(theirs.trusted)),
                ', '.join(sorted(ours.trusted)),
            )
        for what, name in (
            ('the list of series', 'series'),
            ('what gpg tells of the keys', 'keys'),
            ('the checkout of project-config', 'publishing'),
        ):
            mine, other = getattr(ours, name), getattr(theirs, name)
            if mine != other:
                raise _differs(what, 'SHA-256', _digest(other), _digest(mine))


def workers(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    terms: verify.Terms,
    time: seams.Clock,
) -> shared.Cluster[verify.Gates]:
    """Return the workers of the cluster that was named; enter it to use it.

    :raises Misconfigured: the address is none that may be used
    :raises Unavailable: the policy cannot be read
    """
    from openstack_publish.gates.cluster import shared

    assert configuration.scheduler is not None
    return shared.Cluster(
        configuration.scheduler,
        recipe(configuration, trusted, terms),
        verify.unknown,
        time,
        configuration.jobs,
    )


def recipe(
    configuration: settings.Configuration,
    trusted: tuple[str, ...],
    terms: verify.Terms,
) -> Recipe:
    """Return what workers are told: only what verifying needs.

    Tokens, passphrases, signing keys and the environment stay here; paths
    are absolute, as a worker has a current directory of its own.

    :raises PublishError: the policy cannot be read
    """
    archive = configuration.archive
    told = settings.Configuration(
        releases=_absolute(configuration.releases),
        project_config=_absolute(configuration.project_config),
        policy=_absolute(configuration.policy),
        read_url=configuration.read_url,
        cert=_absolute(configuration.cert),
        client_cert=_absolute(configuration.client_cert),
        archive=(
            archive
            if archive is None or '://' in archive
            else _absolute(archive)
        ),
        timeout=configuration.timeout,
        jobs=configuration.jobs,
    )
    return Recipe(
        told,
        tuple(map(_absolute_file, trusted)),
        terms,
        _policy(configuration),
    )


def _policy(configuration: settings.Configuration) -> str:
    """Return the SHA-256 of the policy that holds.

    :raises PublishError: it cannot be read
    """
    found = policyfile.source(
        configuration.policy, parts.releases(configuration)
    )
    return hashlib.sha256(found.content).hexdigest()


def _absolute(path: str | None) -> str | None:
    return None if path is None else os.path.abspath(path)


def _absolute_file(item: str) -> str:
    """Return a file's absolute path; what is no file is a fingerprint."""
    return os.path.abspath(item) if os.path.isfile(item) else item


def _shown(value: knowledge.Knowledge[object]) -> str:
    match value:
        case knowledge.Unknown():
            return f'unknown ({value.why})'
        case knowledge.Known(frozenset() as paths):
            return ', '.join(sorted(paths)) or 'none'
        case _:
            return str(value.value or 'none')


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _differs(
    what: str, measure: str, theirs: str, ours: str
) -> exceptions.Misconfigured:
    return exceptions.Misconfigured(
        f'{what} is another one there: {measure} {theirs} there, and '
        f'{measure} {ours} here; make them the same',
        where=cluster.OPTION,
    )
