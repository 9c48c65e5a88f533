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

"""Every reader of what strangers write, in one table.

A row is enough: the property tests, the guided fuzzing (``tox -e fuzz``) and
the inputs that were found before (``tests/property/found.py``) go through all
of them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable
from typing import Literal

from openstack_publish import exceptions
from openstack_publish.model import documents
from openstack_publish.model import watching_form
from tests.fuzz import reading_files
from tests.fuzz import reading_indexes
from tests.fuzz import reading_sources
from tests.fuzz import reading_texts
from tests.fuzz import seeds
from tests.fuzz import wall

Run = Callable[[bytes], None]
Form = Literal['bytes', 'json', 'yaml']

_OURS: tuple[type[Exception], ...] = (exceptions.PublishError,)


@dataclasses.dataclass(frozen=True)
class Reader:
    """One reader, and what is known of its input."""

    name: str
    prepare: Callable[[str], Run]
    """Given a directory of its own it returns what reads one input."""

    seeds: Callable[[], tuple[bytes, ...]]
    """Inputs that are as they should be."""

    form: Form = 'bytes'
    """What an input can be taken apart as, to be changed with sense."""

    allowed: tuple[type[Exception], ...] = _OURS
    """What it says that it raises."""

    large: int = 64 * 1024
    """Bytes of an input that takes at most the time that one may take."""

    programs: bool = False
    """Whether it starts programs, which also makes it slow."""

    tokens: tuple[bytes, ...] = ()
    """Words that such inputs are made of."""


READERS: tuple[Reader, ...] = (
    Reader(
        'deliverable',
        reading_files.deliverable,
        seeds.deliverables,
        'yaml',
        allowed=(),
        tokens=seeds.YAML,
    ),
    Reader(
        'series', reading_files.series, seeds.series, 'yaml', tokens=seeds.YAML
    ),
    Reader(
        'policy',
        reading_files.policy,
        seeds.policies,
        'yaml',
        tokens=seeds.YAML,
    ),
    Reader(
        'project-config',
        reading_files.project_config,
        seeds.project_configs,
        'yaml',
        tokens=seeds.YAML,
    ),
    Reader('wheel', reading_files.wheel, seeds.wheels),
    Reader('sdist', reading_files.sdist, seeds.sdists),
    Reader('tar', reading_files.tar, seeds.tars),
    Reader(
        'metadata', reading_texts.metadata, seeds.metadata, tokens=seeds.MAIL
    ),
    Reader('record', reading_texts.record, seeds.records),
    Reader(
        'setup-cfg',
        reading_sources.setup_cfg,
        seeds.setup_cfgs,
        allowed=(),
        tokens=seeds.INI,
    ),
    Reader(
        'pyproject',
        reading_sources.pyproject,
        seeds.pyprojects,
        allowed=(),
        tokens=seeds.TOML,
    ),
    Reader(
        'setup-py',
        reading_sources.setup_py,
        seeds.setup_pys,
        allowed=(),
        tokens=seeds.PYTHON,
    ),
    Reader(
        'description',
        reading_sources.description,
        seeds.descriptions,
        allowed=(),
        # docutils takes four times as long for twice as many titles.
        large=8 * 1024,
        tokens=seeds.REST,
    ),
    Reader('armor', reading_texts.armor, seeds.signatures),
    Reader(
        'signature', reading_files.signature, seeds.signatures, programs=True
    ),
    Reader(
        'gpg-status',
        reading_texts.gpg_status,
        seeds.gpg_statuses,
        tokens=seeds.GPG,
    ),
    Reader('gpg-listing', reading_texts.gpg_listing, seeds.gpg_listings),
    Reader('receipt', reading_files.receipt, seeds.receipts, 'json'),
    Reader('audit', reading_files.audit, seeds.audits, 'json'),
    Reader(
        'watch-document',
        reading_texts.watch_document,
        seeds.watch_documents,
        'json',
        (watching_form.Foreign,),
    ),
    Reader('watch-state', reading_files.watch_state, seeds.watch_states),
    Reader('journal', reading_files.journal, seeds.journals),
    Reader('cache', reading_files.cache, seeds.caches),
    Reader('index-json', reading_indexes.json, seeds.index_json, 'json'),
    Reader(
        'simple-json', reading_indexes.simple_json, seeds.simple_json, 'json'
    ),
    Reader(
        'simple-html',
        reading_indexes.simple_html,
        seeds.simple_html,
        tokens=seeds.HTML,
    ),
    Reader(
        'html-list',
        reading_indexes.html_list,
        seeds.html_lists,
        allowed=(documents.Malformed,),
        tokens=seeds.HTML,
    ),
    Reader(
        'xmlrpc',
        reading_indexes.xmlrpc,
        seeds.xmlrpc_answers,
        tokens=seeds.XML,
    ),
    Reader('feed', reading_indexes.feed, seeds.feeds, tokens=seeds.XML),
    Reader(
        'provenance',
        reading_indexes.provenance,
        seeds.provenances,
        'json',
        allowed=(),
    ),
    Reader(
        'headers',
        reading_sources.headers,
        seeds.headers,
        allowed=(),
        tokens=seeds.DATES,
    ),
)


def named(name: str) -> Reader:
    """Return the reader of a name.

    :raises KeyError: there is none
    """
    return {reader.name: reader for reader in READERS}[name]


class Prepared:
    """A reader that is ready, behind its wall.

    :param place: a directory that it may write to
    :param alarm: whether to look at the time
    """

    def __init__(
        self, reader: Reader, place: str, *, alarm: bool = True
    ) -> None:
        self._reader = reader
        self._place = place
        self._alarm = alarm
        own = os.path.join(place, reader.name)
        os.makedirs(own, exist_ok=True)
        reader.seeds()  # made before, where anything may be made
        with wall.standing(place, programs=True):
            self._run = reader.prepare(own)

    def __call__(self, data: bytes) -> None:
        """Read one input.

        :raises Breach: it did what no reader may do
        :raises Exception: that it does not say that it raises
        """
        with wall.standing(
            self._place, programs=self._reader.programs, alarm=self._alarm
        ):
            with contextlib.suppress(*self._reader.allowed):
                self._run(data)
