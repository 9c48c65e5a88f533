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

"""The directory of an audit's site: the whole site or the one before.

A site is written beside its place and exchanged by two renames. A run that
is killed between them leaves no directory of that name; the next run finds
the one before and puts it back first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from collections.abc import Mapping

from openstack_publish import exceptions
from openstack_publish.gates import parts
from openstack_publish.model import audit_history
from openstack_publish.model import audit_site
from openstack_publish.model import documents

LIMIT = 16 * 1024 * 1024
"""Largest history that is read, in bytes; one has some 150 for each audit."""

OPTION = '--html'


def history(directory: str) -> audit_history.History:
    """Return the history that a site keeps; empty where there is no site.

    :raises Misconfigured: what is there is no site of ours, or there is no
        place for one
    :raises Unavailable: it cannot be read
    """
    place = _place(directory)
    with _reported(f'reading the site in {place}'):
        _recover(place)
        return _read(place) if os.path.lexists(place) else ()


def write(directory: str, files: Mapping[str, str]) -> None:
    """Put a site in its place, and remove the one that was there.

    Everybody may read the files, whatever the umask is, for a web server
    runs as another user.

    :param files: contents by paths within the directory
    :raises Misconfigured: what is there is no site of ours
    :raises Unavailable: it cannot be written
    """
    place = _place(directory)
    staged = parts.beside(place)
    with _reported(f'writing the site to {place}'):
        _recover(place)
        try:
            os.mkdir(staged)
            for name in audit_site.DIRECTORIES:
                os.mkdir(os.path.join(staged, name))
            for path, content in files.items():
                _write(os.path.join(staged, path), content)
            for name in (*audit_site.DIRECTORIES, ''):
                made = os.path.join(staged, name)
                os.chmod(made, 0o755)  # noqa: S103  a site is read by others
                parts.on_disk(made)
            _exchange(staged, place)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def _place(directory: str) -> str:
    """Return where a site is, with no symbolic link in it.

    :raises Misconfigured: there can be none
    """
    place = os.path.realpath(directory)
    above = os.path.dirname(place)
    if not os.path.isdir(above):
        raise exceptions.Misconfigured(
            f'{directory}: there is no directory {above}', where=OPTION
        )
    if os.path.lexists(place) and not os.path.isdir(place):
        raise exceptions.Misconfigured(
            f'{directory} is no directory', where=OPTION
        )
    if os.path.ismount(place):
        raise exceptions.Misconfigured(
            f'{directory} is a mount point, which cannot be exchanged for '
            'the new site; name a directory in it',
            where=OPTION,
        )
    return place


def _read(place: str) -> audit_history.History:
    """Make sure that a directory holds a site and nothing else.

    :raises Misconfigured: it holds something else
    :raises OSError: it cannot be read
    """
    if not _ours(place):
        return ()
    try:
        return _history(os.path.join(place, audit_site.HISTORY))
    except documents.Malformed as error:
        raise exceptions.Misconfigured(
            f'{os.path.join(place, audit_site.HISTORY)} is not the history '
            f'of a site: {error}; mend it, or begin anew in an empty '
            'directory',
            where=OPTION,
        ) from error


def _ours(place: str) -> list[str]:
    """Return the files of a site.

    :raises Misconfigured: something else is there, too
    :raises OSError: the directory cannot be read
    """
    found = sorted(_files(place))
    for path in found:
        if not audit_site.has(path):
            raise exceptions.Misconfigured(
                f'{os.path.join(place, path)} is no file of a site that '
                'this program made, and would be lost; name a directory '
                'that is new, empty, or holds such a site',
                where=OPTION,
            )
    return found


def _history(path: str) -> audit_history.History:
    try:
        with open(path, 'rb') as opened:
            content = opened.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise documents.Malformed('there is none') from error
    if len(content) > LIMIT:
        raise documents.Malformed(f'it is larger than {LIMIT} bytes')
    return audit_history.read(documents.load(content))


def _files(place: str) -> Iterator[str]:
    """Yield what is in a directory, as paths in it.

    The directories of a site are not yielded themselves.
    """
    for name in os.listdir(place):
        inner = os.path.join(place, name)
        mode = os.lstat(inner).st_mode
        if name in audit_site.DIRECTORIES and stat.S_ISDIR(mode):
            for page in os.listdir(inner):
                yield f'{name}/{page}'
        elif stat.S_ISREG(mode):
            yield name
        else:
            # A directory of such a name would be taken for a file.
            yield f'{name}/'


def _exchange(staged: str, place: str) -> None:
    """Put a directory in the place of another one.

    :raises Misconfigured: another one is there that is no site
    """
    before = None
    if os.path.lexists(place):
        # Something else may have come while the audit ran.
        _read(place)
        before = _before(place)
        os.rename(place, before)
    try:
        os.rename(staged, place)
    except OSError:
        if before is not None:
            os.rename(before, place)
        raise
    parts.on_disk(os.path.dirname(place))
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)


def _before(place: str) -> str:
    above, name = os.path.split(place)
    return os.path.join(above, f'.{name}.before')


def _recover(place: str) -> None:
    """Mend what a killed run left: put a site back, remove the unfinished.

    :raises Misconfigured: what is called like it is no site of ours
    :raises OSError: it cannot be done
    """
    before = _before(place)
    if os.path.isdir(before):
        _ours(before)
        if os.path.lexists(place):
            shutil.rmtree(before)
        else:
            os.rename(before, place)
    for unfinished in parts.left(place):
        shutil.rmtree(unfinished)


def _write(path: str, content: str) -> None:
    with open(path, 'x', encoding='utf-8', newline='\n') as opened:
        opened.write(content)
        opened.flush()
        os.fchmod(opened.fileno(), 0o644)
        os.fsync(opened.fileno())


@contextlib.contextmanager
def _reported(what: str) -> Iterator[None]:
    """Turn the system's errors into ours."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise exceptions.Unavailable(what, str(error)) from error
