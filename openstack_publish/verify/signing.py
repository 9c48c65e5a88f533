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

"""Judges the signatures of a release."""

from __future__ import annotations

from openstack_publish.model import finding
from openstack_publish.model import series
from openstack_publish.model import signature
from openstack_publish.rules import signed
from openstack_publish.rules import windows
from openstack_publish.verify import request


def judged(
    terms: request.Terms, filename: str, reading: signature.SignatureReading
) -> tuple[finding.Finding, ...]:
    """Judge a signature by who may sign, and by whose key it was that day.

    What is to be known of the key itself is told beside it.
    """
    by = {made.primary for made in reading.valid}
    # Where the keys could not be reported on, that is about all of them.
    about = {*by, series.STATUS_FILE}
    return (
        *signed.signature(filename, reading, terms.trusted),
        *windows.signature(filename, reading, windows.of(terms.series)),
        *(found for found in terms.keys if found.subject in about),
    )
