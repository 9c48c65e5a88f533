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

"""python-gnupg, with limits and with nothing secret in its log."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import gnupg

from openstack_publish import exceptions
from openstack_publish.gates.openpgp import certificates
from openstack_publish.gates.openpgp import status

TIMEOUT = 60.0
"""Longest run of one gpg, in seconds. Hashing the largest file that PyPI
takes is a matter of seconds; what lasts longer waits for somebody."""

ENCODING = 'latin-1'
"""Reads every byte. A user id that is no UTF-8 would end the thread that
reads gpg's output, and with it all that gpg said."""

COMMON_OPTIONS = (
    # Nothing is ever fetched while a release is judged.
    '--no-auto-key-retrieve',
    '--disable-dirmngr',
)

VERIFY_OPTIONS = (
    *COMMON_OPTIONS,
    '--no-options',
    '--no-autostart',
    # Text of the signer's choice has no place among what we read.
    '--verify-options',
    'no-show-std-notations,no-show-user-notations,'
    'no-show-policy-urls,no-show-keyserver-urls',
)

PRIVATE_OPTIONS = (*COMMON_OPTIONS, '--no-options')
"""For a home of ours with a secret key in it."""


class Client(gnupg.GPG):  # type: ignore[misc]  # it ships no types
    """A gpg over one home.

    What it calls on python-gnupg is ``gnupg.GPG``'s public methods; it
    overrides three to set the limit, to end what a signal interrupts and to
    keep the log clean.

    :param home: the GnuPG home
    :param environment: of the child processes
    :param options: given to every gpg
    :raises Unavailable: gpg isn't installed or does not run
    """

    def __init__(
        self,
        home: str,
        environment: Mapping[str, str],
        options: tuple[str, ...],
    ) -> None:
        self.ran_out = False
        self.limit = TIMEOUT
        self._process: Any = None
        with translated('running gpg'):
            super().__init__(
                gpgbinary=found(environment),
                gnupghome=home,
                options=list(options),
                env=dict(environment),
                encoding=ENCODING,
            )

    def make_args(self, args: list[str], passphrase: bool) -> list[str]:
        """Return the command line of a gpg.

        python-gnupg adds ``--debug ipc`` where DEBUG_IPC is in our
        environment, and then logs what gpg tells its agent: the passphrase
        in clear (tried with 0.5.7 and gpg 2.2.40, 2026-11).
        """
        command: list[str] = super().make_args(args, passphrase)
        if '--debug' in command:
            at = command.index('--debug')
            del command[at : at + 2]
        return command

    def _open_subprocess(
        self, args: list[str], passphrase: bool = False
    ) -> Any:
        self._process = super()._open_subprocess(args, passphrase)
        return self._process

    def _collect_output(
        self, process: Any, result: Any, writer: Any = None, stdin: Any = None
    ) -> Any:
        # Every gpg of python-gnupg comes by here, and waits without a limit
        # (0.5.7, 2026-11).
        def stop() -> None:
            self.ran_out = True
            process.kill()

        timer = threading.Timer(self.limit, stop)
        timer.daemon = True
        timer.start()
        try:
            return super()._collect_output(process, result, writer, stdin)
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def asked(self, what: str) -> Iterator[None]:
        """Let out only our exceptions, and say when the limit was hit.

        :param what: what gpg is to do, for the message
        :raises Unavailable: gpg could not be run, or not to its end
        """
        self.ran_out = False
        with translated(what):
            try:
                yield
            except KeyboardInterrupt:
                # gpg would go on: write where we clean up, in a home that we
                # remove, a signature over what it was given so far.
                self._end()
                raise
            finally:
                if self.ran_out:
                    raise exceptions.Unavailable(
                        what, f'gpg did not end within {self.limit:g} s'
                    )

    def _end(self) -> None:
        """End the gpg that runs, if one does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def listed(
        self, fingerprint: str | None = None, *, secret: bool = False
    ) -> tuple[certificates.Certificate, ...]:
        """Return keys of the home.

        :param fingerprint: only of the certificate with this key
        :param secret: list secret keys; else public ones, with revocations
        :raises Unavailable: gpg could not be run
        """
        with self.asked('listing keys'):
            listing = self.list_keys(
                secret=secret,
                keys=None if fingerprint is None else [fingerprint],
                sigs=not secret,
            )
            if listing.returncode and not status.not_there(listing.stderr):
                raise exceptions.Unavailable(
                    f'listing the keys in {self.gnupghome}',
                    status.said(listing.stderr),
                )
            return certificates.read(listing.data)

    def scanned(self, path: str) -> tuple[certificates.Certificate, ...]:
        """Return the keys in a file without importing them.

        :raises Unavailable: gpg could not be run
        """
        with self.asked('reading a key file'):
            listing = self.scan_keys(path)
            said = listing.stderr
            if listing.returncode and not status.nothing_to_import(said):
                raise exceptions.Unavailable(
                    'reading a key file', status.said(said)
                )
            return certificates.read(listing.data)

    def take(self, *paths: str) -> None:
        """Import the keys in files, in the order given.

        gpg reads the file: ``import_keys_file`` would log the beginning of
        what it reads, which of a secret key is its secret part.

        :raises Unavailable: gpg could not be run
        """
        with self.asked('importing keys'):
            self.import_keys(
                b'', extra_args=['--pinentry-mode', 'error', '--', *paths]
            )


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what python-gnupg and the system raise into our exception.

    :raises Unavailable: whatever it was
    """
    try:
        yield
    except exceptions.PublishError:
        raise
    # python-gnupg has no exceptions of its own: it raises OSError,
    # ValueError, and AttributeError where its reading thread died.
    except Exception as error:
        raise exceptions.Unavailable(
            what, f'{type(error).__name__}: {error}'
        ) from error


def found(environment: Mapping[str, str]) -> str:
    """Return where gpg is.

    Asked beforehand, since python-gnupg logs a traceback where it isn't.

    :raises Unavailable: nowhere
    """
    path = environment.get('PATH', os.defpath)
    binary = shutil.which('gpg', path=path)
    if binary is None:
        raise exceptions.Unavailable(
            'running gpg',
            f'GnuPG is not installed: there is no gpg in {path}',
        )
    return binary
