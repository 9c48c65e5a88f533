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

"""Pages of a plain simple index, read into values.

A project's page as HTML (PEP 503, with PEP 592's yanked files and PEP 629's
version), and the page that names every project, as HTML or as JSON (PEP 691).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib import parse

from openstack_publish.model import documents
from openstack_publish.model import html_tags
from openstack_publish.model import names
from openstack_publish.model import simple_json


def read_page(
    body: bytes, asked: names.ProjectName, url: str
) -> simple_json.SimpleDocument:
    """Read a project's page.

    An HTML page need not say what it is. It is believed where it declares
    the version of its form, or links to a file that is called like the
    project; anything else may be any page of the web.

    :param url: where it was read, for links that are relative to it
    :raises Malformed: it is none, or of another major version
    """
    base, declared, anchors = _parts(body, url)
    files = tuple(
        simple_json.read_file(item, base)
        for item in _linked(anchors, base, asked)
    )
    if declared.version is None and not files:
        raise documents.Malformed(
            f'the HTML page links to no file of {asked}, and does not say '
            'that it is a page of a simple index'
        )
    return simple_json.SimpleDocument(
        declared.status or 'active',
        files,
        None,
        declared.status is not None
        or (declared.version or (1, 0)) >= simple_json.STATUS_SINCE,
    )


def read_list(body: bytes, url: str) -> frozenset[names.ProjectName]:
    """Read the HTML page that names every project of an index.

    :raises Malformed: it is none: what it links to below itself does not
        have the names that the links show, or it links elsewhere only
    """
    base, declared, anchors = _parts(body, url)
    root = base.rstrip('/') + '/'
    found = set()
    for anchor in anchors:
        target = _target(anchor, base).partition('#')[0].partition('?')[0]
        name = parse.unquote(target.removeprefix(root).removesuffix('/'))
        if not target.startswith(root) or not name or '/' in name:
            continue
        shown = anchor.text.removesuffix('/')
        # PEP 503: the text of a link is the project's name.
        if names.project_name(shown) != names.project_name(name):
            raise documents.Malformed(
                f'the HTML page is no list of projects: it links to {name!r} '
                f'as {shown!r}'
            )
        found.add(names.project_name(name))
    if anchors and not found and declared.version is None:
        raise documents.Malformed(
            'the HTML page is no list of projects: it links to none'
        )
    return frozenset(found)


class _Declared:
    """What a page says of itself in its ``meta`` elements."""

    def __init__(self, metas: list[html_tags.Tag]) -> None:
        self.version: tuple[int, int] | None = None
        self.status: str | None = None
        for meta in metas:
            name = meta.attributes.get('name')
            content = meta.attributes.get('content', '').strip()
            if name == 'pypi:repository-version':
                self.version = simple_json.read_version(name, content)
            elif name == 'pypi:project-status':
                if not content:
                    raise documents.Malformed(f'{name} is empty')
                self.status = content


def _parts(
    body: bytes, url: str
) -> tuple[str, _Declared, list[html_tags.Tag]]:
    """Return where links begin, what the page declares, and its links."""
    bases: list[str] = []
    metas, anchors = [], []
    try:
        # HTML5 is UTF-8; what is not becomes a letter that no name has.
        for tag in html_tags.start_tags(body.decode('utf-8', 'replace')):
            href = tag.attributes.get('href')
            if tag.name == 'meta':
                metas.append(tag)
            elif tag.name == 'a' and href is not None:
                anchors.append(tag)
            elif tag.name == 'base' and href is not None:
                bases.append(simple_json.joined(url, href))
    except html_tags.Unfinished as error:
        raise documents.Malformed(f'the HTML page: {error}') from error
    # Of several the first one counts.
    return (bases or [url])[0], _Declared(metas), anchors


def _target(anchor: html_tags.Tag, base: str) -> str:
    return simple_json.joined(base, anchor.attributes['href'].strip())


def _linked(
    anchors: list[html_tags.Tag], base: str, asked: names.ProjectName
) -> Iterator[dict[str, object]]:
    """Give each link to a file of a project in the form of PEP 691.

    A file is called what the path of its URL ends with: that is what
    installers go by, whatever text a link shows.
    """
    mine = names.file_pattern(asked)
    for anchor in anchors:
        target, _, fragment = _target(anchor, base).partition('#')
        path = target.partition('?')[0]
        filename = parse.unquote(path.rpartition('/')[2])
        if mine.fullmatch(filename) is None:
            continue
        item: dict[str, object] = {
            'filename': filename,
            'url': target,
            'hashes': _hashes(fragment),
        }
        # PEP 592: the attribute's value, a reason, may be empty.
        if 'data-yanked' in anchor.attributes:
            item['yanked'] = anchor.attributes['data-yanked']
        if 'data-provenance' in anchor.attributes:
            item['provenance'] = anchor.attributes['data-provenance']
        yield item


def _hashes(fragment: str) -> dict[str, object]:
    """Return the digests in a fragment: ``sha256=…``, other things apart."""
    found: dict[str, object] = {}
    for part in fragment.split('&'):
        name, _, value = part.partition('=')
        found.setdefault(name, value.lower())
    return found
