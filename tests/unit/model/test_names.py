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

import testtools

from openstack_publish.model import documents
from openstack_publish.model import filenames
from openstack_publish.model import index_form
from openstack_publish.model import names

# More digits than int() reads: packaging then raises a bare ValueError.
ENDLESS = '9' * 5000


class TestVersions(testtools.TestCase):
    def test_a_number_that_python_does_not_read_is_only_itself(self) -> None:
        self.assertFalse(names.same_version(ENDLESS, '1.0'))
        self.assertTrue(names.same_version(ENDLESS, ENDLESS))

    def test_a_file_name_with_such_a_number_has_no_version(self) -> None:
        for name in (f'a-{ENDLESS}.tar.gz', f'a-{ENDLESS}-py3-none-any.whl'):
            self.assertIsNone(filenames.version_of(name))

    def test_a_document_with_such_a_version_is_malformed(self) -> None:
        body = f'{{"info": {{"name": "a", "version": "{ENDLESS}"}}}}'
        self.assertRaises(
            documents.Malformed,
            index_form.read_json,
            body.encode(),
            names.project_name('a'),
            'http://127.0.0.1/pypi/a/json',
        )
