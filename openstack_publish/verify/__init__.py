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

"""Verify releases that are out there, link by link.

What one release is held against stands in :mod:`.chain`, what it is made of
in :mod:`.evidence`. Nothing is written anywhere, and nothing is believed
because it was true before: each run reads everything anew.
"""

from __future__ import annotations

from openstack_publish.verify.receipts import verify_receipt
from openstack_publish.verify.releases import by_release
from openstack_publish.verify.releases import verify_files
from openstack_publish.verify.releases import verify_order
from openstack_publish.verify.releases import verify_release
from openstack_publish.verify.request import Gates
from openstack_publish.verify.request import Terms
from openstack_publish.verify.request import terms
from openstack_publish.verify.several import Crew
from openstack_publish.verify.several import unknown
from openstack_publish.verify.several import verify_many

__all__ = [
    'Crew',
    'Gates',
    'Terms',
    'by_release',
    'terms',
    'unknown',
    'verify_files',
    'verify_many',
    'verify_order',
    'verify_receipt',
    'verify_release',
]
