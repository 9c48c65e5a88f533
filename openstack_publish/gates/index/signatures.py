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

"""Reads signatures back."""

from __future__ import annotations

import pathlib

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.model import knowledge
from openstack_publish.model import listing

MAX_SIGNATURE = 64 * 1024
"""Largest signature, in bytes."""


def served(
    reader: web.Web, file: listing.ListedFile, signature_path: str
) -> knowledge.Knowledge[bool]:
    """Say whether an index serves this very signature beside a file.

    Where an index keeps signatures, they have the URL of their file with
    ``.asc`` behind it (PEP 503).
    """
    what = f'whether the index keeps {file.filename}.asc'
    try:
        ours = pathlib.Path(signature_path).read_bytes()
        answer = reader.get(
            f'{file.url}.asc', accept='*/*', max_bytes=MAX_SIGNATURE
        )
    except OSError as error:
        return knowledge.Unknown(what, f'{signature_path}: {error.strerror}')
    except exceptions.Misconfigured as error:
        return knowledge.Unknown(what, error.message)
    except exceptions.Unavailable as error:
        return knowledge.Unknown(what, error.cause)
    if answer.status == 404:
        return knowledge.Known(False)
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    if answer.body != ours:
        return knowledge.Unknown(
            what,
            f'it serves {len(answer.body)} bytes that are not the '
            f'{len(ours)} of our signature',
        )
    return knowledge.Known(True)
