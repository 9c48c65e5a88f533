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

"""Tells the files of a release: which listed ones, and which there must be."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import original_names
from openstack_publish.model import publishing
from openstack_publish.rules import links
from openstack_publish.verify import evidence


def ours(
    seen: evidence.Evidence,
    order: deliverable.Order | None,
    listed: Sequence[listing.ListedFile],
    unasked: Collection[distribution.Kind],
) -> tuple[frozenset[str], Mapping[str, knowledge.Unknown]]:
    """Return the names of a release's own files.

    An archive tells them. Of a kind of which it has none, or did not answer,
    the only listed file is ours that is called as the order has it; of
    several that are, one may have been planted.

    :param unasked: kinds of which no archive was asked
    :returns: the names, and files of which it cannot be known
    """
    found = {each.filename for each in seen.examined} | seen.also
    dark = dict(seen.dark)
    kinds = {*unasked, *seen.looked, *map(links.kind_of, dark)}
    for kind in sorted(kinds - {links.kind_of(name) for name in found}):
        if order is None:
            break
        candidates = original_names.candidates(order, kind)
        named = [
            file.filename for file in listed if file.filename in candidates
        ]
        if len(named) == 1:
            found.update(named)
            continue
        for filename in named:
            dark.setdefault(
                filename,
                knowledge.Unknown(
                    'whether it is the file that was built',
                    f'the index lists {", ".join(named)}, and no archive '
                    'says which of them it is',
                ),
            )
    return frozenset(found), dark


def lacking(
    seen: evidence.Evidence, listed: listing.Listing, reach: publishing.Reach
) -> links.Looked:
    """Return the kinds that the archive lacks.

    Of a project that is not on the index, and that nothing says should be,
    it is not known whether there are to be files of a kind.
    """
    if reach.answer == 'yes' or listed.new != knowledge.Known(True):
        return seen.looked
    return {
        kind: (
            asked,
            why
            or knowledge.Unknown(
                f'whether there should be a {links.KINDS[kind]}',
                'the archive has none, and the index has no such project; '
                + reach.why,
            ),
        )
        for kind, (asked, why) in seen.looked.items()
    }
