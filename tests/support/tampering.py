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

"""What a builder that was broken into does to distributions.

Everything else stays as it was built: the names, the metadata, pbr.json, and
RECORD is made to fit, so that only the source shows the difference.
"""

from __future__ import annotations

import io
import pathlib
import tarfile
import zipfile

from tests.support import artifacts


def sdist(path: pathlib.Path, **changes: bytes) -> None:
    """Change or add files of an sdist, by their path below its directory."""
    with tarfile.open(path) as archive:
        members = [
            (info, _content(archive, info)) for info in archive.getmembers()
        ]
    top = members[0][0].name.partition('/')[0]
    changed = {f'{top}/{name}': content for name, content in changes.items()}
    kept: list[tuple[str | tarfile.TarInfo, bytes]] = []
    for info, content in members:
        content = changed.pop(info.name, content)
        info.size = len(content)
        kept.append((info, content))
    path.write_bytes(artifacts.tar_gz([*kept, *changed.items()]))


def wheel(path: pathlib.Path, **changes: bytes) -> None:
    """Change or add files of a wheel, and list them in its RECORD."""
    with zipfile.ZipFile(path) as archive:
        members = {
            info.filename: archive.read(info) for info in archive.infolist()
        }
    (record,) = (name for name in members if name.endswith('/RECORD'))
    members |= changes
    lines = [
        artifacts.record_line(name, content)
        for name, content in members.items()
        if name != record
    ]
    members[record] = '\n'.join([*lines, f'{record},,', '']).encode()
    path.write_bytes(artifacts.zip_archive(members.items()))


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(info) if info.isfile() else io.BytesIO()
    assert file is not None
    return file.read()
