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

"""The two exceptions that a gate may raise.

Each means another action of the reader::

    PublishError
    ├── Misconfigured   they typed or wrote something wrong: mend it (exit 2)
    └── Unavailable     we could not look: try again, or look by hand (exit 3)

What is *wrong with a release* is no exception: rules say it as findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openstack_publish.model import located


class PublishError(Exception):
    """Root of everything that this package raises on purpose."""


class Misconfigured(PublishError):
    """Usage or configuration is wrong; nothing was tried.

    :param message: what is wrong and what to do, in one sentence
    :param where: the option, environment variable or file it is about
    :param problems: where a file has several, each with its place
    """

    def __init__(
        self,
        message: str,
        where: str | None = None,
        problems: tuple[located.Problem, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.problems = problems

    @property
    def told(self) -> str:
        """Message behind what it is about, a file that it names but once."""
        named = self.where is None or (
            not self.where.startswith('-') and self.where in self.message
        )
        return self.message if named else f'{self.where}: {self.message}'


class Unavailable(PublishError):
    """Something outside did not answer, or not in a form that we can read.

    :param what: what we wanted to know or do ("roles of os-vif on PyPI")
    :param cause: why it could not be had, with the limit that was hit
    """

    def __init__(self, what: str, cause: str) -> None:
        super().__init__(f'{what}: {cause}')
        self.what = what
        self.cause = cause

    def __reduce__(self) -> tuple[type[Unavailable], tuple[str, str]]:
        """Return how another process makes it: of its parts, not its text."""
        return type(self), (self.what, self.cause)
