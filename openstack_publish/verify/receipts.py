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

"""Everything that a receipt names, verified again."""

from __future__ import annotations

import os
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import receipt_form
from openstack_publish.model import verification
from openstack_publish.rules import findings
from openstack_publish.rules import since_receipt
from openstack_publish.verify import chain
from openstack_publish.verify import evidence
from openstack_publish.verify import releases
from openstack_publish.verify import request
from openstack_publish.verify import signing


def verify_receipt(
    gates: request.Gates,
    terms: request.Terms,
    named: receipt_form.Named,
    path: str,
) -> verification.Verification:
    """Verify a release, and hold it against the receipt of it.

    Its originals are those of the archive; where none is at hand, the files
    that lie beside the receipt.

    :param path: where the receipt lies
    :raises Misconfigured: its repository has no name that an archive could
        have
    """
    release = releases.searched(gates, named.project, named.version)
    listed = gates.index.read_project(release.project, release.version)
    files = releases.files_of(listed)
    beside = [
        place
        for file in named.files
        if os.path.isfile(
            place := os.path.join(os.path.dirname(path), file.filename)
        )
    ]
    if gates.archive is None and beside:
        seen = evidence.of_files(gates, release.order, files, beside)
    elif release.order is None:
        seen = evidence.Evidence()
    else:
        kinds = terms.policy.of(release.project).release.kinds
        seen = evidence.of_archive(gates, release.order, files, kinds)
    originals = tuple(each.original for each in seen.examined)
    readings = {
        each.filename: each.signed.value
        for each in seen.examined
        if isinstance(each.signed, knowledge.Known)
    }
    more: Mapping[verification.LinkName, tuple[finding.Finding, ...]] = {
        'order': since_receipt.ordered(named, release.order),
        'archive': since_receipt.originals(named, originals),
        'signature': (
            *since_receipt.signatures(named, readings),
            *_own_signature(gates, terms, path),
        ),
        'index': since_receipt.listed(named, listed.release),
        'maintainers': since_receipt.roles(named, listed.maintainers),
    }
    return chain.Chain(gates, terms, release, listed, seen, more).told()


def _own_signature(
    gates: request.Gates, terms: request.Terms, path: str
) -> tuple[finding.Finding, ...]:
    """Judge the signature of the receipt itself."""
    name = os.path.basename(path)
    beside = gates.distributions.signature_of(path)
    if beside is None:
        return (
            findings.unknown(
                'OSP524',
                name,
                knowledge.Unknown(
                    'who wrote the receipt',
                    f'there is no {name}.asc beside it',
                ),
            ),
        )
    try:
        reading = gates.verifier.verify(beside, path)
    except exceptions.Unavailable as error:
        return (findings.unavailable('OSP513', name, error),)
    return signing.judged(terms, name, reading)
