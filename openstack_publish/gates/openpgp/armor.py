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

"""What lies around a signature in its file.

Source: RFC 4880, sections 6.2 (armor) and 7 (clear-signed text). gpg passes
over text outside the armor without a status line, and of a clear-signed file
it says for humans alone that it is no detached signature (2.2.40, 2026-11).
"""

from __future__ import annotations

_BEGIN = b'-----BEGIN PGP '
_END = b'-----END PGP '
_CLEAR_SIGNED = b'-----BEGIN PGP SIGNED MESSAGE-----'


def is_clear_signed(content: bytes) -> bool:
    """Say whether a file is a text with a signature of that text."""
    return any(line.rstrip() == _CLEAR_SIGNED for line in content.split(b'\n'))


def is_surrounded(content: bytes) -> bool:
    """Say whether an armored file holds anything outside the armor.

    Of that nothing is signed. Without armor there is no outside.
    """
    armored = inside = outside = False
    for line in content.split(b'\n'):
        if line.startswith(_BEGIN):
            armored = inside = True
        elif line.startswith(_END):
            inside = False
        elif not inside and line.strip():
            outside = True
    return armored and outside
