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

import datetime
import json

import jsonschema
import testtools

from openstack_publish.model import distribution
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import maintainers
from openstack_publish.model import names
from openstack_publish.model import receipt
from openstack_publish.model import signature
from openstack_publish.render import as_json
from tests.support import receipts

NOW = datetime.datetime(2026, 3, 1, 12, 30, tzinfo=datetime.UTC)
FINGERPRINT = names.fingerprint('AB' * 20)
DIST = distribution.Distribution(
    'dist/x-1.tar.gz',
    'x-1.tar.gz',
    'sdist',
    10,
    'a' * 64,
    'b' * 64,
    None,
    None,
)
WHO = maintainers.maintainers(
    [maintainers.Role('openstackci', 'Owner')], knowledge.Known(None)
)


def story(outcome: receipt.Outcome) -> receipt.Receipt:
    reading = receipt.MaintainersReading('known', None, WHO)
    return receipt.Receipt(
        outcome,
        NOW,
        NOW,
        receipt.ReleaseSummary('1', 'x', 'openstack/x', 'c' * 40),
        receipt.IndexSummary('pypi', 'u', 'r', False, 7),
        'user-id',
        (
            receipt.Artifact(
                DIST,
                'uploaded',
                True,
                'url',
                'x-1.tar.gz.asc',
                'd' * 64,
                signature.Signature(FINGERPRINT, FINGERPRINT, NOW, 8, '00'),
            ),
        ),
        reading,
        reading,
        (),
        receipt.ArchiveSummary(
            'archive', (receipt.ArchivedArtifact('x-1.tar.gz', 'placed'),)
        ),
        (finding.Finding('OSP401', 'error', 'failed', 's', 'm', 'r', 'p', 3),),
        (receipt.StepRecord(1, 'Order', 0.1234567, 'held'),),
    )


class TestReceiptDocument(testtools.TestCase):
    def test_a_document_with_another_key_does_not_fit_the_schema(self) -> None:
        document = as_json.of_receipt(story(receipt.Outcome.PUBLISHED), '1.0')
        document['another'] = 1
        self.assertRaises(
            jsonschema.ValidationError, receipts.validate, document
        )

    def test_every_outcome_fits_the_schema(self) -> None:
        for outcome in receipt.Outcome:
            document = as_json.of_receipt(story(outcome), '1.0')
            receipts.validate(json.loads(as_json.text(document)))

    def test_a_receipt_that_knows_nothing_yet_fits_too(self) -> None:
        bare = receipt.Receipt(receipt.Outcome.MISCONFIGURED, NOW)
        receipts.validate(as_json.of_receipt(bare, '1.0'))

    def test_the_exit_code_belongs_to_the_outcome(self) -> None:
        codes = {
            outcome.value: as_json.of_receipt(story(outcome), '1')['exit_code']
            for outcome in receipt.Outcome
        }
        self.assertEqual(
            {
                'published': 0,
                'nothing-to-do': 0,
                'dry-run': 0,
                'refused': 1,
                'misconfigured': 2,
                'unavailable': 3,
                'incomplete': 4,
                'unconfirmed': 4,
            },
            codes,
        )

    def test_the_text_is_ascii_so_that_no_terminal_obeys_it(self) -> None:
        text = as_json.text({'user': '\x1b[31m\u202e'})
        self.assertTrue(text.isascii())
        self.assertNotIn('\x1b', text)
