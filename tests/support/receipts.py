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

"""The receipt's JSON Schema, for tests that hold documents against it."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

import jsonschema

Document = dict[str, Any]
"""A JSON document; what it holds is for the schema to say."""


def validate(document: object) -> None:
    """Hold a document against the shipped schema.

    :raises ValidationError: it doesn't fit
    """
    text = (
        importlib.resources.files('openstack_publish')
        .joinpath('data', 'receipt-1.schema.json')
        .read_text('utf-8')
    )
    schema = json.loads(text)
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    checker(schema).validate(document)
