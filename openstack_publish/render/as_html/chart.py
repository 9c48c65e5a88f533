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

"""The chart of the clean-up, as SVG files.

pygal draws it where the site is made, so that it shows without a script. It
is shown by an ``img`` element: scripts in it would not run, but there is none
in the files either.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pygal
from pygal import style

from openstack_publish.model import audit_history
from openstack_publish.model import verdicts

MOST_POINTS = 120
"""Most audits that a chart has; of more, one for each slot of time."""

_LINES: tuple[tuple[verdicts.Verdict, str, str | None], ...] = (
    ('failed', 'failed', None),
    ('unknown', 'unknown (dashed)', '6, 4'),
)
"""What is drawn, what it is called, and with which dashes: not by colour
alone, for the legend has boxes of colour only."""

_FONT = 'system-ui, sans-serif'


@dataclasses.dataclass(frozen=True)
class Form:
    """One of the files: for wide or narrow screens, light or dark."""

    name: str
    width: int
    height: int
    text: int
    """Size of letters, in the chart's own pixels."""

    foreground: str
    lines: str
    failed: str
    unknown: str


def _forms(theme: str, *colours: str) -> tuple[Form, Form]:
    return (
        Form(f'chart-wide-{theme}.svg', 1120, 360, 15, *colours),
        Form(f'chart-narrow-{theme}.svg', 400, 300, 15, *colours),
    )


FORMS = (
    *_forms('light', '#1f2328', '#d1d9e0', '#b3261e', '#7d5700'),
    *_forms('dark', '#e6edf3', '#3d444d', '#ff8f85', '#e3b341'),
)
"""All of them; their colours are those of the style sheet."""


def charts(history: audit_history.History) -> dict[str, str]:
    """Return the SVG files by name.

    :param history: two audits at least, of one index
    """
    shown = thinned(history)
    return {form.name: _drawn(shown, form) for form in FORMS}


def thinned(history: audit_history.History) -> audit_history.History:
    """Return the last audit of each of :data:`MOST_POINTS` slots of time."""
    if len(history) <= MOST_POINTS:
        return history
    begin = history[0].taken
    whole = (history[-1].taken - begin) / (MOST_POINTS - 1)
    slots = {(point.taken - begin) // whole: point for point in history}
    return tuple(slots.values())


def steps(highest: int) -> list[int]:
    """Return whole numbers for an axis, from 0 to above *highest*.

    >>> steps(60)
    [0, 20, 40, 60]
    >>> steps(0)
    [0, 1]
    """
    size = next(
        digit * 10**power
        for power in itertools.count()
        for digit in (1, 2, 5)
        if 5 * digit * 10**power >= highest
    )
    last = max(1, -(-highest // size))
    return [size * number for number in range(last + 1)]


def _drawn(history: audit_history.History, form: Form) -> str:
    highest = max(
        max(point.counts['failed'], point.counts['unknown'])
        for point in history
    )
    axis = steps(highest)
    chart = pygal.XY(
        style=style.Style(
            background='transparent',
            plot_background='transparent',
            foreground=form.foreground,
            foreground_strong=form.foreground,
            foreground_subtle=form.lines,
            guide_stroke_color=form.lines,
            major_guide_stroke_color=form.lines,
            colors=(form.failed, form.unknown),
            opacity='1',
            stroke_width=3,
            font_family=_FONT,
            label_font_size=form.text,
            major_label_font_size=form.text,
            legend_font_size=form.text,
        ),
        js=(),
        width=form.width,
        height=form.height,
        no_prefix=True,
        disable_xml_declaration=True,
        explicit_size=True,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        dots_size=3,
        # The last date is written around the last point.
        margin_right=form.text * 3,
        range=(axis[0], axis[-1]),
        y_labels=axis,
        x_labels=_dates(history),
    )
    chart.add_xml_filter(_without_scripts)
    for verdict, label, dashes in _LINES:
        chart.add(
            label,
            [
                (point.taken.timestamp(), point.counts[verdict])
                for point in history
            ],
            stroke_style={'width': 3, 'dasharray': dashes},
        )
    return str(chart.render(is_unicode=True))


def _dates(history: audit_history.History) -> list[dict[str, object]]:
    """Return the labels of the time axis: the first and the last day."""
    return [
        {
            'value': point.taken.timestamp(),
            'label': point.taken.strftime('%Y-%m-%d'),
        }
        for point in (history[0], history[-1])
    ]


def _without_scripts(root: Any) -> Any:
    """Remove pygal's script, and its comments, one of which has the day."""
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.tag
            if not isinstance(name, str) or name.endswith('script'):
                parent.remove(child)
    return root
