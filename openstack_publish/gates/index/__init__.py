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

"""The read side of indexes: PyPI's, and that of plain simple indexes."""

from __future__ import annotations

from openstack_publish.gates.index.plain import PlainIndex
from openstack_publish.gates.index.pypi import PypiIndex

__all__ = ['PlainIndex', 'PypiIndex']
