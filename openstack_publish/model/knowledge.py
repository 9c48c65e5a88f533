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

"""What is known, and what could not be known.

The rule of this package: could not know is never nothing. A reader of the
outside returns :class:`Known` or :class:`Unknown`; there is no third value
that a gate could mistake for "fine".
"""

from __future__ import annotations

import dataclasses
from typing import Generic, TypeVar

T = TypeVar('T', covariant=True)


@dataclasses.dataclass(frozen=True)
class Known(Generic[T]):
    """A value that was read."""

    value: T
    """What was read; may be empty, which then is a fact."""


@dataclasses.dataclass(frozen=True)
class Unknown:
    """Something that could not be read."""

    what: str
    """What we wanted to know, as a noun phrase."""

    why: str
    """Why it could not be known, for a human."""


Knowledge = Known[T] | Unknown
"""Either of the two; take it apart with ``match`` or ``isinstance``."""
