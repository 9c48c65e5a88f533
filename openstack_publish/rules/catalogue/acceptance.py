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

"""3xx: what the index accepts.

The pages of one hundred in three modules: refusals of a file for what it is,
those for what the index holds already, and what it says of an order before
there are files.
"""

from __future__ import annotations

from openstack_publish.rules.catalogue import acceptance_form
from openstack_publish.rules.catalogue import acceptance_state
from openstack_publish.rules.catalogue import order_project
from openstack_publish.rules.catalogue.page import Page

PAGES: tuple[Page, ...] = tuple(
    sorted(
        (
            *acceptance_form.PAGES,
            *acceptance_state.PAGES,
            *order_project.PAGES,
        ),
        key=lambda page: page.code,
    )
)
