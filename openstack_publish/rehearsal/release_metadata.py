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

"""What the JSON API says of a release's core metadata."""

from __future__ import annotations

from collections.abc import Mapping

from packaging import metadata


def of(parsed: metadata.Metadata) -> Mapping[str, object]:
    """Return the metadata of a first file, by the names of ``info``."""
    return {
        'author': parsed.author or '',
        'author_email': parsed.author_email or '',
        'classifiers': sorted(parsed.classifiers or []),
        'description': parsed.description or '',
        'description_content_type': parsed.description_content_type,
        'download_url': parsed.download_url or '',
        'dynamic': parsed.dynamic,
        'home_page': parsed.home_page or '',
        'keywords': ', '.join(parsed.keywords or []),
        'license': parsed.license or '',
        'license_expression': parsed.license_expression,
        'license_files': parsed.license_files,
        'maintainer': parsed.maintainer or '',
        'maintainer_email': parsed.maintainer_email or '',
        'platform': (parsed.platforms or [''])[0],
        'project_urls': parsed.project_urls,
        'provides_extra': parsed.provides_extra,
        'requires_dist': [str(each) for each in parsed.requires_dist]
        if parsed.requires_dist
        else None,
        'requires_python': str(parsed.requires_python)
        if parsed.requires_python
        else '',
        'summary': parsed.summary or '',
    }
