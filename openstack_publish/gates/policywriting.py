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

"""Writes a policy that allows more than the one that holds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import cast

from openstack_publish import exceptions
from openstack_publish.gates import parts
from openstack_publish.gates import yamlfile
from openstack_publish.gates.yamlfile import forms
from openstack_publish.gates.yamlfile import writing
from openstack_publish.model import auditing
from openstack_publish.model import policy_layer

OPTION = '--write-policy'


def may_be_written(path: str) -> None:
    """Make sure that a policy can be written there.

    :raises Misconfigured: something is there already, and no policy that
        was reviewed is replaced; or there is no such directory
    """
    if os.path.lexists(path):
        raise exceptions.Misconfigured(
            f'{path} is there already, and nothing is overwritten; name '
            'another file, then compare and move it',
            where=OPTION,
        )
    place = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(place):
        raise exceptions.Misconfigured(
            f'{path}: there is no directory {place}', where=OPTION
        )


def write(
    path: str,
    content: bytes,
    shown: str,
    directory: str,
    allowances: Iterable[auditing.Allowance],
    repository: str,
) -> None:
    """Write a policy file that allows more.

    What else it says stays, its comments aside. What is written is read
    back before it gets its name.

    :param content: of the policy that holds; *shown* is what messages call
        it, and *directory* what names of files in it are relative to
    :param repository: the name of the repository in use
    :raises Misconfigured: there is a file at *path*, or the policy that
        holds is none
    :raises Unavailable: it cannot be written
    """
    may_be_written(path)
    forms.policy(content, shown, repository)
    data = cast('policy_layer.Data', yamlfile.read(content, shown).data)
    laid = policy_layer.laid_over(data, allowances, repository)
    here = os.path.dirname(os.path.abspath(path))
    for key in laid.get('keys', {}).get('trusted', []):
        if 'file' in key:
            key['file'] = os.path.relpath(
                os.path.join(os.path.abspath(directory), key['file']), here
            )
    told = (
        '# What holds, and exceptions for what an audit found; written by '
        'openstack-publish.\n'
    )
    written = (told + writing.text(laid)).encode('ascii')
    what = f'writing the policy {path}'
    try:
        forms.policy(written, path, repository)
        parts.put(path, written, replace=False)
    except exceptions.Misconfigured as error:
        raise exceptions.Unavailable(
            what,
            f'the index has names that no policy can hold: {error.message}',
        ) from error
    except FileExistsError:
        may_be_written(path)
    except OSError as error:
        raise exceptions.Unavailable(
            what, error.strerror or str(error)
        ) from error
