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

"""Every code that a finding may carry, each with its page.

One module a hundred: 1xx order, 2xx distributions, 3xx acceptance by the
index, 4xx maintainers, 5xx keys and signatures, 6xx credentials,
7xx delivery and confirmation, 8xx incidents of the watch.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish.rules.catalogue import acceptance
from openstack_publish.rules.catalogue import confirmation
from openstack_publish.rules.catalogue import credentials
from openstack_publish.rules.catalogue import distributions
from openstack_publish.rules.catalogue import incidents
from openstack_publish.rules.catalogue import maintainers
from openstack_publish.rules.catalogue import order
from openstack_publish.rules.catalogue import signatures
from openstack_publish.rules.catalogue.page import Page

__all__ = ['HUNDREDS', 'Page', 'page', 'pages']

HUNDREDS: Mapping[str, tuple[str, Sequence[Page]]] = {
    'OSP1': ('Order', order.PAGES),
    'OSP2': ('Distributions', distributions.PAGES),
    'OSP3': ('Acceptance by the index', acceptance.PAGES),
    'OSP4': ('Maintainers', maintainers.PAGES),
    'OSP5': ('Keys and signatures', signatures.PAGES),
    'OSP6': ('Credentials', credentials.PAGES),
    'OSP7': ('Delivery and confirmation', confirmation.PAGES),
    'OSP8': ('Incidents', incidents.PAGES),
}
"""What codes begin with, what they are about, and their pages."""

_PAGES = {page.code: page for _, pages in HUNDREDS.values() for page in pages}


def pages() -> tuple[Page, ...]:
    """Return every page, by code."""
    return tuple(_PAGES[code] for code in sorted(_PAGES))


def page(code: str) -> Page:
    """Return the page of a code.

    :raises KeyError: no such code
    """
    return _PAGES[code]
