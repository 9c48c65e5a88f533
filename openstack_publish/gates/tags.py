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

"""The tags of a project's git repository.

Form of a tag object: ``git/tag.c`` and git-mktag(1): lines ``object``,
``type``, ``tag`` and ``tagger NAME <ADDRESS> SECONDS ZONE``, an empty line,
the message.
"""

from __future__ import annotations

import datetime
import os
import re

from openstack_publish import exceptions
from openstack_publish.gates import git
from openstack_publish.gates import processes
from openstack_publish.model import timeline

_TAGGER = re.compile(
    r'^tagger (?P<who>[^\n]*?) (?P<seconds>[0-9]{1,12}) [+-][0-9]{4}$', re.M
)


class Tags:
    """Fits :class:`~openstack_publish.seams.Tags`.

    :param place: a work tree or a git directory
    :param programs: runs git
    :raises Misconfigured: it isn't there, or is in no git repository
    """

    def __init__(self, place: str, programs: processes.Processes) -> None:
        self._place = os.path.abspath(place)
        self._repository = git.Repository(self._place, programs)
        if not os.path.isdir(self._place):
            raise exceptions.Misconfigured(
                f'there is no directory {place}', '--git-dir'
            )
        try:
            self._repository.run('its git directory', 'rev-parse', '--git-dir')
        except exceptions.Unavailable as error:
            # Whatever else it is, reading a tag will say so again.
            if 'not a git repository' in error.cause:
                raise exceptions.Misconfigured(
                    f'{place} is no git repository', '--git-dir'
                ) from error

    @property
    def place(self) -> str:
        """Where it is."""
        return self._place

    def read(self, name: str) -> timeline.Tag | None:
        """Return a tag by its name; None where there is none.

        :raises Unavailable: git did not say
        """
        what = f'the tag {name} in {self._place}'
        object_id = self._resolved(f'refs/tags/{name}')
        if object_id is None:
            return None
        peeled = self._resolved(f'refs/tags/{name}^{{}}')
        commit = None
        if peeled is not None and self._kind(what, peeled) == 'commit':
            commit = peeled
        if self._kind(what, object_id) != 'tag':
            return timeline.Tag(name, object_id, commit, None, None)
        text = self._said(what, 'cat-file', 'tag', object_id)
        tagger = _TAGGER.search(text.partition('\n\n')[0])
        if tagger is None:
            return timeline.Tag(name, object_id, commit, None, None)
        return timeline.Tag(
            name,
            object_id,
            commit,
            tagger['who'],
            _moment(what, int(tagger['seconds'])),
        )

    def _resolved(self, revision: str) -> str | None:
        """Return the hash that a revision stands for; None for none."""
        found = self._repository.maybe(
            'rev-parse', '--verify', '--quiet', revision
        )
        return None if found is None else found.decode().strip()

    def _kind(self, what: str, object_id: str) -> str:
        return self._said(what, 'cat-file', '-t', object_id).strip()

    def _said(self, what: str, *arguments: str) -> str:
        said = self._repository.run(what, *arguments)
        return said.decode('utf-8', 'backslashreplace')


def _moment(what: str, seconds: int) -> datetime.datetime:
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise exceptions.Unavailable(
            what, f'its time of {seconds} s is none'
        ) from error
