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

"""What :mod:`benchmarks.many` runs, each as a process of its own."""

from __future__ import annotations

import gc
import http.client
import queue
import sys
import threading
import xmlrpc.client
from collections.abc import Sequence
from urllib import parse

CONNECTIONS = 8

SIMPLE = 'application/vnd.pypi.simple.v1+json'


def overviews(url: str, jobs: str, cache: str, *projects: str) -> None:
    """Read the overview of each project, as check and audit do.

    :param cache: a directory; empty for none
    """
    from openstack_publish import seams
    from openstack_publish.assembly import many
    from openstack_publish.assembly import settings
    from openstack_publish.gates import clock
    from openstack_publish.gates import workers
    from openstack_publish.model import knowledge
    from openstack_publish.model import listing
    from openstack_publish.model import names

    def work(index: seams.Index, name: names.ProjectName) -> listing.Overview:
        return index.read_overview(name)

    configuration = settings.Configuration(
        read_url=url, jobs=int(jobs), cache_dir=cache or None
    )
    time = clock.SystemClock()
    with workers.Threads(
        lambda: many.overviews(configuration, time, 'pypi'), int(jobs)
    ) as threads:
        wanted = [names.project_name(name) for name in projects]
        for _, found in threads.each(work, wanted):
            if isinstance(found.maintainers, knowledge.Unknown):
                sys.exit(f'{found.project}: {found.maintainers.why}')
            if isinstance(found.files, knowledge.Unknown):
                sys.exit(f'{found.project}: {found.files.why}')


def package_roles(url: str, *projects: str) -> None:
    """Ask XML-RPC for the roles of one project after the other.

    That is what validate_pypi_permissions of openstack/releases does, here
    with a connection that is kept.
    """
    server = xmlrpc.client.ServerProxy(f'{url}/pypi')
    for name in projects:
        if not server.package_roles(name):
            sys.exit(f'{name}: no roles')


def floor(url: str, *projects: str) -> None:
    """Get the same documents over 8 connections, and look at none."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    for name in projects:
        waiting.put(name)
    threads = [
        threading.Thread(target=_get, args=(url, waiting))
        for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        waiting.put(None)
        thread.start()
    for thread in threads:
        thread.join()


def _get(url: str, waiting: queue.SimpleQueue[str | None]) -> None:
    place = parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or '', place.port)
    while (name := waiting.get()) is not None:
        for path, accept in (
            (f'/pypi/{name}/json', 'application/json'),
            (f'/simple/{name}/', SIMPLE),
        ):
            connection.request('GET', path, headers={'Accept': accept})
            connection.getresponse().read()
    connection.close()


def main(argv: Sequence[str]) -> None:
    """Run the function that is named; projects come on standard input."""
    # As in openstack_publish.cli.main; for the others too.
    gc.set_threshold(100_000)
    globals()[argv[0]](*argv[1:], *sys.stdin.read().split())


if __name__ == '__main__':
    main(sys.argv[1:])
