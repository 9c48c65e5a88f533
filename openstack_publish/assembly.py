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

"""Builds the gates from plain values; nothing else knows their classes."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openstack_publish import describe
from openstack_publish import doctor
from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish import sign
from openstack_publish.gates import archive
from openstack_publish.gates import checkout
from openstack_publish.gates import clock
from openstack_publish.gates import distfiles
from openstack_publish.gates import index
from openstack_publish.gates import openpgp
from openstack_publish.gates import policyfile
from openstack_publish.gates import probe
from openstack_publish.gates import processes
from openstack_publish.gates import receiptfile
from openstack_publish.gates import sourcetree
from openstack_publish.gates import web
from openstack_publish.gates import worktree
from openstack_publish.model import listing
from openstack_publish.model import policy
from openstack_publish.proof import request

# twine takes 0.15 s to load (2026-11), for as long as gpg to find a key; so
# the functions below load it where they need it, and publication() begins
# with gpg.
if TYPE_CHECKING:
    from openstack_publish.gates import credentials
    from openstack_publish.gates import uploader

READ_TIMEOUT = 60.0
"""Longest wait for a part of an answer, in seconds."""


@dataclasses.dataclass(frozen=True)
class Configuration:
    """What options and environment say, as plain values."""

    releases: str | None = None
    policy: str | None = None
    repository: str = 'pypi'
    repository_url: str | None = None
    read_url: str | None = None
    config_file: str = '~/.pypirc'
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    cert: str | None = None
    client_cert: str | None = None
    non_interactive: bool = True
    attestations: bool = False
    sign_key: str | None = None
    gnupg_home: str | None = None
    sign_key_file: str | None = None
    passphrase: str | None = dataclasses.field(default=None, repr=False)
    archive: str | None = None
    source_tree: str | None = None
    timeout: float = READ_TIMEOUT
    environment: Mapping[str, str] = dataclasses.field(
        default_factory=dict, repr=False
    )


@dataclasses.dataclass(frozen=True)
class Publication:
    """Everything that publishing needs."""

    policy: policy.Policy
    gates: request.Gates


@contextlib.contextmanager
def publication(
    configuration: Configuration, observer: seams.Observer
) -> Iterator[Publication]:
    """Build what publishing needs, and put it away at the end.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    if configuration.releases is None:
        raise exceptions.Misconfigured(
            'name the checkout of openstack/releases that orders the '
            'release, with --releases or OPENSTACK_PUBLISH_RELEASES',
            where='--releases',
        )
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    rules = policyfile.read(
        configuration.policy, configuration.releases, configuration.repository
    )
    with contextlib.ExitStack() as stack:
        signer = stack.enter_context(_signer(configuration, runner))
        signer.prepare()
        sender = _sender(configuration, time)
        reader = web.Web(
            clock=time,
            timeout=configuration.timeout,
            cert=configuration.cert,
            client_cert=configuration.client_cert,
        )
        yield Publication(
            rules,
            request.Gates(
                distributions=distfiles.Distributions(),
                checkout=checkout.Checkout(configuration.releases, runner),
                index=_index(
                    rules.index,
                    reader,
                    read_url(configuration, sender.upload_url, rules.index),
                ),
                uploader=sender,
                signer=signer,
                archive=(
                    None
                    if configuration.archive is None
                    else archive.DirectoryArchive(configuration.archive)
                ),
                receipts=receiptfile.ReceiptFiles(),
                clock=time,
                observer=observer,
                source_tree=(
                    None
                    if configuration.source_tree is None
                    else sourcetree.SourceTree(
                        configuration.source_tree, runner
                    )
                ),
            ),
        )


@dataclasses.dataclass(frozen=True)
class Signing:
    """Everything that signing needs."""

    policy: policy.Policy
    gates: sign.Gates


@contextlib.contextmanager
def signing(
    configuration: Configuration, observer: seams.Observer
) -> Iterator[Signing]:
    """Build what signing needs, and put it away at the end.

    :raises Misconfigured: something that was named isn't there or is wrong
    """
    runner = processes.Processes(configuration.environment)
    releases = configuration.releases
    rules = policyfile.read(configuration.policy, releases)
    with _signer(configuration, runner) as signer:
        yield Signing(
            rules,
            sign.Gates(
                distributions=distfiles.Distributions(),
                checkout=(
                    None
                    if releases is None
                    else checkout.Checkout(releases, runner)
                ),
                signer=signer,
                clock=clock.SystemClock(),
                observer=observer,
            ),
        )


def description(configuration: Configuration) -> describe.Gates:
    """Build what describing the credential needs.

    :raises Misconfigured: the configuration is wrong
    """
    return describe.Gates(_login(configuration), clock.SystemClock())


@contextlib.contextmanager
def examination(
    configuration: Configuration, observer: seams.Observer
) -> Iterator[doctor.Gates]:
    """Build what an examination needs, and put it away at the end.

    Whatever is named wrongly shows in the line that is about it.
    """
    time = clock.SystemClock()
    runner = processes.Processes(configuration.environment)
    releases = configuration.releases

    def allowed() -> policy.Policy:
        return policyfile.read(
            configuration.policy, releases, configuration.repository
        )

    def login() -> credentials.TwineCredentials:
        return _login(configuration)

    def question() -> probe.IndexProbe:
        try:
            kind = allowed().index
        except exceptions.PublishError:
            kind = 'pypi'
        reader = web.Web(
            clock=time,
            # An answer as a whole may take twice as long.
            timeout=doctor.LIMIT / 2,
            tries=1,
            cert=configuration.cert,
            client_cert=configuration.client_cert,
        )
        url = read_url(configuration, login().upload_url, kind)
        return probe.IndexProbe(reader, url, kind, time)

    with contextlib.ExitStack() as stack:
        yield doctor.Gates(
            gnupg=openpgp.Inspection(
                runner,
                gnupg_home=configuration.gnupg_home,
                from_file=configuration.sign_key_file is not None,
            ),
            signer=lambda: stack.enter_context(_signer(configuration, runner)),
            probe=question,
            credentials=login,
            policy=allowed,
            checkout=(
                None
                if releases is None
                else lambda: checkout.Checkout(releases, runner)
            ),
            worktree=(
                None
                if releases is None
                else worktree.WorkTree(releases, runner)
            ),
            clock=time,
            observer=observer,
        )


def _signer(
    configuration: Configuration, runner: processes.Processes
) -> openpgp.OpenPGP:
    return openpgp.OpenPGP(
        runner,
        sign_key=configuration.sign_key,
        gnupg_home=configuration.gnupg_home,
        sign_key_file=configuration.sign_key_file,
        passphrase=configuration.passphrase,
    )


def _index(kind: listing.IndexKind, reader: web.Web, url: str) -> seams.Index:
    if kind == 'plain':
        return index.PlainIndex(reader, url)
    return index.PypiIndex(reader, url)


def read_url(
    configuration: Configuration, upload_url: str, kind: listing.IndexKind
) -> str:
    """Return where the index is read.

    PyPI is read at its web root, or as a plain index at its simple index;
    any other index at its upload URL without the ``/legacy/`` that PyPI's
    software has there.
    """
    if configuration.read_url is not None:
        return configuration.read_url
    from openstack_publish.gates import uploader

    if upload_url == uploader.PYPI_UPLOAD_URL:
        simple = '/simple/' if kind == 'plain' else ''
        return uploader.PYPI_WEB_URL.rstrip('/') + simple
    return upload_url.rstrip('/').removesuffix('/legacy') + '/'


def _sender(
    configuration: Configuration, time: seams.Clock
) -> uploader.TwineUploader:
    from openstack_publish.gates import uploader

    return uploader.TwineUploader(
        _login(configuration), time, attestations=configuration.attestations
    )


def _login(configuration: Configuration) -> credentials.TwineCredentials:
    from openstack_publish.gates import credentials

    return credentials.TwineCredentials(
        credentials.UploadSettings(
            repository=configuration.repository,
            repository_url=configuration.repository_url,
            config_file=configuration.config_file,
            username=configuration.username,
            password=configuration.password,
            cert=configuration.cert,
            client_cert=configuration.client_cert,
            non_interactive=configuration.non_interactive,
        )
    )
