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

"""Inputs as they should be, from which others are made.

They are made by what writes them in earnest, where this project does. From
the checkouts of openstack/releases and openstack/project-config come some
more, where there are any.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import os
import pathlib
import tempfile
import xmlrpc.client
from typing import Any

import testtools

from openstack_publish import seams
from openstack_publish.gates import cache
from openstack_publish.gates import journal
from openstack_publish.gates import statefile
from openstack_publish.gates.yamlfile import forms
from openstack_publish.model import distribution
from openstack_publish.model import names
from openstack_publish.model import receipt
from openstack_publish.model import signature
from openstack_publish.model import watching
from openstack_publish.model import watching_form
from openstack_publish.render import as_json
from openstack_publish.render import audits as audit_documents
from openstack_publish.seams import alerts
from tests.support import artifacts
from tests.support import audits as audit_values
from tests.support import keys
from tests.support import real_releases
from tests.support import watched

NOW = watched.NOW
REAL = 3
"""Files of a checkout that are taken."""

YAML = (b'&a', b'*a', b'<<: ', b'!!python/none', b'? ', b'|', b'\t', b'---')
MAIL = (b'\n\n', b'\r', b'Metadata-Version: ', b'Requires-Dist: a; ', b'((')
HTML = (b'<!--', b'<a href="', b'&#x', b'<base href="//', b'"', b'>', b'<')
XML = (b'<!DOCTYPE a [<!ENTITY b "', b'&b;', b'<i8>', b'<nil/>', b'<![CDATA[')
INI = (b'\n[', b']\n', b'=', b':', b'\n\t', b'%(', b'#', b'[DEFAULT]\n')
TOML = (b'[[', b']]', b"'''", b'{', b'= [', b'.', b'0x', b'1979-05-27')
PYTHON = (b'((', b'[[', b'lambda: ', b'"' * 3, b'\\', b'0' * 99, b'{**')
REST = (
    b'.. include:: ',
    b'\n===\n',
    b'|',
    b'`',
    b'_',
    b'.. |a| replace:: |a|',
)
DATES = (b'GMT', b'+9999', b'9' * 20, b'Fri, ', b'31 Dec 9999 ', b':', b' -')
GPG = (b'[GNUPG:] ', b'VALIDSIG ', b'\nNEWSIG', b'\xc2\x85', b'ERRSIG ')

SIGNED = b'what is signed'
RUN: dict[str, object] = {'verify': 'zed', 'index': 'https://index.example'}
CACHED = (
    'https://index.example/pypi/os-vif/json',
    'application/json',
    seams.CachedAnswer('"etag"', b'{"info": {}}', 'application/json'),
)


def deliverables() -> tuple[bytes, ...]:
    """Return deliverable files."""
    return (
        b'---\nteam: neutron\ntype: library\nrelease-model: cycle-with-'
        b'intermediary\nlaunchpad: os-vif\nrepository-settings:\n'
        b'  openstack/os-vif:\n    pypi-name: os-vif\nreleases:\n'
        b'  - version: 1.2.0\n    projects:\n      - repo: openstack/os-vif\n'
        b'        hash: ' + b'a' * 40 + b'\n',
        *_real('deliverables/zed', 'deliverables/_independent'),
    )


def series() -> tuple[bytes, ...]:
    """Return lists of series."""
    return (
        b'- name: zed\n  release-id: 2022.2\n  status: maintained\n'
        b'  initial-release: 2022-10-05\n  cycle-key:\n    - key: '
        b'0xabcdef\n      start: 2022-04-01\n      end: present\n',
        *_real('data', name='series_status.yaml'),
    )


def policies() -> tuple[bytes, ...]:
    """Return policies."""
    return (
        forms.shipped_content(),
        b'schema: openstack-publish/policy/1\nindex: pypi\nmaintainers:\n'
        b'  required: [{user: openstackci, role: Owner}]\n'
        b'projects:\n  glance:\n    allowed:\n      - {user: alice, role: '
        b'Maintainer, until: 2027-01-01}\n    reason: second account\n'
        b'waivers:\n  - {code: OSP401, project: glance, until: 2027-01-01, '
        b'reason: clean-up}\nindexes:\n  testpypi: {maintainers: {required: '
        b'[{user: me, role: Owner}]}}\n',
    )


def project_configs() -> tuple[bytes, ...]:
    """Return Zuul configuration."""
    return (
        b'- project-template:\n    name: publish-to-pypi\n    release:\n'
        b'      jobs: [release-openstack-python]\n- project:\n'
        b'    name: openstack/os-vif\n    templates:\n'
        b'      - publish-to-pypi\n- project:\n    name: ^openstack/x-.*\n'
        b'    release: {jobs: [release-openstack-python]}\n',
    )


def wheels() -> tuple[bytes, ...]:
    """Return wheels: one packed, one with its members as they are."""
    return (
        _made(artifacts.write_wheel),
        artifacts.zip_archive(
            [
                ('demo/__init__.py', b''),
                ('demo-1.2.0.dist-info/METADATA', metadata()[0]),
                ('demo-1.2.0.dist-info/RECORD', records()[0]),
            ],
            0,
        ),
    )


def sdists() -> tuple[bytes, ...]:
    """Return sdists."""
    return (_made(artifacts.write_sdist),)


def setup_cfgs() -> tuple[bytes, ...]:
    """Return what configures setuptools and pbr."""
    return (
        b'[metadata]\nname = demo\n[files]\npackages_root = src\npackages =\n'
        b'    demo\n[entry_points]\nconsole_scripts =\n    demo = demo:main\n'
        b'[options]\npackage_dir =\n    = src\n',
    )


def pyprojects() -> tuple[bytes, ...]:
    """Return the same in TOML."""
    return (
        b'[project]\nname = "demo"\ndependencies = ["pbr>=2"]\n'
        b'[project.scripts]\ndemo = "demo:main"\n'
        b'[project.optional-dependencies]\nx = ["six"]\n'
        b'[tool.setuptools.package-dir]\n"" = "src"\n'
        b'[tool.setuptools.packages.find]\nwhere = ["src"]\n',
    )


def setup_pys() -> tuple[bytes, ...]:
    """Return a program that declares, and requirements."""
    return (
        b'import setuptools\nsetuptools.setup(install_requires=["six"],\n'
        b'    entry_points={"console_scripts": ["demo = demo:main"]})\n',
        b'six>=1 # MIT\n-e git+https://a.example/b#egg=b\npbr;extra == "x"\n',
    )


def descriptions() -> tuple[bytes, ...]:
    """Return descriptions in reStructuredText."""
    return (
        b'====\nDemo\n====\n\n* Free software: `license`_\n\n'
        b'.. _license: https://a.example\n.. image:: https://a.example/b.svg'
        b'\n\n::\n\n    code\n\n.. code-block:: python\n\n   pass\n\n'
        b'+---+---+\n| a | b |\n+---+---+\n\n:field: |x|\n\n'
        b'.. |x| replace:: *y*\n',
    )


def headers() -> tuple[bytes, ...]:
    """Return times as the head of an answer has them."""
    return (b'Fri, 20 Nov 2026 12:00:09 GMT', b'120', b'Fri, 20-Nov-26 -0130')


def provenances() -> tuple[bytes, ...]:
    """Return who published a file, as PyPI says it."""
    place = pathlib.Path(__file__).parents[1] / 'support' / 'attestations'
    return tuple(
        path.read_bytes() for path in sorted(place.glob('*.provenance'))
    )


def tars() -> tuple[bytes, ...]:
    """Return what is packed in sdists."""
    return tuple(gzip.decompress(content) for content in sdists())


def metadata() -> tuple[bytes, ...]:
    """Return core metadata, and pbr's own."""
    return (
        artifacts.core_metadata('demo', '1.2.0'),
        b'Metadata-Version: 2.1\nName: demo\nVersion: 1.2.0\n'
        b'Classifier: Programming Language :: Python :: 3\nRequires-Dist: '
        b'pbr (>=2.0,!=2.1) ; python_version >= "3.9" and extra == "x"\n'
        b'Project-URL: a, https://a.example\nDescription-Content-Type: '
        b'text/x-rst; charset=UTF-8\n\nWords.\n',
        artifacts.pbr_json('a' * 10),
    )


def records() -> tuple[bytes, ...]:
    """Return a wheel's list of its files."""
    return (
        artifacts.record_line('demo/__init__.py', b'').encode()
        + b'\n"a,b",sha256=x,1\ndemo-1.2.0.dist-info/RECORD,,\n',
    )


@functools.cache
def _key() -> tuple[str, bytes, bytes]:
    """Return the fingerprint of a key, its public part, and a signature."""
    with keys.Keyring() as keyring:
        made = keyring.generate()
        path = os.path.join(keyring.files, 'signed')
        pathlib.Path(path).write_bytes(SIGNED)
        signed = pathlib.Path(keyring.sign(path, made)).read_bytes()
        public = pathlib.Path(keyring.public_file(made)).read_bytes()
    return made.primary, public, signed


def fingerprint() -> str:
    """Return the fingerprint of the one key that is known."""
    return _key()[0]


def public_key() -> bytes:
    """Return the key that is known."""
    return _key()[1]


def signatures() -> tuple[bytes, ...]:
    """Return a good signature over :data:`SIGNED`."""
    return (_key()[2],)


def gpg_statuses() -> tuple[bytes, ...]:
    """Return what gpg says of signatures."""
    key = b'A' * 40
    return (
        b'[GNUPG:] NEWSIG\n[GNUPG:] KEY_CONSIDERED ' + key + b' 0\n'
        b'[GNUPG:] SIG_ID x 2026-11-20 1795000000\n[GNUPG:] GOODSIG '
        b'AAAAAAAAAAAAAAAA OpenStack Infra\n[GNUPG:] VALIDSIG ' + key + b' '
        b'2026-11-20 1795000000 0 4 0 22 10 00 ' + key + b'\n'
        b'gpg: Good signature\n',
        b'[GNUPG:] ERRSIG AAAAAAAAAAAAAAAA 22 10 00 1795000000 9 ' + key,
        b'[GNUPG:] EXPKEYSIG ' + key + b'\n[GNUPG:] REVKEYSIG ' + key,
        b'[GNUPG:] FAILURE gpg-exit 33554433\n[GNUPG:] ERROR keylist.getkey '
        b'17\n[GNUPG:] IMPORT_RES 0 0',
    )


def gpg_listings() -> tuple[bytes, ...]:
    """Return what gpg says of keys."""
    key = 'A' * 40
    return (
        (
            'tru::1:1795000000:0:3:1:5\n'
            'pub:-:255:22:AAAAAAAAAAAAAAAA:1795000000:1895000000::-:::cSC'
            f'::::::23::0:\nfpr:::::::::{key}:\n'
            'rev:::22:AAAAAAAAAAAAAAAA:1795000001::::x:20x,01:::'
            f'{key}:\nuid:-::::1795000000::x::OpenStack::::::::::0:\n'
            'sub:-:255:22:BBBBBBBBBBBBBBBB:1795000000::::::s::::::23:\n'
            f'fpr:::::::::{"B" * 40}:\n'
        ).encode(),
    )


def receipts() -> tuple[bytes, ...]:
    """Return a receipt."""
    dist = distribution.Distribution(
        'dist/x-1.tar.gz',
        'x-1.tar.gz',
        'sdist',
        3,
        'a' * 64,
        'b' * 64,
        None,
        None,
    )
    reading = receipt.MaintainersReading('known', None, watched.who())
    made = names.fingerprint('A' * 40)
    story = receipt.Receipt(
        receipt.Outcome.PUBLISHED,
        NOW,
        NOW,
        receipt.ReleaseSummary('1', 'x', 'openstack/x', 'c' * 40),
        receipt.IndexSummary('pypi', 'u', 'https://index.example', False, 7),
        'user-id',
        (
            receipt.Artifact(
                dist,
                'uploaded',
                True,
                'url',
                'x-1.tar.gz.asc',
                'd' * 64,
                signature.Signature(made, made, NOW, 8, '00'),
            ),
        ),
        reading,
        reading,
    )
    return (as_json.text(as_json.of_receipt(story, '1.0')).encode(),)


def audits() -> tuple[bytes, ...]:
    """Return saved audits."""
    audit = audit_values.audit(
        audit_values.row('os-vif'),
        audit_values.row('glance', 'failed'),
        audit_values.row('nova', 'unknown'),
    )
    return (as_json.text(audit_documents.saved(audit, '1.0')).encode(),)


def _incident() -> watching.Incident:
    return watching.Incident(watched.condition(), 'open', NOW, told=NOW)


def _letter() -> watching.Letter:
    return watching.Letter('opened', NOW, (_incident(),), 'key', 'mallory')


def _snapshot() -> watching.Snapshot:
    return watched.snapshot(watched.sdist('6.6.6'), unread_since=NOW)


def watch_documents() -> tuple[bytes, ...]:
    """Return what the watch remembers."""
    return tuple(
        text.encode()
        for text in (
            watching_form.snapshot_text(_snapshot()),
            watching_form.incident_text(_incident()),
            watching_form.letter_text(_letter()),
            watching_form.channels_text(['mail', 'feed']),
            json.dumps(watching_form.time_text(NOW)),
        )
    )


def watch_states() -> tuple[bytes, ...]:
    """Return the file in which the watch remembers."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, 'state')
        with statefile.StateFile(path, watches=True) as state:
            state.write(
                alerts.Changed(
                    incidents=[_incident()],
                    letters=[_letter()],
                    snapshots=[_snapshot()],
                    unread={watched.PROJECT: 7},
                    values={'serial': '7'},
                )
            )
        return (pathlib.Path(path).read_bytes(),)


def journals() -> tuple[bytes, ...]:
    """Return the journal of a run."""
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, 'journal')
        with journal.Journal(path, RUN) as opened:
            opened.add('os-vif 1.2.0', {'verdict': 'held'})
            opened.add('os-vif 1.3.0', {'verdict': 'failed'})
        return (pathlib.Path(path).read_bytes(),)


def caches() -> tuple[bytes, ...]:
    """Return a document that was kept."""
    with tempfile.TemporaryDirectory() as place:
        cache.DirectoryCache(place).put(*CACHED)
        (kept,) = pathlib.Path(place).iterdir()
        return (kept.read_bytes(),)


def digest(body: bytes) -> bytes:
    """Return the digest of a document as the cache writes it."""
    return hashlib.sha256(body).hexdigest().encode()


def index_json() -> tuple[bytes, ...]:
    """Return documents of the JSON API."""
    page: dict[str, Any] = {
        'info': {'name': 'os-vif', 'version': '1.2.0'},
        'urls': [
            {
                'filename': 'os_vif-1.2.0.tar.gz',
                'url': 'https://files.example/os_vif-1.2.0.tar.gz',
                'digests': {'sha256': 'a' * 64},
                'size': 10,
                'upload_time_iso_8601': '2026-11-20T10:00:00.123456Z',
                'yanked': False,
            }
        ],
        'last_serial': 7,
        'ownership': {
            'roles': [{'role': 'Owner', 'user': 'openstackci'}],
            'organization': None,
        },
    }
    return (json.dumps(page).encode(),)


def simple_json() -> tuple[bytes, ...]:
    """Return pages of the simple API."""
    page = {
        'meta': {'api-version': '1.4', '_last-serial': 7},
        'name': 'os-vif',
        'project-status': {'status': 'active'},
        'files': [
            {
                'filename': 'os_vif-1.2.0.tar.gz',
                'url': '../../packages/os_vif-1.2.0.tar.gz',
                'hashes': {'sha256': 'a' * 64},
                'size': 10,
                'upload-time': '2026-11-20T10:00:00Z',
                'yanked': 'because',
                'provenance': 'https://index.example/integrity',
            }
        ],
    }
    return (json.dumps(page).encode(),)


def simple_html() -> tuple[bytes, ...]:
    """Return pages of a plain index."""
    return (
        b'<!DOCTYPE html><html><head><meta name="pypi:repository-version" '
        b'content="1.4"><base href="../"></head><body><a href="'
        b'packages/os_vif-1.2.0.tar.gz#sha256=' + b'a' * 64 + b'" '
        b"data-yanked='why &amp; how'>os_vif-1.2.0.tar.gz</a><!-- x -->",
    )


def html_lists() -> tuple[bytes, ...]:
    """Return pages that name projects."""
    return (b'<a href="/simple/os-vif/">os-vif</a><a href="nova/">nova</a>',)


def xmlrpc_answers() -> tuple[bytes, ...]:
    """Return answers of XML-RPC."""
    values: tuple[Any, ...] = (
        7,
        [['os-vif', '1.2.0', 1795000000, 'new release', 7]],
        [['Owner', 'openstackci']],
    )
    return (
        *(
            xmlrpc.client.dumps((value,), methodresponse=True).encode()
            for value in values
        ),
        xmlrpc.client.dumps(xmlrpc.client.Fault(-32500, 'Busy')).encode(),
    )


def feeds() -> tuple[bytes, ...]:
    """Return feeds, one with a bomb of entities."""
    item = (
        '<item><title>os-vif 1.2.0</title><link>https://index.example/project/'
        'os-vif/1.2.0/</link><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>'
        '</item>'
    )
    bomb = ''.join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">'
        for number in range(1, 12)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel>{item}</channel>'
        '</rss>'.encode(),
        f'<!DOCTYPE rss [<!ENTITY e0 "ha">{bomb}]><rss><channel>&e11;'
        '</channel></rss>'.encode(),
    )


def _made(write: Any) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        path = write(place, 'demo', '1.2.0', git_version='a' * 10)
        return pathlib.Path(path).read_bytes()


def _real(*directories: str, name: str = '*.yaml') -> tuple[bytes, ...]:
    """Return some files of openstack/releases, if it is there."""
    try:
        root = real_releases.directory()
    except testtools.TestCase.skipException:
        return ()
    return tuple(
        path.read_bytes()
        for directory in directories
        for path in sorted((root / directory).glob(name))[:REAL]
    )
