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

"""Builds findings: severity and remedy come from the catalogue."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from openstack_publish import exceptions
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import located
from openstack_publish.rules import catalogue


def failed(
    code: str,
    subject: str,
    message: str,
    *,
    remedy: str | None = None,
    place: located.Place | None = None,
) -> finding.Finding:
    """Return the finding that a rule is broken."""
    return _finding(code, 'failed', subject, message, remedy, place)


def unknown(
    code: str,
    subject: str,
    what: knowledge.Unknown,
    *,
    remedy: str | None = None,
) -> finding.Finding:
    """Return the finding that a rule could not be judged."""
    return _finding(
        code, 'unknown', subject, f'{what.what}: {what.why}', remedy, None
    )


def unavailable(
    code: str, subject: str, error: exceptions.Unavailable
) -> finding.Finding:
    """Return the finding that something outside did not answer."""
    return unknown(code, subject, knowledge.Unknown(error.what, error.cause))


def noted(
    code: str,
    subject: str,
    message: str,
    *,
    remedy: str | None = None,
    place: located.Place | None = None,
) -> finding.Finding:
    """Return a finding that refuses nothing, whatever its page says."""
    found = _finding(code, 'noted', subject, message, remedy, place)
    return dataclasses.replace(found, severity='note')


def malformed(
    code: str, problems: Iterable[located.Problem]
) -> tuple[finding.Finding, ...]:
    """Return a finding for each thing that is wrong with a file."""
    return tuple(
        failed(
            code,
            problem.place.path,
            of_problem(problem),
            place=problem.place,
        )
        for problem in problems
    )


def of_problem(problem: located.Problem) -> str:
    """Return the message of what is wrong in a file: key, text, column."""
    text = problem.message
    if problem.place.key:
        text = f'{located.spelled(problem.place.key)}: {text}'
    if problem.place.column is not None:
        text += f' (column {problem.place.column})'
    return text


def _finding(
    code: str,
    verdict: finding.Verdict,
    subject: str,
    message: str,
    remedy: str | None,
    place: located.Place | None,
) -> finding.Finding:
    page = catalogue.page(code)
    return finding.Finding(
        code=code,
        severity=page.severity,
        verdict=verdict,
        subject=subject,
        message=message,
        remedy=page.remedy if remedy is None else remedy,
        path=None if place is None else place.path,
        line=None if place is None else place.line,
        key=() if place is None else place.key,
    )
