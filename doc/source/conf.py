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

"""Configuration of Sphinx; nothing in it reaches the network."""

from __future__ import annotations

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / '_ext'))

project = 'openstack-publish'
copyright = '2026, OpenStack Contributors'  # noqa: A001  Sphinx's name
extensions = [
    'command_options',
    'fault_stories',
    'finding_pages',
    'openstackdocstheme',
    'zuul_sphinx',
]
exclude_patterns: list[str] = []
nitpicky = True

# The reference of the command line is the manual page, too; what only one of
# the two has stands under "only" there.
man_pages = [
    (
        'reference/cli',
        project,
        'publish an OpenStack release on PyPI and prove it',
        ['OpenStack Contributors'],
        1,
    )
]

html_theme = 'openstackdocs'
openstackdocs_repo_name = 'openstack/openstack-publish'
openstackdocs_pdf_link = False
openstackdocs_auto_name = False
openstackdocs_auto_version = True
openstackdocs_use_storyboard = False
