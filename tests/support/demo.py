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

"""Values of one demonstration release, to be changed by each test."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from typing import Any

from openstack_publish.model import distribution
from openstack_publish.model import knowledge
from openstack_publish.model import listing
from openstack_publish.model import maintainers
from openstack_publish.model import names

NOW = datetime.datetime(2026, 11, 21, 12, 0, 0, tzinfo=datetime.UTC)
SDIST = 'oslo_demo-1.2.0.tar.gz'
WHEEL = 'oslo_demo-1.2.0-py3-none-any.whl'
UNKNOWN = knowledge.Unknown('a part of the listing', 'HTTP 500')


def digest(text: str) -> str:
    """Return the SHA-256 that a demonstration file has."""
    return hashlib.sha256(text.encode()).hexdigest()


def metadata(**changes: Any) -> distribution.Metadata:
    """Return sound core metadata."""
    sound = distribution.Metadata(
        metadata_version='2.4',
        name='oslo.demo',
        version='1.2.0',
        summary='A demonstration',
        description='A demonstration\n===============\n',
        description_content_type='text/x-rst',
        classifiers=('Environment :: OpenStack',),
        requires_dist=('pbr>=6.1.1',),
        requires_python='>=3.11',
        license_expression='Apache-2.0',
    )
    return dataclasses.replace(sound, **changes)


def sdist(**changes: Any) -> distribution.Distribution:
    """Return a sound sdist; metadata's fields may be given, too."""
    return _dist(SDIST, 'sdist', (), ('oslo_demo-1.2.0/PKG-INFO',), changes)


def wheel(**changes: Any) -> distribution.Distribution:
    """Return a sound wheel; metadata's fields may be given, too."""
    return _dist(
        WHEEL,
        'bdist_wheel',
        ('py3-none-any',),
        ('oslo_demo-1.2.0.dist-info/METADATA',),
        changes,
    )


def _dist(
    filename: str,
    kind: distribution.Kind,
    tags: tuple[str, ...],
    members: tuple[str, ...],
    changes: dict[str, Any],
) -> distribution.Distribution:
    filename = changes.get('filename', filename)
    of_metadata = {
        field.name: changes.pop(field.name)
        for field in dataclasses.fields(distribution.Metadata)
        if field.name in changes
    }
    sound = distribution.Distribution(
        path=f'dist/{filename}',
        filename=filename,
        kind=kind,
        size=1000,
        sha256=digest(filename),
        blake2b_256=digest(f'blake2 {filename}'),
        metadata=metadata(**of_metadata),
        build_commit=distribution.BuildCommit('abc1234', True),
        wheel_tags=tags,
        members=members,
    )
    return dataclasses.replace(sound, **changes)


def listed_file(filename: str, **changes: Any) -> listing.ListedFile:
    """Return a file as an index lists it, uploaded an hour ago."""
    sound = listing.ListedFile(
        filename=filename,
        url=f'http://127.0.0.1/{filename}',
        sha256=digest(filename),
        size=1000,
        uploaded=NOW - datetime.timedelta(hours=1),
    )
    return dataclasses.replace(sound, **changes)


def listed(*release: listing.ListedFile, **changes: Any) -> listing.Listing:
    """Return an existing project with these files in the release."""
    sound = listing.Listing(
        project=names.project_name('oslo.demo'),
        version='1.2.0',
        new=knowledge.Known(False),
        status=knowledge.Known('active'),
        files=knowledge.Known(
            (*release, listed_file('oslo_demo-1.1.0.tar.gz'))
        ),
        release=knowledge.Known(release),
        maintainers=knowledge.Known(
            maintainers.Maintainers(
                (maintainers.Role('openstackci', 'Owner'),),
                knowledge.Known(None),
            )
        ),
    )
    return dataclasses.replace(sound, **changes)
