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

"""What options and environment say, as plain values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

READ_TIMEOUT = 60.0
"""Longest wait for a part of an answer, in seconds."""

JOBS = 8
"""Most projects, and most connections, at once."""


@dataclasses.dataclass(frozen=True)
class Configuration:
    """What options and environment say, as plain values."""

    releases: str | None = None
    project_config: str | None = None
    policy: str | None = None
    repository: str = 'pypi'
    repository_url: str | None = None
    read_url: str | None = None
    config_file: str = '~/.pypirc'
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    cert: str | None = None
    client_cert: str | None = None
    non_interactive: bool = True
    attestations: bool = False
    sign_key: str | None = None
    gnupg_home: str | None = None
    sign_key_file: str | None = None
    passphrase: str | None = dataclasses.field(default=None, repr=False)
    archive: str | None = None
    source_tree: str | None = None
    timeout: float = READ_TIMEOUT
    jobs: int = JOBS
    scheduler: str | None = None
    """Of a Dask cluster; None where the work is done here."""

    cache_dir: str | None = None
    """Where documents of the index are kept; None for nowhere."""

    environment: Mapping[str, str] = dataclasses.field(
        default_factory=dict, repr=False
    )
