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

"""What PyPI refuses in core metadata beyond the specification (OSP308).

What the specification itself forbids, the reader of a file has seen. Here
is what ``forklift/metadata.py`` of PyPI adds (read as of 2025).
"""

from __future__ import annotations

import email.utils
import re
import urllib.parse
from collections.abc import Iterator

import trove_classifiers
from packaging import requirements
from packaging import version as packaging_version

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.rules import findings

LONGEST_SUMMARY = 512
"""Characters."""

LONGEST_LABEL = 32
"""Characters of a Project-URL's label."""

_ADDRESS = re.compile(r'[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+')
_WITH_LICENSE_FILES = packaging_version.Version('2.4')
_INCOMPLETE = frozenset(
    {distribution.Fault.UNREADABLE, distribution.Fault.TOO_LARGE_INSIDE}
)


def problems(
    dist: distribution.Distribution, metadata: distribution.Metadata
) -> Iterator[finding.Finding]:
    """Return what PyPI would refuse in the metadata of one file."""
    for problem in (
        *_classifiers(metadata),
        *_summary(metadata),
        *_license(dist, metadata),
        *_addresses(metadata),
        *_urls(metadata),
        *_older_dependencies(metadata),
    ):
        yield findings.failed('OSP308', dist.filename, problem)


def _classifiers(metadata: distribution.Metadata) -> Iterator[str]:
    for classifier in sorted(set(metadata.classifiers)):
        if classifier.startswith('Private ::'):
            yield (
                f'Classifier {classifier}: such a classifier asks that the '
                'file be kept off PyPI, which refuses it'
            )
        elif classifier in trove_classifiers.deprecated_classifiers:
            instead = trove_classifiers.deprecated_classifiers[classifier]
            yield (
                f'Classifier {classifier} is deprecated, '
                + (
                    f'in favour of {", ".join(instead)}'
                    if instead
                    else 'without a successor'
                )
            )
        elif classifier not in trove_classifiers.classifiers:
            yield f'Classifier {classifier} does not exist'


def _summary(metadata: distribution.Metadata) -> Iterator[str]:
    summary = metadata.summary or ''
    if len(summary) > LONGEST_SUMMARY:
        yield (
            f'Summary has {len(summary)} characters; the limit is '
            f'{LONGEST_SUMMARY}'
        )


def _license(
    dist: distribution.Distribution, metadata: distribution.Metadata
) -> Iterator[str]:
    if metadata.license and metadata.license_expression:
        yield 'License and License-Expression are both there; one may be'
    if any(defect.fault in _INCOMPLETE for defect in dist.defects):
        return
    try:
        version = packaging_version.Version(metadata.metadata_version)
    except ValueError:
        return
    if version < _WITH_LICENSE_FILES:
        # Twine doesn't send License-File of an older form.
        return
    members = {member.removeprefix('./') for member in dist.members}
    for name in metadata.license_files:
        path = _license_path(dist, name)
        if path not in members:
            yield f'License-File {name} is not in the file, at {path}'


def _license_path(dist: distribution.Distribution, name: str) -> str:
    """Return where a license file has to be (PEP 639)."""
    if dist.kind == 'bdist_wheel':
        stem = '-'.join(dist.filename.split('-')[:2])
        return f'{stem}.dist-info/licenses/{name}'
    top = dist.members[0].removeprefix('./').split('/')[0]
    return f'{top}/{name}'


def _addresses(metadata: distribution.Metadata) -> Iterator[str]:
    for field, value in (
        ('Author-email', metadata.author_email),
        ('Maintainer-email', metadata.maintainer_email),
    ):
        if value is None:
            continue
        # PyPI looks at the first address only.
        _, address = email.utils.parseaddr(value)
        if address and not _ADDRESS.fullmatch(address):
            yield f'{field} {value}: {address} is no e-mail address'


def _urls(metadata: distribution.Metadata) -> Iterator[str]:
    for field, value in (
        ('Home-page', metadata.home_page),
        ('Download-URL', metadata.download_url),
    ):
        if value is not None and not _is_url(value):
            yield f'{field} {value} is no http or https URL'
    for entry in metadata.project_urls:
        label, _, url = (part.strip() for part in entry.partition(','))
        if not label or not url:
            yield f'Project-URL {entry} needs a label, a comma and a URL'
        elif len(label) > LONGEST_LABEL:
            yield (
                f'Project-URL {entry}: the label has {len(label)} '
                f'characters; the limit is {LONGEST_LABEL}'
            )
        elif not _is_url(url):
            yield f'Project-URL {entry}: {url} is no http or https URL'


def _is_url(text: str) -> bool:
    if any(char.isspace() for char in text):
        return False
    try:
        return urllib.parse.urlsplit(text).scheme in ('http', 'https')
    except ValueError:
        return False


def _older_dependencies(metadata: distribution.Metadata) -> Iterator[str]:
    for field, values in (
        ('Provides-Dist', metadata.provides_dist),
        ('Obsoletes-Dist', metadata.obsoletes_dist),
    ):
        for value in values:
            try:
                requirements.Requirement(value)
            except (ValueError, RecursionError):
                yield f'{field} {value} is no requirement'
