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

"""Configuration of Sphinx for the release notes."""

from __future__ import annotations

import pathlib

# pbr writes what reno has found into an sdist, and leaves it in the checkout.
# reno 4.1 then reads that and no note that was written since.
_root = pathlib.Path(__file__).resolve().parents[2]
if (_root / '.git').exists():
    (_root / 'releasenotes/notes/reno.cache').unlink(missing_ok=True)

project = 'openstack-publish release notes'
copyright = '2026, OpenStack Contributors'  # noqa: A001  Sphinx's name
extensions = ['openstackdocstheme', 'reno.sphinxext']

html_theme = 'openstackdocs'
openstackdocs_repo_name = 'openstack/openstack-publish'
openstackdocs_auto_name = False
# Release notes are one set for all versions.
openstackdocs_auto_version = False
openstackdocs_use_storyboard = False
release = ''
version = ''
