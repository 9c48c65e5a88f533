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

"""URLs: which may be asked, and how they are shown."""

from __future__ import annotations

import functools
import ipaddress
import re
from urllib import parse

_PLAIN = re.compile(r'(https?://[A-Za-z0-9.:-]+)/[!-~]*')
_STRANGE = re.compile(r'[^!-~]')


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name or its address."""
    if host.lower() == 'localhost':
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def objection(url: str, *, with_user: bool = False) -> str | None:
    """Return why a URL may not be asked, or None where it may.

    Only https is, and http on this machine: over a network http can be
    read and changed by whoever is in between.

    :param with_user: whether it may hold a user name and a password
    """
    # The files of a project are thousands, and lie on one host; nothing
    # behind the host can be objected to but characters.
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        return _objection_to_host(plain[1])
    return _objection(url, with_user)


@functools.lru_cache(maxsize=64)
def _objection_to_host(url: str) -> str | None:
    return _objection(url, with_user=False)


def _objection(url: str, with_user: bool) -> str | None:
    try:
        parts = parse.urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return 'is no URL'
    if parts.scheme not in ('http', 'https'):
        return 'is neither https nor http'
    if not host:
        return 'names no host'
    if _STRANGE.search(url):
        return 'holds characters that no URL may hold'
    if parts.scheme == 'http' and not is_loopback(host):
        return 'is http, and its host is not this machine'
    if '@' in parts.netloc and not with_user:
        return 'holds a user name, but nobody logs in for reading'
    return None


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port, by which two URLs have one server.

    :raises ValueError: *url* is none
    """
    parts = parse.urlsplit(url)
    port = parts.port or (443 if parts.scheme == 'https' else 80)
    return (parts.scheme, (parts.hostname or '').lower(), port)


def without_user(url: str) -> str:
    """Return a URL without user name and password, for messages.

    Of what is no URL nothing is shown: who knows where its password is.
    """
    try:
        parts = parse.urlsplit(url)
    except ValueError:
        return '(malformed)'
    return parse.urlunsplit(
        parts._replace(netloc=parts.netloc.rpartition('@')[2])
    )


def password(url: str | None) -> str | None:
    """Return the password in a URL as it is written there, if it has one."""
    try:
        return parse.urlsplit(url or '').password
    except ValueError:
        return None
