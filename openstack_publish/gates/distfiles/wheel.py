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

"""Reads wheels: zip archives with a ``.dist-info`` directory.

Form: "Binary distribution format" of the Python Packaging User Guide
(PEP 427). Every member is unpacked in small pieces, for its CRC and for
its digest in RECORD.
"""

from __future__ import annotations

import email.parser
import hashlib
import zipfile
from typing import IO

from packaging import tags as packaging_tags

from openstack_publish.gates.distfiles import inspection
from openstack_publish.gates.distfiles import leaks
from openstack_publish.gates.distfiles import record
from openstack_publish.gates.distfiles import zipframing
from openstack_publish.model import distribution

Fault = distribution.Fault

COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What every installer can unpack, and PyPI accepts (PEP 527)."""


class _Reader:
    """One reading of one wheel."""

    def __init__(
        self,
        file: IO[bytes],
        size: int,
        filename: str,
        defects: inspection.Defects,
        limits: inspection.Limits,
    ) -> None:
        self.file = file
        self.size = size
        self.stem = '-'.join(filename.removesuffix('.whl').split('-')[:2])
        self.tags = filename.removesuffix('.whl').split('-')[-3:]
        self.defects = defects
        self.limits = limits
        self.members: list[str] = []
        self.files: dict[str, zipfile.ZipInfo] = {}
        self.leaks = leaks.Leaks()

    def read(self) -> inspection.Contents:
        found = zipframing.directory(self.file, self.size)
        # zipfile makes a value of each entry before it can be counted.
        if found.members > self.limits.members:
            raise inspection.TooLarge(
                f'it has {found.members} members; the limit is '
                f'{self.limits.members}'
            )
        if found.size > self.limits.names:
            raise inspection.TooLarge(
                f'its central directory has {found.size} bytes; the limit is '
                f'{self.limits.names}'
            )
        self.file.seek(0)
        with zipfile.ZipFile(self.file) as archive:
            infos = archive.infolist()
            for problem in zipframing.problems(self.file, infos, found):
                self.defects.add(Fault.UNREADABLE, problem)
            self.list_members(infos)
            self.refuse_bombs(infos)
            return self.contents(archive)

    def list_members(self, infos: list[zipfile.ZipInfo]) -> None:
        """Take down the members that can be read."""
        seen = inspection.Names()
        for info in infos:
            name = info.orig_filename
            self.members.append(inspection.text(name))
            problem = inspection.path_problem(name.rstrip('/'))
            if problem is None:
                problem = seen.problem(name)
            kind = (info.external_attr >> 16) & 0o170000
            if problem is None and kind not in (0, 0o100000, 0o040000):
                problem = 'is no file or directory'
            if problem is not None:
                self.defects.add(
                    Fault.UNSAFE_MEMBER, f'{inspection.shown(name)} {problem}'
                )
                continue
            if info.flag_bits & zipframing.ENCRYPTED:
                self.defects.add(
                    Fault.UNREADABLE,
                    f'{inspection.shown(name)} is encrypted',
                )
                continue
            if info.compress_type not in COMPRESSION:
                self.defects.add(
                    Fault.UNREADABLE,
                    f'{inspection.shown(name)} is compressed by method '
                    f'{info.compress_type}; PyPI and installers take 0 '
                    '(stored) and 8 (deflated)',
                )
                continue
            if not info.is_dir():
                self.files[name] = info

    def refuse_bombs(self, infos: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(info.file_size for info in infos)
        if unpacked > self.limits.unpacked:
            raise inspection.TooLarge(
                f'it unpacks to {unpacked} bytes; the limit is '
                f'{self.limits.unpacked}'
            )
        if (
            unpacked > self.limits.ratio_from
            and unpacked > self.limits.ratio * self.size
        ):
            raise inspection.TooLarge(
                f'it unpacks from {self.size} to {unpacked} bytes; above '
                f'{self.limits.ratio_from} bytes PyPI accepts '
                f'{self.limits.ratio} times the size of the file'
            )

    def contents(self, archive: zipfile.ZipFile) -> inspection.Contents:
        dist_infos = sorted(
            {
                top
                for top, slash, _ in (
                    name.partition('/') for name in self.files
                )
                if slash and top.endswith('.dist-info')
            }
        )
        if len(dist_infos) != 1:
            self.defects.add(
                Fault.METADATA_AMBIGUOUS
                if dist_infos
                else Fault.METADATA_MISSING,
                f'{len(dist_infos)} directories .dist-info instead of one'
                + ''.join(
                    f', {inspection.shown(name)}' for name in dist_infos[:5]
                ),
            )
            self.unpack_all(archive, {})
            return inspection.Contents(
                tuple(self.members), leaks=self.leaks.all()
            )
        [dist_info] = dist_infos
        if dist_info != f'{self.stem}.dist-info':
            self.defects.add(
                Fault.WHEEL_STRUCTURE,
                f'the file is named for {self.stem}.dist-info, and holds '
                f'{inspection.shown(dist_info)}',
            )
        for name, fault in (
            ('WHEEL', Fault.WHEEL_STRUCTURE),
            ('METADATA', Fault.METADATA_MISSING),
            ('RECORD', Fault.RECORD),
        ):
            if f'{dist_info}/{name}' not in self.files:
                self.defects.add(
                    fault,
                    f'there is no file {inspection.shown(dist_info)}/{name}',
                )
        self.check_wheel(self.whole(archive, f'{dist_info}/WHEEL'))
        metadata = self.whole(archive, f'{dist_info}/METADATA')
        self.check_record(archive, dist_info)
        commit = self.whole(archive, f'{dist_info}/pbr.json')
        return inspection.Contents(
            tuple(self.members),
            metadata,
            {} if commit is None else {f'{dist_info}/pbr.json': commit},
            self.leaks.all(),
        )

    def check_wheel(self, content: bytes | None) -> None:
        """Check the file WHEEL."""
        if content is None:
            return
        fields = email.parser.Parser().parsestr(
            content.decode('utf-8', 'replace'), headersonly=True
        )
        version = str(fields.get('Wheel-Version', '')).strip()
        if version.partition('.')[0] != '1':
            self.defects.add(
                Fault.WHEEL_STRUCTURE,
                f'WHEEL has Wheel-Version {inspection.shown(version)!r}; '
                'installers know 1.x',
            )
        inside = {str(tag).strip() for tag in fields.get_all('Tag', [])}
        try:
            named = packaging_tags.parse_tag('-'.join(self.tags))
        except ValueError:
            # The file's name is a defect of its own.
            return
        if {tag.lower() for tag in inside} != {str(tag) for tag in named}:
            self.defects.add(
                Fault.WHEEL_STRUCTURE,
                'the file is named for the tags '
                f'{", ".join(sorted(str(tag) for tag in named))}; WHEEL has '
                f'{inspection.shown(", ".join(sorted(inside))) or "none"}',
            )

    def check_record(self, archive: zipfile.ZipFile, dist_info: str) -> None:
        """Unpack every member, and hold RECORD against them."""
        content = self.whole(archive, f'{dist_info}/RECORD')
        lines = {} if content is None else record.parse(content, self.defects)
        members = self.unpack_all(archive, lines)
        if content is not None:
            record.compare(lines, members, dist_info, self.defects)

    def unpack_all(
        self, archive: zipfile.ZipFile, lines: dict[str, record.Line]
    ) -> dict[str, record.Member]:
        """Return each member's digest, by the algorithm RECORD gives it."""
        members = {}
        for name, info in self.files.items():
            line = lines.get(name)
            algorithm = None if line is None else line.algorithm
            digest = hashlib.new(algorithm or 'sha256')
            size = 0
            with archive.open(info) as member:
                pieces = iter(lambda: member.read(inspection.CHUNK), b'')
                for chunk in self.leaks.watched(name, pieces):
                    digest.update(chunk)
                    size += len(chunk)
            if size != info.file_size:
                raise zipfile.BadZipFile(
                    f'{inspection.shown(name)} has {size} bytes instead of '
                    f'{info.file_size}'
                )
            members[name] = record.Member(digest.digest(), size)
        return members

    def whole(self, archive: zipfile.ZipFile, name: str) -> bytes | None:
        """Return a small member; None where it's missing or too large."""
        info = self.files.get(name)
        if info is None:
            return None
        if info.file_size > self.limits.metadata:
            self.defects.add(
                Fault.TOO_LARGE_INSIDE,
                f'{inspection.shown(name)} has {info.file_size} bytes; the '
                f'limit is {self.limits.metadata}',
            )
            return None
        with archive.open(info) as member:
            return member.read(self.limits.metadata)


def read(
    file: IO[bytes],
    size: int,
    filename: str,
    defects: inspection.Defects,
    limits: inspection.Limits,
) -> inspection.Contents:
    """Read a wheel; what is wrong with it goes to *defects*.

    :param size: of the file, in bytes
    """
    reader = _Reader(file, size, filename, defects, limits)
    try:
        return reader.read()
    except inspection.TooLarge as error:
        defects.add(Fault.TOO_LARGE_INSIDE, str(error))
    except zipfile.BadZipFile as error:
        defects.add(
            Fault.UNREADABLE, f'not a whole zip: {inspection.because(error)}'
        )
    return inspection.Contents(tuple(reader.members))
