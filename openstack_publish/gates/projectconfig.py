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

"""Reads a checkout of openstack/project-config."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish.gates import yamlfile
from openstack_publish.model import publishing
from openstack_publish.model import publishing_form

DIRECTORY = 'zuul.d'
"""Where the repository has its Zuul configuration (2026-08-17)."""

_STANZA = re.compile(rb'\bproject(-template)?["\']?[ ]*:')
"""What a file has that says anything of a project. Files of jobs and secrets
have none and are not parsed."""


class ProjectConfig:
    """Fits :class:`~openstack_publish.seams.ProjectConfig`.

    :param root: the checkout's directory
    :raises Misconfigured: there is no such directory, or it is no checkout
        of project-config
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.abspath(root)
        if not os.path.isdir(os.path.join(self._root, DIRECTORY)):
            raise exceptions.Misconfigured(
                f'{root} is no checkout of openstack/project-config: there '
                f'is no directory {DIRECTORY} in it',
                root,
            )

    def read(self) -> publishing.Publishing:
        """Return which repositories publish.

        :raises Misconfigured: a file of it is malformed; every problem has
            file, line and column
        :raises Unavailable: it cannot be read
        """
        stanzas: list[publishing_form.Stanza] = []
        try:
            for path in self._paths():
                content = yamlfile.content(os.path.join(self._root, path))
                if _STANZA.search(content):
                    stanzas.extend(_stanzas(content, path))
        except OSError as error:
            raise exceptions.Unavailable(
                f'reading the Zuul configuration of {self._root}', str(error)
            ) from error
        if not stanzas:
            # Nothing published at all is not what such a checkout says: it
            # is another repository's, or an incomplete one.
            raise exceptions.Misconfigured(
                f'no file of {self._root}/{DIRECTORY} has a project',
                self._root,
            )
        return publishing_form.publishing_of(stanzas)

    def digest(self) -> str:
        """Return the SHA-256 of everything that :meth:`read` reads.

        :raises Unavailable: it cannot be read
        """
        found = hashlib.sha256()
        try:
            for path in self._paths():
                content = yamlfile.content(os.path.join(self._root, path))
                found.update(f'{path}\0{len(content)}\0'.encode())
                found.update(content)
        except OSError as error:
            raise exceptions.Unavailable(
                f'reading the Zuul configuration of {self._root}', str(error)
            ) from error
        return found.hexdigest()

    def _paths(self) -> Iterator[str]:
        """Give each YAML file, relative to the checkout, sorted.

        :raises OSError: a directory cannot be read
        """
        for directory, below, names in os.walk(
            os.path.join(self._root, DIRECTORY), onerror=_raise
        ):
            below.sort()
            for name in sorted(names):
                if name.endswith('.yaml'):
                    yield os.path.relpath(
                        os.path.join(directory, name), self._root
                    )


def _raise(error: OSError) -> None:
    """Raise what ``os.walk`` would pass over."""
    raise error


def _stanzas(content: bytes, path: str) -> tuple[publishing_form.Stanza, ...]:
    document = yamlfile.read(content, path, liberal=True)
    found: tuple[publishing_form.Stanza, ...] = ()
    problems = document.problems
    if document.readable:
        found, wrong = publishing_form.read(document.data, path)
        problems += wrong
    if problems:
        raise exceptions.Misconfigured(
            f'{path} of project-config is malformed',
            path,
            yamlfile.with_lines(content, problems, liberal=True),
        )
    return found
