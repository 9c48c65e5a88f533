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

"""Options that several commands share, and the environment behind them.

twine's options keep their names and their meaning (twine 7, ``twine
upload --help``); so do its environment variables.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import sys
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NoReturn

from openstack_publish.assembly import settings
from openstack_publish.model import names

PASSPHRASE = 'OPENSTACK_PUBLISH_PASSPHRASE'  # noqa: S105  a variable's name
PROJECT_CONFIG = 'OPENSTACK_PUBLISH_PROJECT_CONFIG'
RELEASES = 'OPENSTACK_PUBLISH_RELEASES'
TOKEN = 'TWINE_PASSWORD'  # noqa: S105  a variable's name


class Refused(argparse.Action):
    """An option of twine's that is not taken, and what to do instead."""

    def __init__(
        self, option_strings: Sequence[str], dest: str, instead: str
    ) -> None:
        super().__init__(
            option_strings, dest, nargs='?', help=argparse.SUPPRESS
        )
        self._instead = instead

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> NoReturn:
        """End with a usage error that names the way to do it."""
        parser.error(f'{option_string} is not taken: {self._instead}')


def seconds(text: str) -> float:
    """Return a number of seconds, zero or more.

    :raises ArgumentTypeError: it is none
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f'{text!r} is no number of seconds')
    return number


def positive_seconds(text: str) -> float:
    """Return a number of seconds, more than zero.

    :raises ArgumentTypeError: it is none
    """
    number = seconds(text)
    if number == 0:
        raise argparse.ArgumentTypeError('must be more than 0 s')
    return number


def project(text: str) -> names.ProjectName:
    """Return a project's name in its one form.

    :raises ArgumentTypeError: it can be no project's name
    """
    if not names.is_project_name(text):
        raise argparse.ArgumentTypeError(f'{text!r} is no name of a project')
    return names.project_name(text)


def add_index(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which index, and how to log in."""
    group = parser.add_argument_group('index (as in twine)')
    add_login(group)
    add_reading(group)
    group.add_argument(
        '--disable-progress-bar',
        action='store_true',
        help='show plain lines on a terminal too',
    )
    add_timeout(group)


def add_timeout(group: argparse._ArgumentGroup) -> None:
    """Add the option that says how long a silent index is waited for."""
    group.add_argument(
        '--timeout',
        type=positive_seconds,
        default=settings.READ_TIMEOUT,
        metavar='SECONDS',
        help='longest wait for a part of an answer '
        f'[{settings.READ_TIMEOUT:g}]',
    )


def add_login(group: argparse._ArgumentGroup) -> None:
    """Add the options that say where to upload, and how to log in."""
    group.add_argument(
        '-r',
        '--repository',
        default=os.environ.get('TWINE_REPOSITORY', 'pypi'),
        metavar='NAME',
        help='section of .pypirc, or pypi or testpypi '
        '[TWINE_REPOSITORY; pypi]',
    )
    group.add_argument(
        '--repository-url',
        default=os.environ.get('TWINE_REPOSITORY_URL'),
        metavar='URL',
        help='where to upload to; overrides --repository '
        '[TWINE_REPOSITORY_URL]',
    )
    group.add_argument(
        '--config-file',
        default='~/.pypirc',
        metavar='FILE',
        help='the .pypirc to use [~/.pypirc]',
    )
    group.add_argument(
        '-u',
        '--username',
        default=os.environ.get('TWINE_USERNAME'),
        help='user to log in as; for an API token __token__ [TWINE_USERNAME]',
    )
    group.add_argument(
        '-p',
        '--password',
        action=Refused,
        instead='every user of the machine could read it; put the token '
        f'into the environment variable {TOKEN}',
    )
    group.add_argument(
        '--non-interactive',
        action='store_true',
        default=_is_on(os.environ.get('TWINE_NON_INTERACTIVE')),
        help='never ask for a user or token [TWINE_NON_INTERACTIVE]',
    )


def add_reading(
    group: argparse._ArgumentGroup, default: str = 'of the upload URL'
) -> None:
    """Add the options that say how the index is reached.

    :param default: where it is read unless a place is named
    """
    group.add_argument(
        '--read-url',
        metavar='URL',
        help="the index's web root, or the URL of a plain simple index "
        f'[{default}]',
    )
    group.add_argument(
        '--cert',
        default=os.environ.get('TWINE_CERT'),
        metavar='FILE',
        help='CA bundle to trust instead of the usual one [TWINE_CERT]',
    )
    group.add_argument(
        '--client-cert',
        metavar='FILE',
        help='client certificate and its private key, PEM',
    )


def add_releases(group: argparse._ArgumentGroup) -> None:
    """Add the option that names the checkout."""
    group.add_argument(
        '--releases',
        default=os.environ.get(RELEASES),
        metavar='DIR',
        help=f'checkout of openstack/releases [{RELEASES}]',
    )


def add_project_config(group: argparse._ArgumentGroup) -> None:
    """Add the option that names the checkout that says what publishes."""
    group.add_argument(
        '--project-config',
        default=os.environ.get(PROJECT_CONFIG),
        metavar='DIR',
        help='checkout of openstack/project-config, whose Zuul templates '
        f'decide what reaches PyPI [{PROJECT_CONFIG}]',
    )


def add_policy(group: argparse._ArgumentGroup) -> None:
    """Add the option that names the policy."""
    group.add_argument(
        '--policy',
        metavar='FILE',
        help="the policy, which says what is allowed [the checkout's "
        'data/publish-policy.yaml, else the shipped one]',
    )


def add_signatures(group: argparse._ArgumentGroup) -> None:
    """Add the option that says what becomes of missing signatures."""
    group.add_argument(
        '--signatures',
        choices=('create', 'require'),
        default='create',
        help='create those that are missing, or require all [create]',
    )


def add_wait(group: argparse._ArgumentGroup) -> None:
    """Add the option that says how long the index may take to show files."""
    group.add_argument(
        '--wait',
        type=seconds,
        default=600.0,
        metavar='SECONDS',
        help='longest wait for the index to show every file [600]',
    )


def add_format(group: argparse._ActionsContainer, what: str) -> None:
    """Add the option that says how results are written.

    :param what: what is written
    """
    group.add_argument(
        '-f',
        '--format',
        choices=('text', 'json'),
        default='text',
        help=f'form of {what} on standard output [text]',
    )


def add_trusted_key(group: argparse._ArgumentGroup) -> None:
    """Add the option that names keys beside those that are known."""
    group.add_argument(
        '--trusted-key',
        action='append',
        default=[],
        metavar='FINGERPRINT|FILE',
        help='a primary OpenPGP key that may sign, beside those of the '
        'checkout and the policy; may be repeated',
    )


def add_originals(
    group: argparse._ArgumentGroup, *, required: bool = False
) -> None:
    """Add the option that says where the signed originals are read."""
    group.add_argument(
        '--archive',
        required=required,
        metavar='URL|DIR',
        help='tarballs archive with the signed originals: a site, or the '
        'directory that it shows'
        + ('' if required else ' [of PyPI, the tarballs site of OpenDev]'),
    )


def add_signing(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which key signs, and which are trusted."""
    group = parser.add_argument_group('keys and signatures')
    group.add_argument(
        '--sign-key',
        metavar='FINGERPRINT',
        help='the OpenPGP key to sign with; no other is ever used',
    )
    group.add_argument(
        '--gnupg-home',
        metavar='DIR',
        help="where that key is [gpg's own home]",
    )
    group.add_argument(
        '--sign-key-file',
        metavar='FILE',
        help='armored secret key, used in a throw-away home; its only '
        'secret key signs if --sign-key names none',
    )
    add_trusted_key(group)
    for option, long in (('-s', '--sign'), ('-i', '--identity')):
        group.add_argument(
            option,
            long,
            action=Refused,
            instead='name the key to sign with by --sign-key FINGERPRINT',
        )


def configuration(args: argparse.Namespace) -> settings.Configuration:
    """Return what options and environment say, as plain values.

    What a command has no option for keeps its default. The two secrets
    leave the environment here, so that no child process and no library
    finds them there.
    """
    known = {
        field.name for field in dataclasses.fields(settings.Configuration)
    }
    given = {
        name: value for name, value in vars(args).items() if name in known
    }
    interactive = sys.stdin is not None and sys.stdin.isatty()
    if not interactive:
        given['non_interactive'] = True
    if given.get('gnupg_home') is None and given.get('sign_key_file') is None:
        # The home that gpg itself would take.
        given['gnupg_home'] = os.environ.get('GNUPGHOME')
    given['password'] = os.environ.pop(TOKEN, None)
    given['passphrase'] = os.environ.pop(PASSPHRASE, None)
    given['environment'] = environment()
    return settings.Configuration(**given)


def environment() -> Mapping[str, str]:
    """Return the environment as it stands now."""
    return dict(os.environ)


def _is_on(text: str | None) -> bool:
    """Read a flag from the environment as twine does."""
    return text is not None and text.lower() not in ('', '0', 'false', 'no')
