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

"""The real checkouts that some benchmarks read, where they are there."""

from __future__ import annotations

import os
import pathlib

BOTH = (
    'needs checkouts of openstack/releases and project-config: name them in '
    'OPENSTACK_RELEASES_DIR and OPENSTACK_PROJECT_CONFIG_DIR'
)
"""Why a row was not run that needs both."""

_BESIDE = pathlib.Path(__file__).parents[2] / 'shared' / 'data'


def releases() -> pathlib.Path | None:
    """Return the checkout of openstack/releases; None where there is none."""
    return _place('OPENSTACK_RELEASES_DIR', 'releases')


def project_config() -> pathlib.Path | None:
    """Return that of openstack/project-config; None where there is none."""
    return _place('OPENSTACK_PROJECT_CONFIG_DIR', 'project-config')


def _place(variable: str, beside: str) -> pathlib.Path | None:
    named = os.environ.get(variable)
    place = pathlib.Path(named) if named else _BESIDE / beside
    return place if place.is_dir() else None
