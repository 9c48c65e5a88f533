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

"""Gates that several use-cases need, each built in one way."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.assembly import settings
from openstack_publish.gates import index
from openstack_publish.gates import openpgp
from openstack_publish.gates import processes
from openstack_publish.gates import web
from openstack_publish.model import listing

# twine takes 0.15 s to load (2026-11), for as long as gpg to find a key; so
# the functions below load it where they need it, and publication() begins
# with gpg.
if TYPE_CHECKING:
    from openstack_publish.gates import credentials
    from openstack_publish.gates import uploader


ARCHIVE = 'https://tarballs.opendev.org'
"""The site with the originals of what OpenStack has on PyPI (openstack/
project-config, playbooks/publish/openstack-artifacts.yaml, 2026-08-17)."""


def signer(
    configuration: settings.Configuration, runner: processes.Processes
) -> openpgp.OpenPGP:
    """Return the keys to sign and to verify with; enter it to use it."""
    return openpgp.OpenPGP(
        runner,
        sign_key=configuration.sign_key,
        gnupg_home=configuration.gnupg_home,
        sign_key_file=configuration.sign_key_file,
        passphrase=configuration.passphrase,
    )


def verifier(
    runner: processes.Processes,
) -> contextlib.AbstractContextManager[seams.Verifier]:
    """Return public keys to verify with; enter it to use it."""
    return openpgp.Verifier(runner)


def releases(configuration: settings.Configuration) -> str:
    """Return the checkout of openstack/releases that was named.

    :raises Misconfigured: none was
    """
    if configuration.releases is None:
        raise exceptions.Misconfigured(
            'name the checkout of openstack/releases that orders what is '
            'released, with --releases or OPENSTACK_PUBLISH_RELEASES',
            where='--releases',
        )
    return configuration.releases


def reader(
    configuration: settings.Configuration,
    time: seams.Clock,
    *,
    window: float = web.WINDOW,
) -> web.Web:
    """Return what asks an index; enter it, and it is closed at the end.

    :param window: longest wait for an index that has too much to do, in
        seconds
    :raises Misconfigured: a certificate file isn't there
    """
    return web.Web(
        time,
        timeout=configuration.timeout,
        window=window,
        connections=configuration.jobs,
        cert=configuration.cert,
        client_cert=configuration.client_cert,
    )


def index_of(
    kind: listing.IndexKind,
    reader: web.Web,
    url: str,
    kept: seams.Cache | None = None,
) -> contextlib.AbstractContextManager[seams.Index]:
    """Return the read side of an index; enter it, and it is closed.

    :param kept: what overviews are content with where it is still true
    """
    if kind == 'plain':
        return index.PlainIndex(reader, url, kept)
    return index.PypiIndex(reader, url, kept)


def with_archive(
    configuration: settings.Configuration,
) -> settings.Configuration:
    """Return the configuration with the archive that belongs to PyPI.

    It has the originals of what is on PyPI, and of no other index.
    """
    if configuration.archive is None and configuration.read_url is None:
        return dataclasses.replace(configuration, archive=ARCHIVE)
    return configuration


def originals(
    configuration: settings.Configuration, reader: web.Web
) -> seams.Originals | None:
    """Return the archive to read from; None where none was named.

    :param reader: asks it where it is a site
    :raises Misconfigured: it is no directory, or its URL may not be asked
    """
    place = configuration.archive
    if place is None:
        return None
    from openstack_publish.gates import archive

    if '://' in place:
        return archive.SiteOriginals(reader, place)
    return archive.DirectoryOriginals(place)


def read_url(
    configuration: settings.Configuration,
    upload_url: str | None,
    kind: listing.IndexKind,
) -> str:
    """Return where the index is read.

    PyPI is read at its web root, or as a plain index at its simple index;
    any other index at its upload URL without the ``/legacy/`` that PyPI's
    software has there.

    :param upload_url: None where nothing is uploaded; then it is PyPI
    """
    if configuration.read_url is not None:
        return configuration.read_url
    from openstack_publish.gates import uploader

    if upload_url is None or upload_url == uploader.PYPI_UPLOAD_URL:
        simple = '/simple/' if kind == 'plain' else ''
        return uploader.PYPI_WEB_URL.rstrip('/') + simple
    return upload_url.rstrip('/').removesuffix('/legacy') + '/'


def sender(
    configuration: settings.Configuration, time: seams.Clock
) -> uploader.TwineUploader:
    """Return the upload side, and how to log in there.

    :raises Misconfigured: the configuration is wrong
    """
    from openstack_publish.gates import uploader

    return uploader.TwineUploader(
        login(configuration), time, attestations=configuration.attestations
    )


def login(
    configuration: settings.Configuration,
) -> credentials.TwineCredentials:
    """Return how to log in, as twine would.

    :raises Misconfigured: the configuration is wrong
    """
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
