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

"""Options of the commands that look at many projects of an index."""

from __future__ import annotations

import argparse
import os

from openstack_publish.assembly import settings
from openstack_publish.cli import options


def add(group: argparse._ArgumentGroup) -> None:
    """Add the options that say how many projects of an index are read."""
    options.add_reading(group, "PyPI's")
    options.add_timeout(group)
    add_jobs(group)
    group.add_argument(
        '--cache-dir',
        type=directory,
        default=default_cache(),
        metavar='DIR',
        help='where documents of the index are kept, so that only what '
        'changed is sent again [openstack-publish in XDG_CACHE_HOME, else '
        'in ~/.cache]',
    )
    group.add_argument(
        '--no-cache',
        action='store_const',
        const=None,
        dest='cache_dir',
        help='keep nothing and ask for everything anew',
    )


def add_jobs(group: argparse._ArgumentGroup) -> None:
    """Add the option that says how much is done at once."""
    group.add_argument(
        '--jobs',
        type=jobs,
        default=settings.JOBS,
        metavar='N',
        help='most projects, and most connections, at once: '
        f'1 to {settings.JOBS} [{settings.JOBS}]',
    )


def jobs(text: str) -> int:
    """Return how much is done at once.

    :raises ArgumentTypeError: it is no number from 1 to the most
    """
    if text.isascii() and text.isdigit() and len(text) <= 3:
        number = int(text)
        if 1 <= number <= settings.JOBS:
            return number
    raise argparse.ArgumentTypeError(
        f'{text!r} is no number from 1 to {settings.JOBS}'
    )


def directory(text: str) -> str:
    """Return the name of a directory.

    :raises ArgumentTypeError: it is empty
    """
    if not text:
        raise argparse.ArgumentTypeError('names no directory')
    return text


def default_cache() -> str | None:
    """Return where documents are kept; None where there is no home.

    XDG Base Directory Specification 0.8: a relative path counts for nothing.
    """
    base = os.environ.get('XDG_CACHE_HOME', '')
    if not os.path.isabs(base):
        base = os.path.expanduser('~/.cache')
    if not os.path.isabs(base):
        return None
    return os.path.join(base, 'openstack-publish')
