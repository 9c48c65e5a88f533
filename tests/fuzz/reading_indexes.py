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

"""Readers of what an index answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from unittest import mock

from openstack_publish.gates import attestations
from openstack_publish.gates.index import changelog
from openstack_publish.gates.index import plain
from openstack_publish.gates.index import pypi
from openstack_publish.gates.index import updates
from openstack_publish.gates.index import xmlrpc_roles
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import names
from openstack_publish.model import simple_html as html_pages
from openstack_publish.model import watching
from openstack_publish.model import watching_form
from tests.fuzz import seeds
from tests.fuzz import told

Run = Callable[[bytes], None]

PROJECT = names.project_name('os-vif')


def json(place: str) -> Run:
    """Read a project whose JSON document is this."""

    def run(data: bytes) -> None:
        reader = told.Told(
            {
                '/json': ('application/json', data),
                '/simple/os-vif/': (pypi.SIMPLE_JSON, seeds.simple_json()[0]),
            }
        )
        with pypi.PypiIndex(reader, told.ROOT) as index:
            _remembered(index.read_overview(PROJECT))
            index.read_release(PROJECT, '1.2.0')

    return run


def simple_json(place: str) -> Run:
    """Read a project whose simple page is this, of either kind of index."""

    def run(data: bytes) -> None:
        reader = told.Told(
            {
                '/json': ('application/json', seeds.index_json()[0]),
                '/os-vif/': (pypi.SIMPLE_JSON, data),
            }
        )
        with pypi.PypiIndex(reader, told.ROOT) as index:
            _remembered(index.read_overview(PROJECT))
        with plain.PlainIndex(reader, told.ROOT) as index_of_files:
            index_of_files.read_project(PROJECT, '1.2.0')

    return run


def simple_html(place: str) -> Run:
    """Read a plain index whose page is this."""

    def run(data: bytes) -> None:
        reader = told.Told({'/os-vif/': ('text/html', data)})
        with plain.PlainIndex(reader, told.ROOT) as index:
            _remembered(index.read_overview(PROJECT))
            index.read_project(PROJECT, '1.2.0')

    return run


def html_list(place: str) -> Run:
    """Read the page that names every project."""

    def run(data: bytes) -> None:
        for name in html_pages.read_list(data, f'{told.ROOT}/simple/'):
            if name != names.project_name(name):
                raise AssertionError(f'{name!r} has another form')

    return run


def xmlrpc(place: str) -> Run:
    """Read an answer of XML-RPC, whatever was asked."""

    def run(data: bytes) -> None:
        reader = told.Told({'/pypi': ('text/xml', data)})
        journal = changelog.XmlRpcChangelog(reader, told.ROOT)
        journal.last_serial()
        rows = journal.since(5)
        if isinstance(rows, knowledge.Known):
            before = 5
            for row in rows.value:
                if not before < row.serial:
                    raise AssertionError('serials that do not rise')
                before = row.serial
        xmlrpc_roles.read(reader, told.ROOT, PROJECT)
        xmlrpc_roles.Accounts(reader, told.ROOT).projects_of('openstackci')

    return run


def feed(place: str) -> Run:
    """Read the feed of updates."""

    def run(data: bytes) -> None:
        reader = told.Told({'/updates.xml': ('text/xml', data)})
        updates.RssUpdates(reader, told.ROOT).newest()

    return run


def provenance(place: str) -> Run:
    """Verify who published a file."""
    home = {'HOME': place, 'XDG_DATA_HOME': place, 'XDG_CACHE_HOME': place}

    def run(data: bytes) -> None:
        reader = told.Told({'/provenance': (attestations.INTEGRITY, data)})
        # The roots that sigstore ships it puts where a user keeps his data.
        with mock.patch.dict(os.environ, home):
            found = attestations.Provenances(reader).read(
                listing.ListedFile(
                    'demo-1.2.0.tar.gz',
                    f'{told.ROOT}/demo-1.2.0.tar.gz',
                    'a' * 64,
                    provenance=f'{told.ROOT}/provenance',
                )
            )
        if found.said.startswith('verified'):
            raise AssertionError('they are about another file')

    return run


def _remembered(overview: listing.Overview) -> None:
    """Make sure that the watch can remember what an index said."""
    snapshot = watching.taken(overview, seeds.NOW, None)
    text = watching_form.snapshot_text(snapshot)
    text.encode('ascii')
    if watching_form.snapshot(text) != snapshot:
        raise AssertionError(f'{snapshot} is remembered as something else')
