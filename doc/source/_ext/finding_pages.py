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

"""The directive ``finding-pages``: every page of the catalogue of findings.

The text of a page stands once, in the package, where ``openstack-publish
rule`` prints it from; here it becomes a section with the code as its anchor.
Wherever a page has a code between double backquotes it leads there.
"""

from __future__ import annotations

import pathlib
import re
from typing import Any

from docutils import nodes
from sphinx import application
from sphinx.util import docutils as sphinx_docutils

from openstack_publish.rules import catalogue
from openstack_publish.rules.catalogue.page import Page

_PAGE = 'reference/findings'
_QUOTED = re.compile('`+([^`]+)`+')


class FindingPages(sphinx_docutils.SphinxDirective):
    """Puts all pages where it stands."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each hundred, and in it one for each code."""
        for path in pathlib.Path(catalogue.__file__).parent.glob('*.py'):
            self.env.note_dependency(path)
        return [
            _section(
                f'findings-{hundred[3]}xx',
                f'{hundred[3]}xx: {subject}',
                *(
                    _of_page(page)
                    for page in catalogue.pages()
                    if page.code.startswith(hundred)
                ),
            )
            for hundred, (subject, _) in catalogue.HUNDREDS.items()
        ]


def _of_page(page: Page) -> nodes.section:
    return _section(
        page.code.lower(),
        f'{page.code}: {page.title}',
        _paragraph('Severity', page.severity),
        _paragraph('What', page.what),
        _paragraph('Why', page.why),
        _paragraph('What to do', page.remedy),
    )


def _section(anchor: str, title: str, *inside: nodes.Node) -> nodes.section:
    return nodes.section(
        '', nodes.title(title, title), *inside, ids=[anchor], names=[anchor]
    )


def _paragraph(label: str, body: str) -> nodes.paragraph:
    paragraph = nodes.paragraph('', '', nodes.strong('', f'{label}:'))
    paragraph += nodes.Text(' ')
    # Every second piece stood between backticks.
    for number, piece in enumerate(_QUOTED.split(body)):
        if number % 2:
            paragraph += nodes.literal(piece, piece)
        else:
            paragraph += nodes.Text(piece)
    return paragraph


def link_codes(
    app: application.Sphinx, doctree: nodes.document, docname: str
) -> None:
    """Let each code lead to its page, where pages can be led to."""
    if app.builder.format != 'html':
        return
    known = {page.code for page in catalogue.pages()}
    place = app.builder.get_relative_uri(docname, _PAGE)
    for literal in list(doctree.findall(nodes.literal)):
        code = literal.astext()
        if code in known and not isinstance(literal.parent, nodes.reference):
            literal.replace_self(
                nodes.reference(
                    '',
                    '',
                    literal.deepcopy(),
                    internal=True,
                    refuri=f'{place}#{code.lower()}',
                )
            )


def setup(app: application.Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive('finding-pages', FindingPages)
    app.connect('doctree-resolved', link_codes)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
