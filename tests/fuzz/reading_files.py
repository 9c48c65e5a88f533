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

"""Readers of files: each input is written to one and read from there."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from collections.abc import Iterable

from openstack_publish.gates import auditfile
from openstack_publish.gates import cache as caches
from openstack_publish.gates import distfiles
from openstack_publish.gates import journal as journals
from openstack_publish.gates import policyfile
from openstack_publish.gates import processes
from openstack_publish.gates import projectconfig
from openstack_publish.gates import receiptfile
from openstack_publish.gates import statefile
from openstack_publish.gates import yamlfile
from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.openpgp import verifier
from openstack_publish.gates.yamlfile import forms
from openstack_publish.model import located
from openstack_publish.model import names
from openstack_publish.model import series_form
from openstack_publish.render import as_json
from openstack_publish.render import audits as audit_documents
from tests.fuzz import seeds

Run = Callable[[bytes], None]

LIMITS = inspection.Limits(
    members=1000,
    names=1024 * 1024,
    unpacked=4 * 1024 * 1024,
    metadata=256 * 1024,
    ratio_from=64 * 1024,
)
"""The limits of the real run, made small: what stays under them has to be
fast, and what goes over them has to be stopped."""


def deliverable(place: str) -> Run:
    """Read a deliverable file; a file that is read whole has no problem."""

    def run(data: bytes) -> None:
        found = forms.deliverable(data, 'deliverables/zed/os-vif.yaml')
        _placed(found.problems, data)
        if found.deliverable is None and not found.problems:
            raise AssertionError('it is nothing, and nothing is wrong')

    return run


def series(place: str) -> Run:
    """Read the list of series."""

    def run(data: bytes) -> None:
        document = yamlfile.read(data, 'series_status.yaml')
        problems = document.problems
        if document.readable:
            _, wrong = series_form.read(document.data, 'series_status.yaml')
            problems += wrong
        _placed(yamlfile.with_lines(data, problems), data)

    return run


def policy(place: str) -> Run:
    """Read a policy and ask it for a project."""
    path = os.path.join(place, 'policy.yaml')

    def run(data: bytes) -> None:
        _write(path, data)
        found = policyfile.read(path, None, 'testpypi')
        found.of(names.project_name('glance')).commit_rule('library')

    return run


def project_config(place: str) -> Run:
    """Read a checkout of project-config with one file."""
    directory = os.path.join(place, projectconfig.DIRECTORY)
    os.makedirs(directory, exist_ok=True)
    path = os.path.join(directory, 'projects.yaml')

    def run(data: bytes) -> None:
        _write(path, data)
        projectconfig.ProjectConfig(place).read()

    return run


def wheel(place: str) -> Run:
    """Read a wheel, and the list of what is in it."""
    return _distribution(place, 'demo-1.2.0-py3-none-any.whl', bytes)


def sdist(place: str) -> Run:
    """Read an sdist as it is sent."""
    return _distribution(place, 'demo-1.2.0.tar.gz', bytes)


def tar(place: str) -> Run:
    """Read an sdist whose compression is sound."""
    return _distribution(
        place,
        'demo-1.2.0.tar.gz',
        lambda data: gzip.compress(data, 1, mtime=0),
    )


def _distribution(
    place: str, filename: str, packed: Callable[[bytes], bytes]
) -> Run:
    path = os.path.join(place, filename)
    gate = distfiles.Distributions(LIMITS)

    def run(data: bytes) -> None:
        _write(path, packed(data))
        found = gate.read(path, lambda done, total: None)
        for member in found.members:
            member.encode('utf-8')
        for _ in gate.members(found, lambda member: False):
            pass

    return run


def signature(place: str) -> Run:
    """Verify an ``.asc`` with gpg, which knows one key."""
    path = os.path.join(place, 'demo-1.2.0.tar.gz')
    _write(path, seeds.SIGNED)
    beside = f'{path}.asc'
    gate = verifier.Verifier(processes.Processes(os.environ))
    gate.take(seeds.public_key())
    sound = seeds.signatures()

    def run(data: bytes) -> None:
        _write(beside, data)
        found = gate.verify(beside, path)
        if found.valid and data not in sound:
            # gpg reads more than one spelling of a signature; only what
            # verifies over our bytes, by the one key, may come out valid.
            for valid in found.valid:
                if valid.primary != seeds.fingerprint():
                    raise AssertionError(f'{valid} was made by nobody')

    return run


def receipt(place: str) -> Run:
    """Read a receipt, for publishing and for verifying."""
    path = os.path.join(place, 'receipt.json')

    def run(data: bytes) -> None:
        _write(path, data)
        receiptfile.ReceiptFiles().outcome(path)
        receiptfile.read(path, '--receipt')

    return run


def audit(place: str) -> Run:
    """Read a saved audit; what is read is written the same."""
    path = os.path.join(place, 'audit.json')

    def run(data: bytes) -> None:
        _write(path, data)
        found = auditfile.read(path, '--compare')
        auditfile.write(
            path, as_json.text(audit_documents.saved(found, '1.0'))
        )
        if auditfile.read(path, '--compare') != found:
            raise AssertionError('it is written as another one')

    return run


def watch_state(place: str) -> Run:
    """Open the watch's state and read all that is in it."""
    path = os.path.join(place, 'state')

    def run(data: bytes) -> None:
        for name in os.listdir(place):
            os.unlink(os.path.join(place, name))
        _write(path, data)
        with statefile.StateFile(path, watches=True) as state:
            state.snapshot(names.ProjectName('os-vif'))
            state.read_times()
            state.incidents()
            state.unsent()
            state.pending()
            state.expected()
            state.unread()
            state.value('serial')

    return run


def journal(place: str) -> Run:
    """Go on with the journal of a run that ended early."""
    path = os.path.join(place, 'journal')

    def run(data: bytes) -> None:
        _write(path, data)
        with journals.Journal(path, seeds.RUN) as opened:
            opened.add('one more', {'verdict': 'held'})
            rows = dict(opened.rows())
        with journals.Journal(path, seeds.RUN) as opened:
            if rows != {
                key: row
                for key, row in opened.rows().items()
                if key != 'one more' or key in rows
            }:
                raise AssertionError('rows were lost')

    return run


def cache(place: str) -> Run:
    """Look up a document that was kept."""
    kept = caches.DirectoryCache(place)
    kept.put(*seeds.CACHED)
    (name,) = os.listdir(place)
    path = os.path.join(place, name)
    url, accept, answer = seeds.CACHED

    def run(data: bytes) -> None:
        _write(path, data)
        os.chmod(path, 0o600)
        found = kept.get(url, accept)
        # Its digest stands beside it: to be taken for the document it has to
        # be one that was put there.
        if (
            found is not None
            and found.body != answer.body
            and seeds.digest(found.body) not in data
        ):
            raise AssertionError('it is not what its digest says')

    return run


def _write(path: str, data: bytes) -> None:
    with open(path, 'wb') as file:
        file.write(data)


def _placed(problems: Iterable[located.Problem], data: bytes) -> None:
    """Make sure that the line of each problem is one of the file's."""
    most = _lines(data)
    for problem in problems:
        line = problem.place.line
        if line is not None and not 1 <= line <= most:
            raise AssertionError(f'line {line} of {most}')


def _lines(data: bytes) -> int:
    """Return how many lines YAML sees, and one more for the end."""
    return 2 + len(data.decode('utf-8', 'replace').splitlines())
