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

"""Every seam to the outside, once.

Those that one use-case alone has are in :mod:`.alerts` (the watch) and
:mod:`.verifying`.

A gate is a class under :mod:`openstack_publish.gates` that fits one of these
protocols. Gates raise :class:`~openstack_publish.exceptions.Misconfigured`
and :class:`~openstack_publish.exceptions.Unavailable` and nothing else;
where a method returns :data:`~openstack_publish.model.knowledge.Knowledge`
it does not raise ``Unavailable`` either.
"""

from __future__ import annotations

from openstack_publish.seams.files import Archive
from openstack_publish.seams.files import ArchivedFile
from openstack_publish.seams.files import CheckedFile
from openstack_publish.seams.files import Copies
from openstack_publish.seams.files import Distributions
from openstack_publish.seams.files import Original
from openstack_publish.seams.files import Originals
from openstack_publish.seams.files import Progress
from openstack_publish.seams.files import Receipts
from openstack_publish.seams.files import SignedFile
from openstack_publish.seams.files import SourceTree
from openstack_publish.seams.files import Wanted
from openstack_publish.seams.index import Accounts
from openstack_publish.seams.index import Cache
from openstack_publish.seams.index import CachedAnswer
from openstack_publish.seams.index import Credentials
from openstack_publish.seams.index import Index
from openstack_publish.seams.index import Probe
from openstack_publish.seams.index import UploadAnswer
from openstack_publish.seams.index import Uploader
from openstack_publish.seams.keys import CycleKeys
from openstack_publish.seams.keys import GnuPG
from openstack_publish.seams.keys import Signer
from openstack_publish.seams.keys import Verifier
from openstack_publish.seams.orders import Changes
from openstack_publish.seams.orders import Checkout
from openstack_publish.seams.orders import DeliverableReading
from openstack_publish.seams.orders import FileChange
from openstack_publish.seams.orders import History
from openstack_publish.seams.orders import OrderHistory
from openstack_publish.seams.orders import OrderSearch
from openstack_publish.seams.orders import ProjectConfig
from openstack_publish.seams.orders import Tags
from openstack_publish.seams.orders import WorkTree
from openstack_publish.seams.running import Clock
from openstack_publish.seams.running import Observer
from openstack_publish.seams.running import Workers

__all__ = [
    'Accounts',
    'Archive',
    'ArchivedFile',
    'Cache',
    'CachedAnswer',
    'Changes',
    'CheckedFile',
    'Checkout',
    'Clock',
    'Copies',
    'Credentials',
    'CycleKeys',
    'DeliverableReading',
    'Distributions',
    'FileChange',
    'GnuPG',
    'History',
    'Index',
    'Observer',
    'OrderHistory',
    'OrderSearch',
    'Original',
    'Originals',
    'Probe',
    'Progress',
    'ProjectConfig',
    'Receipts',
    'SignedFile',
    'Signer',
    'SourceTree',
    'Tags',
    'UploadAnswer',
    'Uploader',
    'Verifier',
    'Wanted',
    'WorkTree',
    'Workers',
]
