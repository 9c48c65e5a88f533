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


"""Which files are new.

Only what appeared since the watch began is judged: what was there before is
history, and of the history many releases are ordered by no file.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from openstack_publish.model import listing
from openstack_publish.model import watching
from openstack_publish.rules.watched import moments


def new_files(
    before: watching.Snapshot | None,
    now: watching.Snapshot,
    begun: datetime.datetime,
    asked: Collection[str] = (),
) -> tuple[listing.ListedFile, ...]:
    """Return the files that are to be judged.

    What the index received before the watch began is new only where a file
    of its name was known with other bytes: what was hidden for a while (a
    release in quarantine) is history like the rest.

    :param before: what was known; None of a project first seen now, of
        which only what came since the watch began is new
    :param begun: when the watch began, UTC
    :param asked: names of files that could not be judged before, or that an
        incident stands for
    """
    known: dict[str, str | None] | None = None
    if before is not None and before.files is not None:
        known = {file.filename: file.sha256 for file in before.files}

    def is_new(file: listing.ListedFile) -> bool:
        if known is not None and file.filename in known:
            return known[file.filename] != file.sha256
        if file.uploaded is None:
            # Of a project first seen now nobody could say which are old.
            return known is not None
        if known is not None:
            return file.uploaded > begun - moments.SKEW
        return file.uploaded > begun

    return tuple(
        file
        for file in now.files or ()
        if file.filename in asked or is_new(file)
    )
