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

"""The audit as a static site.

:func:`site` turns an audit into files: pages, chart, stylesheet, script. It
needs the extra ``site`` of this distribution (Jinja2 and pygal), so this
package is imported only where a site is wanted.

Every string from outside passes through :mod:`openstack_publish.render.plain`
and then through Jinja2's escaping, whatever a template does with it; see
:mod:`.environment`.
"""

from __future__ import annotations

from openstack_publish.render.as_html.pages import site

__all__ = ['site']
