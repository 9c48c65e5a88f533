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

"""Finds distributions in the files and directories that a user names."""

from __future__ import annotations

import itertools
import os
from collections.abc import Collection
from collections.abc import Sequence

from openstack_publish import exceptions
from openstack_publish.gates.distfiles import inspection

SUFFIXES = ('.whl', '.tar.gz')
"""What PyPI takes since PEP 527 and PEP 625: no eggs, no zipped sdists."""

ENTRIES = 100_000
"""Entries that a directory of distributions may have."""

COMPANIONS = ('.asc', '.attestation')
RECEIPTS = ('.receipt.json', '.receipt.json.asc')
"""What lies beside distributions and isn't one."""


def find(places: Sequence[str]) -> tuple[str, ...]:
    """Return the distributions that files and directories name.

    What that means, :meth:`.Distributions.find` says.

    :raises Misconfigured: a place isn't there, is something else, or there
        is none in all of them
    :raises Unavailable: a directory cannot be listed
    """
    found: dict[str, str] = {}
    others: list[str] = []
    for place in places:
        if os.path.isdir(place):
            for path in _in_directory(place):
                found.setdefault(_place(path), path)
        elif place.endswith(SUFFIXES):
            _require_file(place)
            found.setdefault(_place(place), place)
        else:
            _require_file(place)
            others.append(place)
    for place in others:
        if not _belongs(place, found.values()):
            raise exceptions.Misconfigured(_refusal(place), where=place)
    if not found:
        raise exceptions.Misconfigured(
            'there is no sdist (*.tar.gz) and no wheel (*.whl) in '
            + ', '.join(places),
            where=places[0] if places else None,
        )
    return tuple(found.values())


def _place(path: str) -> str:
    """Return one form of a path; links to one file stay two files."""
    directory, filename = os.path.split(path)
    return os.path.join(os.path.realpath(directory), filename)


def _in_directory(place: str) -> list[str]:
    """Return the distributions that lie in a directory, by name.

    :raises Misconfigured: what is called like one is no file, or it has more
        entries than the limit
    :raises Unavailable: it cannot be listed
    """
    try:
        with os.scandir(place) as entries:
            inside = [
                entry.name for entry in itertools.islice(entries, ENTRIES + 1)
            ]
    except OSError as error:
        raise inspection.unreadable(place, error) from error
    # A directory that somebody fills faster than it is read has no end.
    if len(inside) > ENTRIES:
        raise exceptions.Misconfigured(
            f'{place} has more than {ENTRIES} entries; name the '
            'distributions in it',
            where=place,
        )
    paths = [
        os.path.join(place, name)
        for name in sorted(inside)
        if name.endswith(SUFFIXES) and not name.startswith('.')
    ]
    for path in paths:
        _require_file(path)
    return paths


def _require_file(path: str) -> None:
    """Make sure that a path leads to a regular file.

    :raises Misconfigured: it doesn't
    """
    if os.path.isfile(path):
        return
    if os.path.islink(path) and not os.path.exists(path):
        message = (
            f'{path} is a link to {os.readlink(path)}, which is not there'
        )
    elif os.path.lexists(path):
        message = f'{path} is no regular file'
    else:
        message = f'{path} is not there'
    raise exceptions.Misconfigured(message, where=path)


def _belongs(path: str, distributions: Collection[str]) -> bool:
    """Say whether a file is about one of the distributions."""
    name = os.path.basename(path)
    if name.endswith(RECEIPTS):
        return bool(distributions)
    return name.endswith(COMPANIONS) and any(
        name.startswith(f'{os.path.basename(dist)}.') for dist in distributions
    )


def _refusal(path: str) -> str:
    """Say why a file cannot be published, and what to do."""
    if path.endswith((*COMPANIONS, *RECEIPTS)):
        return f'{path} belongs to a distribution that is not named with it'
    if path.endswith('.zip'):
        return (
            f'{path}: PyPI takes sdists as .tar.gz only (PEP 625); build it '
            'with a current build back end'
        )
    return f'{path} is neither an sdist (.tar.gz) nor a wheel (.whl)'
