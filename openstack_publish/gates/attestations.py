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

"""PEP 740 attestations of files on PyPI, verified without asking anybody.

The library is an extra, ``attestations``: OpenStack publishes none, so it is
needed only by whoever wants to know who did. It verifies with the roots that
it ships; what was revoked since it was released it does not know.
"""

from __future__ import annotations

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.model import listing
from openstack_publish.model import verification

EXTRA = 'openstack-publish[attestations]'

INTEGRITY = 'application/vnd.pypi.integrity.v1+json'
"""Media type of what PyPI says of a file's attestations (PEP 740)."""

MAX_PROVENANCE = 16 * 1024 * 1024
"""Largest provenance document, in bytes; one has some 20 kB."""


class Provenances:
    """Fits :class:`~openstack_publish.seams.verifying.Attestations`.

    :param reader: asks the index; may be shared
    """

    def __init__(self, reader: web.Web) -> None:
        self._web = reader

    def read(self, file: listing.ListedFile) -> verification.Attested:
        """Return who published a file, as far as that can be verified."""
        try:
            import pypi_attestations
        except ImportError:
            return verification.Attested(
                'who published it was not verified', EXTRA
            )
        if file.provenance is None or file.sha256 is None:
            return verification.Attested(
                'who published it cannot be verified: the index states '
                'neither where they are nor which bytes it has'
            )
        try:
            body = self._body(file.provenance)
            provenance = pypi_attestations.Provenance.model_validate_json(body)
            dist = pypi_attestations.Distribution(
                name=file.filename, digest=file.sha256
            )
            publishers = []
            for bundle in provenance.attestation_bundles:
                for attestation in bundle.attestations:
                    attestation.verify(bundle.publisher, dist, offline=True)
                # A bundle may be empty, and proves nothing then.
                if bundle.attestations:
                    publishers.append(_named(bundle.publisher.model_dump()))
        except exceptions.PublishError as error:
            return verification.Attested(f'they cannot be read: {error}')
        # pydantic's and sigstore's own exceptions, and what certificates
        # and keys raise that somebody else wrote.
        except Exception as error:  # noqa: BLE001
            return verification.Attested(f'they do not verify: {error}')
        if not publishers:
            return verification.Attested('there is none in the document')
        return verification.Attested(
            'verified; published by ' + ' and by '.join(publishers)
        )

    def _body(self, url: str) -> bytes:
        """Return the provenance document.

        :raises Misconfigured, Unavailable: it cannot be had
        """
        answer = self._web.get(
            url, accept=INTEGRITY, max_bytes=MAX_PROVENANCE, fresh=True
        )
        if answer.status != 200:
            raise exceptions.Unavailable(
                url, f'the server answers {answer.status}'
            )
        return answer.body


def _named(publisher: dict[str, object]) -> str:
    """Return a publisher as ``GitHub (repository example/x, …)``."""
    fields = ', '.join(
        f'{key} {value}'
        for key, value in publisher.items()
        if key != 'kind' and value is not None
    )
    return f'{publisher.get("kind")} ({fields})'
