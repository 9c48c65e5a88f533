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

"""The workers of a Dask cluster, which do the same to many things.

This module itself loads nothing of Dask's; :mod:`.shared` does, which needs
the extra ``cluster``. A cluster of Dask is one trust: whoever reaches its
scheduler runs code on it, on its workers and here, since results are
unpickled (https://docs.dask.org/en/stable/how-to/security.html, 2026-08).
"""

from __future__ import annotations

from urllib import parse

from openstack_publish import exceptions
from openstack_publish.model import urls

EXTRA = 'cluster'
OPTION = '--scheduler'

_SCHEMES = ('tcp', 'tls')
_FORM = 'write tls://HOST:PORT, or tcp://HOST:PORT on this machine'


def check(address: str) -> None:
    """Make sure that an address is one of a scheduler, and may be used.

    As an index is asked by https only, a scheduler is by TLS only; plain TCP
    is for this machine, where a tunnel may begin.

    :raises Misconfigured: it isn't
    """
    why = _objection(address)
    if why is not None:
        raise exceptions.Misconfigured(
            f'{urls.without_user(address)!r} {why}', where=OPTION
        )


def _objection(address: str) -> str | None:
    try:
        parts = parse.urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return f'is no address of a scheduler; {_FORM}'
    plain = f'{parts.scheme}://{parts.netloc}' == address
    if parts.scheme not in _SCHEMES or not plain or not host or not port:
        return f'is no address of a scheduler; {_FORM}'
    if '@' in parts.netloc or not address.isascii() or ' ' in address:
        return f'is no address of a scheduler; {_FORM}'
    if parts.scheme == 'tcp' and not urls.is_loopback(host):
        return (
            'is tcp, and its host is not this machine: whoever is in between '
            'could run code here; use tls://, or a tunnel that begins on '
            'this machine'
        )
    return None
