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

"""Saved audits: written whole or not at all, believed whole or not at all."""

from __future__ import annotations

import os

from openstack_publish import exceptions
from openstack_publish.gates import parts
from openstack_publish.model import audit_form
from openstack_publish.model import auditing
from openstack_publish.model import documents
from openstack_publish.model import located

LIMIT = 64 * 1024 * 1024
"""Largest saved audit that is read, in bytes; one has some 500 for each
project."""


def may_be_written(path: str, option: str) -> None:
    """Make sure that there is a directory for the file.

    :param option: that names it
    :raises Misconfigured: there is none, or it is itself a directory
    """
    place = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(place):
        raise exceptions.Misconfigured(
            f'{path}: there is no directory {place}', where=option
        )
    if os.path.isdir(path):
        raise exceptions.Misconfigured(f'{path} is a directory', where=option)


def write(path: str, text: str) -> None:
    """Put a saved audit in its place; an older one of that name goes.

    :raises Unavailable: it cannot be written
    """
    try:
        parts.put(path, text.encode())
    except OSError as error:
        raise exceptions.Unavailable(
            f'saving the audit as {path}', error.strerror or str(error)
        ) from error


def read(path: str, option: str) -> auditing.Audit:
    """Read a saved audit.

    :param option: that names it
    :raises Misconfigured: it isn't there, or is no saved audit; every
        problem names its field
    :raises Unavailable: it cannot be read
    """
    if not os.path.isfile(path):
        raise exceptions.Misconfigured(
            f'there is no file {path}', where=option
        )
    try:
        with open(path, 'rb') as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise exceptions.Unavailable(
            f'reading the saved audit {path}', error.strerror or str(error)
        ) from error
    if len(content) > LIMIT:
        raise exceptions.Misconfigured(
            f'{path} is larger than {LIMIT} bytes', where=option
        )
    try:
        data = documents.parse(content)
    except documents.Malformed as error:
        raise exceptions.Misconfigured(
            f'{path} is no JSON document: {error.__cause__}', where=option
        ) from error
    found, problems = audit_form.read(data, path)
    if found is None:
        raise exceptions.Misconfigured(
            f'{path} is no saved audit ({auditing.SCHEMA})',
            option,
            tuple(map(_with_field, problems)),
        )
    return found


def _with_field(problem: located.Problem) -> located.Problem:
    """Put the field's name into the message: JSON has one line."""
    field = located.spelled(problem.place.key)
    return located.Problem(
        located.Place(problem.place.path),
        f'{field}: {problem.message}' if field else problem.message,
    )
