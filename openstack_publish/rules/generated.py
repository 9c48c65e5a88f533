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

"""Files that building makes: what may be in a distribution and in no commit.

Held against setuptools 84.2.1, pbr 7.1.3 (its scripts also 5.11.1 and
6.1.1), reno 4.1.0, and 16 pairs of sdist and wheel on PyPI (2026-11). Each
is listed with its reason in the reference on comparing with the source.
"""

from __future__ import annotations

import configparser
import io
import posixpath
from collections.abc import Collection

from openstack_publish.model import names

SDIST_FILES = frozenset(
    {
        'PKG-INFO',
        'AUTHORS',
        'ChangeLog',
        'RELEASENOTES.rst',
        'releasenotes/notes/reno.cache',
    }
)
"""Made by setuptools, by pbr from the log of git, and by reno for pbr. None
of them is run or imported."""

EGG_INFO_FILES = frozenset(
    {
        'PKG-INFO',
        'SOURCES.txt',
        'dependency_links.txt',
        'depends.txt',
        'eager_resources.txt',
        'entry_points.txt',
        'namespace_packages.txt',
        'native_libs.txt',
        'not-zip-safe',
        'pbr.json',
        'requires.txt',
        'top_level.txt',
        'zip-safe',
    }
)
"""What setuptools and pbr write into an ``.egg-info`` directory."""

DIST_INFO_FILES = frozenset(
    {
        'METADATA',
        'RECORD',
        'RECORD.jws',
        'RECORD.p7s',
        'WHEEL',
        'dependency_links.txt',
        'entry_points.txt',
        'namespace_packages.txt',
        'not-zip-safe',
        'pbr.json',
        'top_level.txt',
        'zip-safe',
    }
)
"""What setuptools and pbr write into a ``.dist-info`` directory."""

SETUP_CFG = 'setup.cfg'
_EGG_INFO = '.egg-info'

_WSGI_SCRIPT = """\
#!python
#PBR Generated from 'wsgi_scripts'

import threading

from {module} import {name}

if __name__ == "__main__":
    import argparse
    import socket
    import sys
    import wsgiref.simple_server as wss

    parser = argparse.ArgumentParser(
        description={name}.__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        usage='%(prog)s [-h] [--port PORT] [--host IP] -- [passed options]')
    parser.add_argument('--port', '-p', type=int, default=8000,
                        help='TCP port to listen on')
    parser.add_argument('--host', '-b', default='',
                        help='IP to bind the server to')
    parser.add_argument('args',
                        nargs=argparse.REMAINDER,
                        metavar='-- [passed options]',
                        help="'--' is the separator of the arguments used "
                        "to start the WSGI server and the arguments passed "
                        "to the WSGI application.")
    args = parser.parse_args()
    if args.args:
        if args.args[0] == '--':
            args.args.pop(0)
        else:
            parser.error("unrecognized arguments: %s" % ' '.join(args.args))
    sys.argv[1:] = args.args
    server = wss.make_server(args.host, args.port, {target}())

    print("*" * 80)
    print("STARTING test server {module}.{target}")
    url = "http://%s:%d/" % (server.server_name, server.server_port)
    print("Available at %s" % url)
    print("DANGER! For testing only, do not use in production")
    print("*" * 80)
    sys.stdout.flush()

    server.serve_forever()
else:
    application = None
    app_lock = threading.Lock()

    with app_lock:
        if application is None:
            application = {target}()

"""
"""What pbr puts into a wheel for each entry point ``wsgi_scripts``
(``pbr/_compat/easy_install.py``, ``_wsgi_text``)."""


def in_sdist(
    path: str, project: names.ProjectName | None, roots: Collection[str]
) -> bool:
    """Say whether a file of an sdist is a known generated one.

    :param path: below the top-level directory
    :param roots: directories that packages lie in, as ``src``; empty for
        the top-level one
    """
    if path in SDIST_FILES:
        return True
    directory, name = posixpath.split(path)
    root, egg_info = posixpath.split(directory)
    return (
        name in EGG_INFO_FILES
        and egg_info.endswith(_EGG_INFO)
        and names.project_name(egg_info.removesuffix(_EGG_INFO)) == project
        and root in roots
    )


def setup_cfg(content: bytes) -> bytes | None:
    """Return what setuptools makes of a ``setup.cfg`` for an sdist.

    It is read and written anew with the section ``[egg_info]``, so that
    comments are lost and values are indented by tabs
    (``setuptools/command/setopt.py``, ``edit_config``).

    :param content: as committed; empty where there is none
    :returns: None where it cannot be read as setuptools does
    """
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(content.decode('utf-8'))
        if not parser.has_section('egg_info'):
            parser.add_section('egg_info')
    except (configparser.Error, ValueError):
        return None
    parser.set('egg_info', 'tag_build', '')
    parser.set('egg_info', 'tag_date', '0')
    written = io.StringIO()
    parser.write(written)
    return written.getvalue().encode()


def wsgi_script(module: str, target: str) -> bytes:
    """Return the script that pbr makes of an entry point ``module:target``."""
    return _WSGI_SCRIPT.format(
        module=module, target=target, name=target.partition('.')[0]
    ).encode()
