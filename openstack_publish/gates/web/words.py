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

"""What servers and requests' exceptions say, in a few clear words.

requests puts the representations of objects into its messages, three levels
deep; a reader wants to know which of a dozen things happened.
"""

from __future__ import annotations

import datetime
import email.utils
import re
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

from openstack_publish import seams
from openstack_publish.gates.web import limits

# A handshake that takes too long ends so as well, with another limit.
_NO_DATE = (TypeError, ValueError, OverflowError)
"""What Python says of a date that is none, or of a year that has none: of
99999999999, or of 9999 where it is 10000 in Greenwich."""

_READ_TIMEOUT = re.compile(r'read timeout=([0-9.]+)')


def cause(error: Exception, silence: float) -> str:
    """Return in a few words why there was no answer.

    :param silence: the longest one that was waited through, in seconds
    """
    found = tuple(_chain(error))
    for item in found:
        text = _known(item, silence)
        if text is not None:
            return text
    for item in found:
        if isinstance(item, OSError) and item.strerror:
            return item.strerror
    return f'{type(error).__name__} in the exchange'


def _known(error: BaseException, silence: float) -> str | None:
    match error:
        case urllib3.exceptions.NewConnectionError():
            # By inheritance a ConnectTimeoutError, which it is not; what it
            # is comes further down the chain.
            return None
        case urllib3.exceptions.ConnectTimeoutError():
            return f'no connection within {limits.CONNECT:g} s'
        case socket.gaierror():
            return 'the host name cannot be resolved'
        case ssl.SSLCertVerificationError():
            return f'its certificate is not valid: {error.verify_message}'
        case ssl.SSLError():
            return f'TLS: {error.reason or "the handshake failed"}'
        case ConnectionRefusedError():
            return 'connection refused'
        case urllib3.exceptions.IncompleteRead():
            return f'the answer was cut off after {error.partial} bytes'
        case urllib3.exceptions.InvalidChunkLength():
            return 'the answer was cut off'
        case ConnectionResetError() | BrokenPipeError():
            # http.client's RemoteDisconnected is one of these.
            return 'the server closed the connection'
        case urllib3.exceptions.DecodeError():
            return 'the answer cannot be unpacked'
        case urllib3.exceptions.ProxyError():
            return 'the proxy does not let us through'
        case urllib3.exceptions.ReadTimeoutError():
            limit = _READ_TIMEOUT.search(str(error))
            if limit is None:
                # Only of an answer that began urllib3 does not say it.
                return f'the answer stopped for {silence:g} s'
            return f'no answer within {float(limit.group(1)):g} s'
        case requests.exceptions.InvalidURL():
            return 'the URL cannot be asked'
        case _:
            pass
    name = type(error).__name__
    if name in ('BadStatusLine', 'UnknownProtocol', 'LineTooLong'):
        return 'what came back is not HTTP'
    if name == 'IncompleteRead':
        return 'the answer was cut off'
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an exception and all that it was made of, outermost first."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        item = queue.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        queue.extend(item.args)
        queue.append(getattr(item, 'reason', None))
        queue.append(item.__cause__ or item.__context__)


def reason(response: requests.Response) -> str:
    """Return a reason phrase as it was meant.

    Header bytes come decoded as Latin-1 (RFC 9110, section 5.5); servers
    that have more to say send UTF-8.
    """
    text = response.reason or ''
    try:
        return text.encode('latin-1').decode('utf-8')
    except UnicodeError:
        return text


def retry_after(
    response: requests.Response, clock: seams.Clock
) -> float | None:
    """Return the seconds that a server asks to wait (RFC 9110, 10.2.3)."""
    text = response.headers.get('Retry-After', '').strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return max(0.0, (moment - clock.now()).total_seconds())
    except _NO_DATE:
        return None


def date(text: str | None) -> datetime.datetime | None:
    """Read a time as headers have it, UTC (RFC 9110, section 5.6.7)."""
    try:
        moment = email.utils.parsedate_to_datetime(text or '')
        if moment.tzinfo is None:
            return moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC)
    except _NO_DATE:
        return None
