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

"""Which release files are of, by their names: known before one is opened."""

from __future__ import annotations

from collections.abc import Sequence

from packaging import utils
from packaging import version as packaging_version

from openstack_publish.model import finding
from openstack_publish.model import names
from openstack_publish.rules import findings


def one_release(
    filenames: Sequence[str],
) -> tuple[tuple[names.ProjectName, str] | None, tuple[finding.Finding, ...]]:
    """Return the one release that files are of, by their names (OSP114).

    :param filenames: of sdists and wheels, without directories
    :returns: project and version, or None with findings that say why
    """
    releases: dict[
        tuple[names.ProjectName, packaging_version.Version], list[str]
    ] = {}
    wrong = []
    for filename in filenames:
        try:
            if filename.endswith('.whl'):
                name, version, _, _ = utils.parse_wheel_filename(filename)
            else:
                name, version = utils.parse_sdist_filename(filename)
        except (
            utils.InvalidWheelFilename,
            utils.InvalidSdistFilename,
        ) as error:
            wrong.append(
                findings.failed(
                    'OSP114',
                    filename,
                    f'which release it is of cannot be told: {error}',
                )
            )
            continue
        key = (names.ProjectName(name), version)
        releases.setdefault(key, []).append(filename)
    if len(releases) > 1:
        wrong.append(
            findings.failed(
                'OSP114',
                ', '.join(filenames),
                'the distributions are of more than one release: '
                + '; '.join(
                    f'{project} {version} ({", ".join(files)})'
                    for (project, version), files in releases.items()
                ),
            )
        )
    if wrong or not releases:
        return None, tuple(wrong)
    project, version = next(iter(releases))
    return (project, str(version)), ()
