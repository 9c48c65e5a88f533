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

"""Receipts as JSON, key by key as the contract has them.

The form is ``openstack-publish/receipt/1``; its schema is shipped as
``openstack_publish/data/receipt-1.schema.json``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence

from openstack_publish.model import checkup
from openstack_publish.model import credential
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import receipt
from openstack_publish.model import signing
from openstack_publish.render import moment

Document = dict[str, object]


def text(document: object) -> str:
    """Return a JSON document as text: ASCII, so no terminal obeys it."""
    return json.dumps(document, indent=2, ensure_ascii=True) + '\n'


def of_receipt(story: receipt.Receipt, version: str) -> Document:
    """Return a receipt as a JSON document.

    :param version: of this tool
    """
    return {
        'schema': receipt.SCHEMA,
        'outcome': story.outcome.value,
        'exit_code': receipt.exit_code(story.outcome),
        'tool': {'name': 'openstack-publish', 'version': version},
        'started': moment.rfc3339(story.started),
        'finished': _moment(story.finished),
        'release': _release(story.release),
        'index': None if story.index is None else _index(story.index),
        'token_user_id': story.token_user_id,
        'artifacts': [_artifact(artifact) for artifact in story.artifacts],
        'maintainers': {
            'before': _maintainers(story.before),
            'after': _maintainers(story.after),
            'drift': None if story.drift is None else list(story.drift),
        },
        'archive': None if story.archive is None else _archive(story.archive),
        'findings': [of_finding(found) for found in story.findings],
        'steps': [
            {
                'number': step.number,
                'name': step.name,
                'seconds': round(step.seconds, 3),
                'outcome': step.outcome,
            }
            for step in story.steps
        ],
    }


def of_finding(found: finding.Finding) -> Document:
    """Return a finding as a JSON document."""
    return {
        'code': found.code,
        'severity': found.severity,
        'verdict': found.verdict,
        'subject': found.subject,
        'message': found.message,
        'path': found.path,
        'line': found.line,
        'remedy': found.remedy,
    }


def of_signing(told: signing.Signing) -> list[Document]:
    """Return what signing left behind as a JSON document."""
    return [
        {
            'filename': file.filename,
            'sha256': file.sha256,
            'signature': _signature(file),
            'created_now': file.created_now,
        }
        for file in told.files
    ]


def of_credential(told: credential.Description | None) -> Document:
    """Return the description of a credential as a JSON document.

    :param told: None where nothing could be said of one: all is null then
    """
    held = None if told is None else told.credential
    return {
        'kind': None if held is None else held.kind,
        'username': None if held is None else held.username,
        'upload_url': None if told is None else told.upload_url,
        'user_id': None if held is None else held.user_id,
        'projects': (
            None
            if held is None or held.projects is None
            else sorted(held.projects)
        ),
        'not_before': _moment(None if held is None else held.not_before),
        'not_after': _moment(None if held is None else held.not_after),
        'unread_caveats': None if held is None else held.unread_caveats,
        'state': None if told is None else told.state,
        'project': None if told is None else told.project,
        'for_project': None if told is None else told.for_project,
        'findings': (
            []
            if told is None
            else [of_finding(found) for found in told.findings]
        ),
    }


def of_checkup(checks: Sequence[checkup.Check]) -> list[Document]:
    """Return the checks of an examination as a JSON document."""
    return [
        {
            'name': check.name,
            'verdict': check.verdict,
            'detail': check.detail,
        }
        for check in checks
    ]


def of_role(role: maintainers.Role) -> Document:
    """Return a role as a JSON document."""
    return {'user': role.user, 'role': role.role}


def _moment(when: datetime.datetime | None) -> str | None:
    return None if when is None else moment.rfc3339(when)


def _release(release: receipt.ReleaseSummary) -> Document:
    return {
        'deliverable': release.deliverable,
        'series': release.series,
        'team': release.team,
        'version': release.version,
        'repo': release.repo,
        'hash': release.commit,
        'project': release.project,
        'order_commit': release.order_commit,
    }


def _index(index: receipt.IndexSummary) -> Document:
    return {
        'kind': index.kind,
        'upload_url': index.upload_url,
        'read_url': index.read_url,
        'keeps_signatures': index.keeps_signatures,
        'serial': index.serial,
    }


def _artifact(artifact: receipt.Artifact) -> Document:
    dist = artifact.distribution
    return {
        'filename': dist.filename,
        'kind': dist.kind,
        'size': dist.size,
        'sha256': dist.sha256,
        'blake2b_256': dist.blake2b_256,
        'step': artifact.step,
        'confirmed': artifact.confirmed,
        'url': artifact.url,
        'signature': _signature(artifact),
    }


def _signature(
    artifact: receipt.Artifact | signing.SignedFile,
) -> Document | None:
    if artifact.signature is None:
        return None
    return {
        'filename': artifact.signature_filename,
        'sha256': artifact.signature_sha256,
        'fingerprint': artifact.signature.fingerprint,
        'primary_fingerprint': artifact.signature.primary,
        'created': moment.rfc3339(artifact.signature.created),
    }


def _maintainers(reading: receipt.MaintainersReading) -> Document:
    roles: list[Document] = []
    organization: str | None = None
    if reading.maintainers is not None:
        roles = [of_role(role) for role in reading.maintainers.roles]
        match reading.maintainers.organization:
            case knowledge.Known(value=value):
                organization = value
            case knowledge.Unknown():
                pass
    return {
        'state': reading.state,
        'reason': reading.reason,
        'roles': roles,
        'organization': organization,
    }


def _archive(archive: receipt.ArchiveSummary) -> Document:
    return {
        'place': archive.place,
        'files': [
            {'filename': file.filename, 'state': file.state}
            for file in archive.files
        ],
    }
