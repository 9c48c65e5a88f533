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

"""Calls of PyPI's XML-RPC interface."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable
from typing import TypeVar

from defusedxml import xmlrpc as defused_xmlrpc

from openstack_publish import exceptions
from openstack_publish.gates import web
from openstack_publish.model import knowledge

T = TypeVar('T')

XML = 'text/xml'


def call(
    reader: web.Web,
    root: str,
    method: str,
    argument: str | int | None,
    read: Callable[[object], T],
    *,
    what: str,
    max_bytes: int,
) -> knowledge.Knowledge[T]:
    """Call a method and read its one result.

    :param root: the index's web root, without a slash at its end
    :param read: makes a value of the result, and raises ValueError,
        TypeError or the like where it has another form
    :param what: we want to know
    :param max_bytes: of the answer
    """
    arguments = () if argument is None else (argument,)
    question = xmlrpc.client.dumps(arguments, method)
    try:
        answer = reader.post(
            f'{root}/pypi', question.encode('utf-8'), XML, max_bytes=max_bytes
        )
    except exceptions.Unavailable as error:
        return knowledge.Unknown(what, error.cause)
    if answer.status != 200:
        return knowledge.Unknown(what, f'the server answers {answer.status}')
    try:
        return knowledge.Known(read(_result(answer.body)))
    except xmlrpc.client.Fault as fault:
        # Over its limit PyPI answers 200 with a fault (seen 2026-11-21).
        return knowledge.Unknown(what, fault.faultString)
    except Exception as error:  # noqa: BLE001
        # xmlrpc.client stumbles over malformed answers in a dozen ways:
        # ExpatError, IndexError, KeyError, TypeError, ResponseError ...
        return knowledge.Unknown(
            what,
            f'{len(answer.body)} bytes that are no answer to {method} '
            f'({type(error).__name__})',
        )


def _result(body: bytes) -> object:
    target = xmlrpc.client.Unmarshaller()
    parser = defused_xmlrpc.DefusedExpatParser(target, forbid_dtd=True)
    parser.feed(body)
    parser.close()
    (result,) = target.close()
    return result
