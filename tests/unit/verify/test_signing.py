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

"""What is told beside a signature of the key that made it."""

from __future__ import annotations

import datetime

import testtools

from openstack_publish import verify
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import series
from openstack_publish.model import signature
from openstack_publish.rules import findings
from openstack_publish.verify import signing

KEY = names.fingerprint('A' * 40)
OTHER = names.fingerprint('B' * 40)
NOW = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
READING = signature.SignatureReading(
    filename='os_vif-1.0.0.tar.gz.asc',
    sha256='c' * 64,
    new=1,
    valid=(
        signature.Signature(
            fingerprint=KEY,
            primary=KEY,
            created=NOW,
            hash_algorithm=8,
            signature_class='00',
        ),
    ),
)


def judged(*keys: finding.Finding) -> tuple[finding.Finding, ...]:
    """Return what is told where this is known of the keys."""
    terms = verify.Terms(
        policy=policy.Policy('test'),
        now=NOW,
        trusted=frozenset({KEY}),
        series=(),
        head=knowledge.Known(None),
        changed=knowledge.Known(frozenset()),
        keys=keys,
    )
    return signing.judged(terms, 'os_vif-1.0.0.tar.gz', READING)


class TestJudged(testtools.TestCase):
    """Only what is to be known of this key, and that nothing could be."""

    def test_nothing_is_told_of_other_keys(self) -> None:
        own = findings.noted('OSP545', KEY, 'it is certified')
        other = findings.failed('OSP541', OTHER, 'it is not')
        self.assertEqual((own,), judged(own, other))

    def test_keys_that_could_not_be_reported_on_are_unknown(self) -> None:
        why = knowledge.Unknown('who certified the keys', 'gpg was ended')
        unknown = findings.unknown('OSP513', series.STATUS_FILE, why)
        self.assertEqual((unknown,), judged(unknown))
        self.assertEqual('unknown', finding.worst(judged(unknown)))
