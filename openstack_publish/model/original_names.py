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

"""The names that the files of a release may have.

Today's are fixed by PEP 625 and PEP 427. Older ones were written by the
setuptools and wheel of their day, which kept dots and upper-case letters:
``XStatic-Angular-1.5.8.0.tar.gz``, ``oslo.config-1.0.0-py2-none-any.whl``
(openstack-publish decides by names only where to look, never what is right).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging import version as packaging_version

from openstack_publish.model import deliverable
from openstack_publish.model import distribution

_TAGS = ('py3-none-any', 'py2.py3-none-any', 'py2-none-any')
"""Tags of the wheels that OpenStack ever built, the likeliest first."""

_UNSAFE = re.compile(r'[^\w.]+', re.ASCII)
"""What wheels and setuptools before PEP 625 wrote as one ``_``."""


def candidates(
    order: deliverable.Order, kind: distribution.Kind
) -> tuple[str, ...]:
    """Return the file names of a kind that an order may lead to.

    :returns: today's form first
    """
    build = _wheels if kind == 'bdist_wheel' else _sdists
    found: dict[str, None] = {}
    for source in order.sources:
        for version in _versions(order.version):
            found.update(dict.fromkeys(build(source.name, version)))
    return tuple(found)


def _sdists(name: str, version: str) -> Iterator[str]:
    yield f'{_normalised(name)}-{version}.tar.gz'
    yield f'{name}-{version}.tar.gz'
    yield f'{name.replace("_", "-")}-{version}.tar.gz'


def _wheels(name: str, version: str) -> Iterator[str]:
    for tag in _TAGS:
        yield f'{_normalised(name)}-{version}-{tag}.whl'
        yield f'{_UNSAFE.sub("_", name)}-{version}-{tag}.whl'


def _normalised(name: str) -> str:
    return re.sub(r'[-_.]+', '_', name).lower()


def _versions(written: str) -> tuple[str, ...]:
    """Return a version as written, and as a build may have written it."""
    try:
        parsed = packaging_version.Version(written)
    except ValueError:
        # InvalidVersion, or a number longer than Python reads.
        return (written,)
    forms = [written, str(parsed)]
    if parsed.pre is not None and len(parsed.release) == 3:
        # pbr counts pre-releases in a fourth part: 1.0.0a1 is 1.0.0.0a1.
        kind, number = parsed.pre
        forms.append(f'{parsed.base_version}.0{kind}{number}')
    return tuple(dict.fromkeys(forms))
