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

"""The releases that the documentation's examples speak of.

They are ordered in a checkout, built, signed by the key of the day, and in an
archive; their history in git is a commit long.
"""

from __future__ import annotations

import atexit
import datetime
import functools
import os
import pathlib
import shutil
import tempfile
from collections.abc import Mapping

from openstack_publish.rehearsal import programs
from openstack_publish.rehearsal import signing_key
from tests.support import artifacts
from tests.support import gitrepo
from tests.support import out_there

PROJECT = 'os-vif'
VERSION = '5.2.0'

_RELEASES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    # The last ones of each file: what, its team, its version.
    'hibiscus': (
        ('nova', 'nova', '34.0.0'),
        ('os-vif', 'nova', VERSION),
        ('oslo.config', 'oslo', '10.3.0'),
        ('oslo.db', 'oslo', '17.4.0'),
    ),
    'gazpacho': (('oslo.config', 'oslo', '10.1.0'),),
    '_independent': (('pbr', 'oslo', '7.1.3'),),
}

_SERIES_STATUS = """\
---
- name: hibiscus
  release-id: {year}.2
  status: development
  initial-release: {end}
  signing-key:
    key: {fingerprint}
    start: {start}
    end: present
- name: gazpacho
  release-id: {year}.1
  status: maintained
  initial-release: {start}
"""


@functools.cache
def made_once() -> tuple[pathlib.Path, signing_key.ThrowAwayKey]:
    """Make what every desk begins with, once a process."""
    place = pathlib.Path(tempfile.mkdtemp(prefix='osp-'))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    key = signing_key.make(
        str(place),
        programs.Programs(os.environ),
        'OpenStack Infra (Hibiscus Cycle) <infra-root@example.org>',
    )
    today = datetime.datetime.now(datetime.UTC).date()
    upstream = place / 'upstream'
    releases = upstream / 'releases'
    gitrepo.write(
        releases,
        'data/series_status.yaml',
        _SERIES_STATUS.format(
            fingerprint=key.fingerprint.lower(),
            year=today.year,
            start=today,
            end=today + datetime.timedelta(days=182),
        ),
    )
    static = releases / 'doc' / 'source' / 'static'
    static.mkdir(parents=True)
    shutil.copy(key.public_file, static)
    paths = []
    for series, files in _RELEASES.items():
        for name, team, version in files:
            gitrepo.write(
                releases,
                f'deliverables/{series}/{name}.yaml',
                deliverable(name, team, version),
            )
            paths += build(place / 'archive', name, version)
    out_there.sign(key, paths)
    config = upstream / 'project-config'
    names = {name for files in _RELEASES.values() for name, _, _ in files}
    gitrepo.write(
        config,
        'zuul.d/projects.yaml',
        ''.join(
            f'- project:\n    name: openstack/{name}\n'
            '    templates: [publish-to-pypi]\n'
            for name in sorted(names)
        ),
    )
    for repository in (releases, config):
        made = gitrepo.GitRepository(repository)
        with made:
            made.commit()
    return place, key


def deliverable(name: str, team: str, *versions: str) -> str:
    """Return a deliverable file that orders versions."""
    return (
        f'---\nteam: {team}\ntype: library\nlaunchpad: {name}\n'
        'repository-settings:\n'
        f'  openstack/{name}: {{}}\n'
        'releases:\n'
    ) + ''.join(
        f"  - version: '{version}'\n    projects:\n"
        f'      - repo: openstack/{name}\n'
        f'        hash: {out_there.commit(name + version)}\n'
        for version in versions
    )


def build(archive: pathlib.Path, name: str, version: str) -> list[str]:
    """Build a release into the archive."""
    place = archive / 'openstack' / name
    place.mkdir(parents=True, exist_ok=True)
    short = out_there.commit(name + version)[:8]
    return [
        artifacts.write_sdist(str(place), name, version, git_version=short),
        artifacts.write_wheel(str(place), name, version, git_version=short),
    ]
