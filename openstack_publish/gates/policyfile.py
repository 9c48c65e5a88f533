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

"""Finds and reads the policy.

A named policy goes before the one in the checkout of openstack/releases, and
that one before the policy that this package ships.
"""

from __future__ import annotations

import dataclasses
import os

from openstack_publish import exceptions
from openstack_publish.gates import yamlfile
from openstack_publish.gates.yamlfile import forms
from openstack_publish.model import policy


def read(
    explicit: str | None,
    releases: str | None,
    repository: str | None = None,
) -> policy.Policy:
    """Return the policy that holds.

    :param explicit: a file that was named; nothing else is looked at then
    :param releases: the checkout of openstack/releases
    :param repository: the name of the repository in use, whose entry in
        ``indexes`` is laid over the rest
    :raises Misconfigured: the file isn't there, or is no valid policy; every
        problem has file, line, column and key
    :raises Unavailable: the file cannot be read
    """
    found = source(explicit, releases)
    read_policy = forms.policy(found.content, found.shown, repository)
    return dataclasses.replace(
        read_policy,
        trusted=tuple(
            dataclasses.replace(
                key, file=os.path.join(found.directory, key.file)
            )
            if key.file is not None
            else key
            for key in read_policy.trusted
        ),
    )


@dataclasses.dataclass(frozen=True)
class Source:
    """The file of a policy, before it is understood."""

    content: bytes
    shown: str
    """What messages call it."""

    directory: str
    """What names of files in it are relative to."""


def source(explicit: str | None, releases: str | None) -> Source:
    """Return the file of the policy that holds, as of :func:`read`.

    :raises Misconfigured: the file isn't there
    :raises Unavailable: it cannot be read
    """
    if explicit is not None:
        if not os.path.isfile(explicit):
            raise exceptions.Misconfigured(
                f'there is no policy file {explicit}', explicit
            )
        return _from_file(explicit, explicit)
    if releases is not None:
        path = os.path.join(releases, policy.IN_CHECKOUT)
        if os.path.lexists(path):
            return _from_file(path, policy.IN_CHECKOUT)
    return Source(forms.shipped_content(), forms.SHIPPED, '')


def _from_file(path: str, shown: str) -> Source:
    try:
        content = yamlfile.content(path)
    except OSError as error:
        raise exceptions.Unavailable(
            f'reading the policy {path}', error.strerror or str(error)
        ) from error
    return Source(content, shown, os.path.dirname(path))
