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

"""Times as the contract writes them."""

from __future__ import annotations

import datetime


def rfc3339(moment: datetime.datetime) -> str:
    """Return a time as RFC 3339 in UTC with Z, to the second.

    >>> rfc3339(datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC))
    '2026-03-01T00:00:00Z'
    """
    utc = moment.astimezone(datetime.UTC)
    return utc.strftime('%Y-%m-%dT%H:%M:%SZ')
