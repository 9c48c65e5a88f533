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

"""The checks of an upload's core metadata, as its form states it.

PyPI reads metadata from the form, lets ``packaging.metadata`` validate it
and adds rules of its own. Texts as of August 2026.
"""

from __future__ import annotations

import email.utils
import re
import threading
import typing
import urllib.parse
from collections.abc import Mapping

import readme_renderer.rst
import trove_classifiers
from packaging import metadata
from packaging import requirements

from openstack_publish.rehearsal import forms
from openstack_publish.rehearsal import replies

METADATA_VERSIONS = frozenset(
    {'1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4', '2.5'}
)
SUMMARY_LENGTH = 512
"""Characters."""

LABEL_LENGTH = 32
"""Characters of a Project-URL's label."""

_REFERENCE = (
    'See https://packaging.python.org/specifications/core-metadata '
    'for more information.'
)

_FIRST = ('metadata-version', 'name', 'version')
"""Whose errors are told before all others: they influence them."""

_FORM_NAMES = {
    'platforms': 'platform',
    'supported_platforms': 'supported_platform',
    'license_files': 'license_file',
    'import_names': 'import_name',
    'import_namespaces': 'import_namespace',
}
"""Form fields that are not called like the raw metadata's."""

_RENDERING = threading.Lock()
"""docutils keeps its roles and directives in module globals."""


def parse(form: forms.Form) -> metadata.Metadata:
    """Return the metadata that a form states.

    :raises .replies.Refusal: one of its fields is refused
    """
    try:
        parsed = metadata.Metadata.from_raw(_raw(form))
    except ExceptionGroup as group:
        errors = [
            error
            for error in group.exceptions
            if isinstance(error, metadata.InvalidMetadata)
        ]
        raise replies.Refusal(400, _worst(errors)) from group
    errors = list(_own_rules(parsed))
    if errors:
        raise replies.Refusal(400, _worst(errors))
    return parsed


def check_description(parsed: metadata.Metadata, help_url: str) -> None:
    """Check that the description renders.

    Markdown and plain text always do.

    :raises .replies.Refusal: it does not
    """
    if not parsed.description:
        return
    content_type = parsed.description_content_type
    kind = (content_type or 'text/x-rst').partition(';')[0].strip().lower()
    if kind != 'text/x-rst':
        return
    with _RENDERING:
        rendered = readme_renderer.rst.render(parsed.description)
    if rendered is None:
        how = (
            f"for '{content_type}'"
            if content_type
            else 'in the default format of reStructuredText'
        )
        raise replies.Refusal(
            400,
            f'The description failed to render {how}. '
            f'See {help_url}#description-content-type for more information.',
        )


def for_json(parsed: metadata.Metadata) -> Mapping[str, object]:
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


def _worst(errors: list[metadata.InvalidMetadata]) -> str:
    """Return what PyPI says where several fields are wrong."""
    fields = {error.field for error in errors}
    told = next((field for field in _FIRST if field in fields), min(fields))
    message = str(next(error for error in errors if error.field == told))
    return f'{message.removesuffix(".")}. {_REFERENCE}'


def _raw(form: forms.Form) -> metadata.RawMetadata:
    hints = typing.get_type_hints(metadata.RawMetadata)
    raw: dict[str, object] = {}
    bad: list[metadata.InvalidMetadata] = []
    for name, hint in hints.items():
        form_name = _FORM_NAMES.get(name, name)
        values = form.values.get(form_name, [])
        if values in ([], ['']):
            continue
        if name == 'keywords' and len(values) == 1:
            raw[name] = [word.strip() for word in values[0].split(',')]
        elif name == 'project_urls':
            urls: dict[str, str] = {}
            for value in values:
                label, _, url = value.partition(',')
                if label.strip() in urls:
                    bad.append(_invalid(form_name, 'has invalid data'))
                urls[label.strip()] = url.strip()
            raw[name] = urls
        elif typing.get_origin(hint) is list:
            raw[name] = values
        elif len(values) == 1:
            raw[name] = values[0]
        else:
            bad.append(_invalid(form_name, 'has invalid data'))
    if bad:
        raise ExceptionGroup('unparsed', bad)
    return typing.cast('metadata.RawMetadata', raw)


def _invalid(field: str, what: str) -> metadata.InvalidMetadata:
    return metadata.InvalidMetadata(field, f'{field!r} {what}')


def _own_rules(
    parsed: metadata.Metadata,
) -> typing.Iterator[metadata.InvalidMetadata]:
    error = metadata.InvalidMetadata
    if parsed.metadata_version not in METADATA_VERSIONS:
        yield error(
            'metadata-version',
            f'{parsed.metadata_version!r} is not a valid metadata version',
        )
    if parsed.version.local:
        yield error(
            'version',
            f"The use of local versions in '{parsed.version}' is not allowed.",
        )
    if parsed.summary and len(parsed.summary) > SUMMARY_LENGTH:
        yield error(
            'summary',
            f"'summary' field must be {SUMMARY_LENGTH} characters or less.",
        )
    for field, value in (
        ('author-email', parsed.author_email),
        ('maintainer-email', parsed.maintainer_email),
    ):
        address = email.utils.parseaddr(value or '')[1]
        wrong = _wrong_address(address) if address else None
        if wrong:
            yield error(
                field, f'{address!r} is not a valid email address: {wrong}'
            )
    yield from _classifier_rules(parsed)
    yield from _url_rules(parsed)
    for requirement in parsed.requires_dist or []:
        if requirement.url is not None:
            yield error(
                'requires-dist',
                f"Can't have direct dependency: {requirement}",
            )
    for field, values in (
        ('provides-dist', parsed.provides_dist),
        ('obsoletes-dist', parsed.obsoletes_dist),
    ):
        for text in values or []:
            try:
                url = requirements.Requirement(text).url
            except requirements.InvalidRequirement as err:
                yield error(field, f'{text!r} is invalid: {err}')
            else:
                if url is not None:
                    yield error(
                        field, f"Can't have direct dependency: {text!r}"
                    )
    if parsed.license and parsed.license_expression:
        yield error(
            'license',
            'License is deprecated when License-Expression is present. '
            'Only License-Expression should be present.',
        )


def _classifier_rules(
    parsed: metadata.Metadata,
) -> typing.Iterator[metadata.InvalidMetadata]:
    stated = set(parsed.classifiers or [])
    known = trove_classifiers.classifiers
    deprecated = trove_classifiers.deprecated_classifiers
    for classifier in sorted(stated - known - deprecated.keys()):
        yield metadata.InvalidMetadata(
            'classifier', f'{classifier!r} is not a valid classifier.'
        )
    for classifier in sorted(stated & deprecated.keys()):
        instead = deprecated[classifier]
        advice = f', use one of {instead} instead' if instead else ''
        yield metadata.InvalidMetadata(
            'classifier',
            f'The classifier {classifier!r} has been deprecated{advice}.',
        )


def _url_rules(
    parsed: metadata.Metadata,
) -> typing.Iterator[metadata.InvalidMetadata]:
    for field, value in (
        ('home-page', parsed.home_page),
        ('download-url', parsed.download_url),
    ):
        if value is not None and not _is_url(value):
            yield metadata.InvalidMetadata(
                field, f'{value!r} is not a valid url.'
            )
    for label, url in (parsed.project_urls or {}).items():
        if not label:
            wrong = 'Must have a label'
        elif len(label) > LABEL_LENGTH:
            wrong = f'{label!r} must be {LABEL_LENGTH} characters or less.'
        elif not url:
            wrong = 'Must have a URL'
        elif not _is_url(url):
            wrong = f'{url!r} is not a valid url'
        else:
            continue
        yield metadata.InvalidMetadata('project-url', wrong)


def _is_url(text: str) -> bool:
    if re.search(r'[\s\x00-\x1f<>"{}|\\^`]', text):
        return False
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {'http', 'https'} and bool(
        parts.netloc or parts.path
    )


def _wrong_address(address: str) -> str | None:
    local, at, domain = address.rpartition('@')
    if not at:
        return 'An email address must have an @-sign.'
    if not local:
        return 'There must be something before the @-sign.'
    if '.' not in domain.strip('.'):
        return (
            'The part after the @-sign is not valid. It should have a period.'
        )
    return None
