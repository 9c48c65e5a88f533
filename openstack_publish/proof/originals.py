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

"""The originals of a release: looked for in the archive, and looked at.

Each is at hand only while it is looked at, so that a run over many releases
needs no more room than one file takes.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import original_names
from openstack_publish.model import signature
from openstack_publish.model import verification
from openstack_publish.rules import findings
from openstack_publish.rules import links
from openstack_publish.rules import signed
from openstack_publish.rules import standings


@dataclasses.dataclass(frozen=True)
class Tools:
    """The archive, and what its signatures are judged with."""

    archive: seams.Originals
    verifier: seams.Verifier
    trusted: frozenset[names.Fingerprint]
    """Primary keys that may sign a release."""


@dataclasses.dataclass(frozen=True)
class Search:
    """What came of looking for one file under every name it may have."""

    asked: tuple[str, ...]
    found: knowledge.Knowledge[seams.Original | None]


@dataclasses.dataclass(frozen=True)
class Examined:
    """One original that was found, and what is to be said of it."""

    file: seams.Original
    reading: signature.SignatureReading | None
    """None where there is no signature, or it could not be looked at."""

    findings: tuple[finding.Finding, ...]
    """About its signature."""


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What the archive has of a release."""

    place: str
    examined: tuple[Examined, ...]
    looked: links.Looked

    @property
    def archived(self) -> standings.Archived:
        """Return it as the rules take it."""
        return standings.Archived(
            self.place,
            tuple(
                verification.Original(
                    one.file.filename,
                    one.file.url,
                    one.file.sha256,
                    one.file.signature_url,
                )
                for one in self.examined
            ),
            self.looked,
            {one.file.filename: one.findings for one in self.examined},
        )


@contextlib.contextmanager
def holding(
    archive: seams.Originals,
    order: deliverable.Order,
    kind: distribution.Kind,
    first: Iterable[str] = (),
) -> Iterator[Search]:
    """Have the original of a kind at hand, whatever it is called.

    An archive that does not answer for one name is not asked for the others.

    :param first: names that are likelier than those of today
    """
    asked = tuple(
        dict.fromkeys((*first, *original_names.candidates(order, kind)))
    )
    for name in asked:
        with archive.holding(order.repo, name) as held:
            if held != knowledge.Known(None):
                yield Search(asked, held)
                return
    yield Search(asked, knowledge.Known(None))


def examine(
    tools: Tools,
    order: deliverable.Order,
    kinds: Iterable[distribution.Kind],
) -> Evidence:
    """Look at every original of a release, one after the other."""
    examined = []
    looked: dict[
        distribution.Kind, tuple[tuple[str, ...], knowledge.Unknown | None]
    ] = {}
    for kind in sorted(kinds):
        with holding(tools.archive, order, kind) as search:
            found = search.found
            if isinstance(found, knowledge.Unknown):
                looked[kind] = (search.asked, found)
            elif found.value is None:
                looked[kind] = (search.asked, None)
            else:
                examined.append(_examined(tools, found.value))
    return Evidence(tools.archive.place, tuple(examined), looked)


def verified(
    archive: seams.Originals,
    verifier: seams.Verifier,
    file: seams.Original,
    signature_path: str,
) -> signature.SignatureReading:
    """Return what gpg says of a signature over the bytes that were read.

    :raises Unavailable: gpg could not be run, or the bytes changed
    """
    reading = verifier.verify(signature_path, file.path)
    # gpg reads the file by itself, and it must be what we have read.
    if not archive.unchanged(file):
        raise exceptions.Unavailable(
            f'whether the signature of {file.filename} is good',
            f'{file.url} changed while it was looked at',
        )
    return reading


def _examined(tools: Tools, file: seams.Original) -> Examined:
    if file.signature_path is None:
        return Examined(file, None, ())
    try:
        reading = verified(
            tools.archive, tools.verifier, file, file.signature_path
        )
    except exceptions.Unavailable as error:
        return Examined(
            file, None, (findings.unavailable('OSP513', file.filename, error),)
        )
    said = signed.signature(file.filename, reading, tools.trusted)
    return Examined(file, reading, said)
