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

"""What looking at many projects needs: check, status and audit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from openstack_publish import seams
from openstack_publish.assembly import parts
from openstack_publish.assembly import settings
from openstack_publish.gates import cache
from openstack_publish.model import listing

PATIENCE = 120.0
"""Longest wait for an index that has too much to do, in seconds. A pause is
short beside a run of minutes, and spares it rows that are unknown."""


@contextlib.contextmanager
def overviews(
    configuration: settings.Configuration,
    time: seams.Clock,
    kind: listing.IndexKind,
) -> Iterator[seams.Index]:
    """Build what reads the overviews of many projects; threads may share it.

    It is PyPI unless another index is named, as nothing is uploaded. Not
    more than ``jobs`` exchanges run at once, and what is kept in
    ``cache_dir`` is sent again only where it changed.

    :raises Misconfigured: what was named isn't there, or may not be read
    """
    url = parts.read_url(configuration, None, kind)
    kept = (
        None
        if configuration.cache_dir is None
        else cache.DirectoryCache(configuration.cache_dir)
    )
    with (
        parts.reader(configuration, time, window=PATIENCE) as reader,
        parts.index_of(kind, reader, url, kept) as index,
    ):
        yield index
