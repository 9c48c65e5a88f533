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

"""Times that the watch's rules go by."""

from __future__ import annotations

import datetime

GRACE = datetime.timedelta(hours=2)
"""The archive gets a release after the index does (the job's playbooks run
in this order), and an ordered one is to be on the index within this time."""

OLD = datetime.timedelta(hours=24)
"""A file that comes later than this after the first of its release was not
uploaded by the job that made the release."""

SKEW = datetime.timedelta(hours=1)
"""So far the clocks of index and watch may be apart."""

UNREAD = datetime.timedelta(hours=6)
"""A project that cannot be read for longer is told: nobody watches it."""


def spelled(when: datetime.datetime) -> str:
    """Return a time as messages have it, UTC."""
    return when.astimezone(datetime.UTC).strftime('%Y-%m-%dT%H:%M:%SZ')
