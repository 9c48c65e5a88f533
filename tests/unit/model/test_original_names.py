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

"""The names that the files of a release may have, today and long ago."""

from __future__ import annotations

import testtools

from openstack_publish.model import deliverable
from openstack_publish.model import distribution
from openstack_publish.model import original_names


def candidates(
    name: str, version: str, kind: distribution.Kind
) -> tuple[str, ...]:
    ordered = deliverable.ReleasedRepo(
        'openstack/os-vif', 'a' * 40, tarball_base=name
    )
    order = deliverable.Order(
        None, deliverable.Release(version, (ordered,)), ordered
    )
    return original_names.candidates(order, kind)


class TestCandidates(testtools.TestCase):
    def test_the_form_of_today_comes_first(self) -> None:
        self.assertEqual(
            'os_vif_demo-1.2.0.tar.gz',
            candidates('Os-Vif.Demo', '1.2.0', 'sdist')[0],
        )
        self.assertEqual(
            'os_vif_demo-1.2.0-py3-none-any.whl',
            candidates('Os-Vif.Demo', '1.2.0', 'bdist_wheel')[0],
        )

    def test_old_spellings_are_among_them(self) -> None:
        for name, version, kind, filename in (
            ('nova-powervm', '6.0.0', 'sdist', 'nova-powervm-6.0.0.tar.gz'),
            (
                'XStatic-Angular',
                '1.5.8.0',
                'sdist',
                'XStatic-Angular-1.5.8.0.tar.gz',
            ),
            ('os_vif', '1.0.0', 'sdist', 'os-vif-1.0.0.tar.gz'),
            (
                'oslo.config',
                '1.0.0',
                'bdist_wheel',
                'oslo.config-1.0.0-py2-none-any.whl',
            ),
            (
                'XStatic-Angular',
                '1.5.8.0',
                'bdist_wheel',
                'XStatic_Angular-1.5.8.0-py2.py3-none-any.whl',
            ),
        ):
            self.assertIn(
                filename,
                candidates(name, version, kind),  # type: ignore[arg-type]
            )

    def test_versions_are_as_ordered_and_as_built(self) -> None:
        self.assertEqual(
            ['os_vif-1.0.0a1.tar.gz', 'os_vif-1.0.0.0a1.tar.gz'],
            [
                name
                for name in candidates('os_vif', '1.0.0a1', 'sdist')
                if name.startswith('os_vif')
            ],
        )
        self.assertIn(
            'nova-2012.1.tar.gz', candidates('nova', '2012.1', 'sdist')
        )
        self.assertEqual(
            ('nova-no version.tar.gz',),
            candidates('nova', 'no version', 'sdist'),
        )

    def test_no_name_is_asked_for_twice(self) -> None:
        for kind in ('sdist', 'bdist_wheel'):
            found = candidates('nova', '1.0.0', kind)
            self.assertEqual(len(set(found)), len(found))
