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

"""Runs git, gpg and the build for a rehearsal, untouched by the user's own.

Nothing of the user's configuration has a part in it: no git identity, no
hooks, no signing of commits, no key ring.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.assembly import extras
from openstack_publish.gates import processes

EXTRA = 'rehearsal'
"""The extra of this distribution that a rehearsal needs."""

BUILD_TIMEOUT = 300.0
"""Longest build of one package, in seconds; it takes 2 to 3."""

_GIT = (
    'git',
    '-c',
    'user.name=openstack-publish rehearsal',
    '-c',
    'user.email=rehearsal@example.org',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'tag.gpgSign=false',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.autocrlf=false',
)


class Programs:
    """Runs programs and takes any failure for the end of the rehearsal.

    :param environment: the user's environment, of which the programs see the
        harmless part
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._processes = processes.Processes(
            {
                **environment,
                'GIT_CONFIG_GLOBAL': '/dev/null',
                'GIT_CONFIG_SYSTEM': '/dev/null',
            }
        )

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: str | None = None,
        timeout: float = processes.TIMEOUT,
    ) -> str:
        """Run a program and return what it printed.

        :param timeout: in seconds
        :raises Unavailable: it could not be run, or it failed
        """
        finished = self._processes.run(command, cwd=cwd, timeout=timeout)
        if finished.returncode != 0:
            said = finished.stderr.strip() or 'it said nothing'
            raise exceptions.Unavailable(
                f'running {" ".join(command)}',
                f'it ended with {finished.returncode}: {said}',
            )
        return finished.stdout.decode('utf-8', 'backslashreplace')

    def git(self, directory: str, *arguments: str) -> str:
        """Run git in a directory and return what it printed.

        :raises Unavailable: git isn't installed, or it failed
        """
        return self.run([*_GIT, *arguments], cwd=directory).strip()

    def build(self, source: str, target: str) -> None:
        """Build a source tree as a release job does: sdist, wheel of it.

        The build uses this interpreter and what is installed for it, so
        that a rehearsal needs no network.

        :raises Misconfigured: the extra isn't installed
        :raises Unavailable: the build failed
        """
        require_extra()
        self.run(
            [
                sys.executable,
                '-m',
                'build',
                '--no-isolation',
                '--outdir',
                target,
                source,
            ],
            # Not in the source tree: its directory build/ would be imported
            # in the place of the package of that name.
            cwd=target,
            timeout=BUILD_TIMEOUT,
        )


def require_extra() -> None:
    """Check that everything which only a rehearsal needs is installed.

    :raises Misconfigured: something isn't, or is too old
    """
    extras.require(EXTRA, 'a rehearsal')
