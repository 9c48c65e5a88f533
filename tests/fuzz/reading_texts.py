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

"""Readers of what is in memory already."""

from __future__ import annotations

from collections.abc import Callable

from openstack_publish.gates.distfiles import coremetadata
from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import record as record_files
from openstack_publish.gates.openpgp import armor as armor_files
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import status
from openstack_publish.model import watching_form
from tests.fuzz import seeds

Run = Callable[[bytes], None]


def metadata(place: str) -> Run:
    """Read core metadata and ``pbr.json``."""

    def run(data: bytes) -> None:
        defects = inspection.Defects()
        found = coremetadata.parse(data, defects, inspection.Limits())
        coremetadata.commit({'a-1/a.egg-info/pbr.json': data}, found, defects)
        said(defects)

    return run


def record(place: str) -> Run:
    """Read a wheel's RECORD."""

    def run(data: bytes) -> None:
        defects = inspection.Defects()
        record_files.parse(data, defects)
        said(defects)

    return run


def armor(place: str) -> Run:
    """Look at the lines of a signature."""

    def run(data: bytes) -> None:
        armor_files.is_clear_signed(data)
        armor_files.is_surrounded(data)

    return run


def gpg_status(place: str) -> Run:
    """Read what gpg says of a signature."""
    keyring = certificates.read(seeds.gpg_listings()[0])

    def run(data: bytes) -> None:
        output = data.decode('utf-8', 'surrogateescape')
        for returncode in (0, 1):
            status.reading('f.asc', 'a' * 64, output, returncode, keyring)
        status.failure(status.lines(output))
        status.not_there(output)
        status.nothing_to_import(output)

    return run


def gpg_listing(place: str) -> Run:
    """Read what gpg says of keys."""

    def run(data: bytes) -> None:
        for certificate in certificates.read(data):
            for key in certificate.keys:
                certificate.signing_key(key.fingerprint)
                certificate.end_of(key)
                certificate.revocation_of(key)

    return run


def watch_document(place: str) -> Run:
    """Read what the watch remembers; what is read can be written again."""

    def run(data: bytes) -> None:
        text = data.decode('utf-8', 'replace')
        forms = (
            (watching_form.snapshot, watching_form.snapshot_text),
            (watching_form.incident, watching_form.incident_text),
            (watching_form.letter, watching_form.letter_text),
            (watching_form.channels, watching_form.channels_text),
            (watching_form.time, watching_form.time_text),
        )
        refused = 0
        for read, write in forms:
            refused += _read_again(text, read, write)
        if refused == len(forms):
            raise watching_form.Foreign('none of them')

    return run


def _read_again(
    text: str, read: Callable[[str], object], write: Callable[..., str]
) -> bool:
    """Read and write; say whether it was refused."""
    try:
        value = read(text)
    except watching_form.Foreign:
        return True
    again = read(write(value))
    if again != value:
        raise AssertionError(f'{value!r} is written as {again!r}')
    return False


def said(defects: inspection.Defects) -> None:
    """Make sure that what is said of an input can be written down."""
    for defect in defects.all():
        defect.detail.encode('utf-8', 'surrogatepass')
        if len(defect.detail) > MESSAGE:
            raise AssertionError(f'{len(defect.detail)} characters')


MESSAGE = 64 * 1024
"""Longest message about one defect, in characters."""
