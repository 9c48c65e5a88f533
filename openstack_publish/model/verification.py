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

"""What verifying a release that is out there says, link by link.

The chain leads from the order to what users install. Each link held, failed
or could not be known; what one link says never covers for another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Literal

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.model import verdicts

LinkName = Literal[
    'order',
    'archive',
    'signature',
    'index',
    'commit',
    'files',
    'time',
    'maintainers',
]
Held = Literal['held', 'failed', 'unknown']


@dataclasses.dataclass(frozen=True)
class Original:
    """One file of a release as it was signed."""

    filename: str
    place: str
    """Where it is: a path or a URL."""

    sha256: str | None
    """None where it could not be read."""

    signature: str | None
    """Where its ``.asc`` is, if there is one."""


@dataclasses.dataclass(frozen=True)
class Attested:
    """What is known of the PEP 740 attestations of a file."""

    said: str
    """Who published it, or why that could not be verified."""

    install: str | None = None
    """What would tell more, if that isn't installed."""


@dataclasses.dataclass(frozen=True)
class Link:
    """One link of the chain."""

    name: LinkName
    verdict: Held
    detail: str
    """What was seen, or what is wrong, for a reader."""


@dataclasses.dataclass(frozen=True)
class Verification:
    """One release and its chain."""

    project: names.ProjectName | None
    """None where not even this could be told."""

    version: str | None
    links: tuple[Link, ...] = ()
    """In the order of the chain. A link that cannot exist is left out, and a
    note among the findings says why: an index of kind ``plain`` names no
    maintainers, a tag such as ``victoria-eol`` has no files."""

    findings: tuple[finding.Finding, ...] = ()

    @property
    def verdict(self) -> Held:
        """Return what all links amount to; a failed one outranks all."""
        seen = {link.verdict for link in self.links}
        if not seen:
            # Nothing said is nothing good.
            seen.add('unknown')
        seen.add(verdicts.of(self.findings))
        if 'failed' in seen:
            return 'failed'
        if 'unknown' in seen:
            return 'unknown'
        return 'held'


def link(
    name: LinkName,
    found: Iterable[finding.Finding],
    held: Sequence[str],
    not_looked: Sequence[str] = (),
) -> Link:
    """Return a link as its findings have it.

    :param held: what was seen, where nothing is wrong
    :param not_looked: what could not be looked at because another link does
        not hold; without a finding of its own, since that one has it
    """
    said = tuple(found)
    verdict = verdicts.of(said)
    if verdict == 'held' and not_looked:
        verdict = 'unknown'
    told = [
        f'{each.subject}: {each.message}'
        for each in said
        if each.refuses and each.verdict == verdict
    ]
    if verdict == 'unknown':
        told += not_looked
    elif verdict == 'held':
        told += [*held, *(each.message for each in said)]
    return Link(name, verdict, '; '.join(part for part in told if part))
