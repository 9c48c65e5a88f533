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

"""The directive ``fault-stories``: every story of ``rehearse --fault``.

The text of a story stands once, in the package, where it is told from.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import application
from sphinx.util import docutils as sphinx_docutils

from openstack_publish.rehearsal.stories import story as stories
from openstack_publish.rehearsal.stories import table


class FaultStories(sphinx_docutils.SphinxDirective):
    """Puts a list of all stories where it stands."""

    def run(self) -> list[nodes.Node]:
        """Return a definition list with the names as anchors."""
        return [
            nodes.definition_list(
                '', *(_item(each) for each in table.STORIES.values())
            )
        ]


def _item(story: stories.Story) -> nodes.definition_list_item:
    term = nodes.term('', '', nodes.literal(story.name, story.name))
    term['ids'].append(f'fault-{story.name}')
    before, after = story.acts
    return nodes.definition_list_item(
        '',
        term,
        nodes.definition(
            '',
            _paragraph('What happens', before.happens),
            _paragraph('What the tool promises', story.promise),
            _paragraph('What a release manager does now', after.happens),
        ),
    )


def _paragraph(label: str, body: str) -> nodes.paragraph:
    return nodes.paragraph(
        '', '', nodes.strong('', f'{label}:'), nodes.Text(f' {body}')
    )


def setup(app: application.Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive('fault-stories', FaultStories)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
