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

"""Writes plain data as YAML that the reader beside it takes."""

from __future__ import annotations

from typing import Any

import yaml

_WIDTH = 79


class _Dumper(yaml.SafeDumper):
    """Writes each value out: the reader refuses anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(
        self, flow: bool = False, indentless: bool = False
    ) -> None:
        # Lists below their key are indented, as in openstack/releases.
        super().increase_indent(flow, False)


def text(data: object) -> str:
    """Return a document: ASCII, keys in their order, begun by ``---``.

    :param data: mappings, sequences, scalars and days
    """
    return yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=False,
        default_flow_style=False,
        explicit_start=True,
        width=_WIDTH,
    )
