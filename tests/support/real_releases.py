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

"""The real data of openstack/releases, where it is at hand."""

from __future__ import annotations

import os
import pathlib

import testtools

_ROOT = pathlib.Path(__file__).parents[2]
_BESIDE = _ROOT.parent / 'shared' / 'data' / 'releases'
_CONFIG_BESIDE = _BESIDE.parent / 'project-config'


def directory() -> pathlib.Path:
    """Return the checkout of openstack/releases to test with.

    :raises TestSkipped: there is none; the reason says how to give one
    """
    named = os.environ.get('OPENSTACK_RELEASES_DIR')
    if named:
        return pathlib.Path(named)
    if _BESIDE.is_dir():
        return _BESIDE
    raise testtools.TestCase.skipException(
        'needs a checkout of openstack/releases of 2026-08-21: name one in '
        'OPENSTACK_RELEASES_DIR'
    )


def project_config() -> pathlib.Path:
    """Return the checkout of openstack/project-config to test with.

    :raises TestSkipped: there is none; the reason says how to give one
    """
    named = os.environ.get('OPENSTACK_PROJECT_CONFIG_DIR')
    if named:
        return pathlib.Path(named)
    if _CONFIG_BESIDE.is_dir():
        return _CONFIG_BESIDE
    raise testtools.TestCase.skipException(
        'needs a checkout of openstack/project-config of 2026-08-17: name '
        'one in OPENSTACK_PROJECT_CONFIG_DIR'
    )
