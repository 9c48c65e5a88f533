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

"""Does the project's description render? (OSP309)

As ``twine check`` and PyPI do it: with readme_renderer, reStructuredText
where no content type is given; plain text and Markdown always render.
"""

from __future__ import annotations

import contextlib
import io
import re
import threading
from collections.abc import Iterator

from openstack_publish.model import knowledge

RENDERED = ('text/plain', 'text/x-rst', 'text/markdown')
"""What PyPI renders ("Core metadata specifications", PyPA)."""

LONGEST = 1024 * 1024
"""Characters of a description that docutils is let loose on."""

SECONDS = 10.0
"""Longest wait for docutils, in seconds. What people write takes a tenth of
one; 128 KiB of titles took 22 s (docutils 0.22, 2026-11)."""

_REPORT = re.compile(r'<string>:(\d*): \((\w+)/\d\) (.*)', re.DOTALL)
"""How docutils writes a problem to its stream."""


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load what renders descriptions, while something else is waited for.

    docutils and its patterns take 0.05 s to load (2026-11), as long as an
    index takes to answer; where nothing is rendered they aren't needed.
    """
    thread = threading.Thread(target=_render, args=('', io.StringIO()))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def problem(
    description: str | None, content_type: str | None
) -> str | knowledge.Unknown | None:
    """Return why a description doesn't render; None where it does.

    :param content_type: Description-Content-Type, as written
    """
    kind = 'text/x-rst'
    if content_type is not None:
        kind = _media_type(content_type)
        if kind not in RENDERED:
            return (
                f'Description-Content-Type {content_type} is none of '
                f'{", ".join(RENDERED)}'
            )
    if not description or not description.strip() or kind != 'text/x-rst':
        return None
    if len(description) > LONGEST:
        return knowledge.Unknown(
            'whether the description renders',
            f'it has {len(description)} characters; more than {LONGEST} are '
            'not tried here',
        )
    found: list[str | None] = []

    def tried() -> None:
        found.append(_verdict(description))

    # It cannot be stopped; it ends with the process.
    thread = threading.Thread(target=tried, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if found:
        return found[0]
    return knowledge.Unknown(
        'whether the description renders',
        f'docutils was not done within {SECONDS:g} s',
    )


def _verdict(description: str) -> str | None:
    """Return why a description in reStructuredText doesn't render."""
    said = io.StringIO()
    try:
        rendered = _render(description, said)
    except Exception as error:  # noqa: BLE001
        # docutils runs on what somebody wrote: RecursionError and others.
        return f'the description does not render: {type(error).__name__}'
    if rendered is not None:
        return None
    return f'the description does not render: {_said(said.getvalue())}'


def _render(description: str, said: io.StringIO) -> str | None:
    from readme_renderer import rst

    return rst.render(description, stream=said)


def _media_type(content_type: str) -> str:
    """Return type and subtype in lower case, without parameters."""
    return content_type.partition(';')[0].strip().lower()


def _said(report: str) -> str:
    """Return what docutils said as it gave up, on one line."""
    found = _REPORT.search(report)
    if found is None:
        return ' '.join(report.split()) or 'docutils does not say why'
    line, level, message = found.groups()
    return f'line {line}: {level.capitalize()}: {" ".join(message.split())}'
