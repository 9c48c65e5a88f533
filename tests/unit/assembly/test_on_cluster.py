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

"""What is sent to the workers of a cluster, and what is refused there."""

from __future__ import annotations

import dataclasses
import datetime
import os
import pathlib
import pickle
from typing import Any, ClassVar

import fixtures
import testtools

from openstack_publish import exceptions
from openstack_publish import verify
from openstack_publish.assembly import on_cluster
from openstack_publish.assembly import settings
from openstack_publish.assembly import to_verify
from openstack_publish.assembly import verifiers
from openstack_publish.gates import policyfile
from openstack_publish.model import policy
from openstack_publish.proof import selection
from tests.support import gitrepo
from tests.support import hand_clocks
from tests.support import keys
from tests.support import out_there

NOW = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
TOKEN = 'pypi-AgEIcHlwaS5vcmcCJDk5'  # of no account
INDEX = 'http://127.0.0.1:1/'


class TestRecipe(testtools.TestCase):
    made: ClassVar[out_there.OutThere]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        directory = keys.ShortDirectory()
        directory.setUp()
        cls.addClassCleanup(directory.cleanUp)
        cls.made = out_there.make(directory.path, 1, os.environ)

    def setUp(self) -> None:
        super().setUp()
        self.checkout = self.useFixture(
            gitrepo.GitRepository(pathlib.Path(self.made.releases_dir))
        )
        self.configuration = settings.Configuration(
            releases=self.made.releases_dir,
            archive=self.made.archive,
            read_url=INDEX,
            username='openstackci',
            password=TOKEN,
            passphrase=f'{TOKEN}-passphrase',
            config_file='/home/zuul/.pypirc',
            sign_key_file='/home/zuul/signing-key.asc',
            environment={**os.environ, 'TWINE_PASSWORD': f'{TOKEN}-again'},
        )

    def terms(
        self, configuration: settings.Configuration | None = None
    ) -> verify.Terms:
        """What releases are held against here and now."""
        configuration = configuration or self.configuration
        with verifiers.built(
            configuration,
            policyfile.read(configuration.policy, configuration.releases),
            (),
            hand_clocks.HandClock(),
            NOW,
        ) as (_, terms):
            return terms

    def recipe(
        self,
        configuration: settings.Configuration | None = None,
        trusted: tuple[str, ...] = (),
    ) -> on_cluster.Recipe:
        configuration = configuration or self.configuration
        recipe = on_cluster.recipe(
            configuration, trusted, self.terms(configuration)
        )
        sent: on_cluster.Recipe = pickle.loads(pickle.dumps(recipe))
        return sent

    def refused(self, recipe: on_cluster.Recipe) -> str:
        """What a worker says of it, whose environment is ours."""
        error = self.assertRaises(
            exceptions.Misconfigured, recipe(os.environ).__enter__
        )
        return str(error)

    def test_nothing_secret_is_sent(self) -> None:
        recipe = on_cluster.recipe(
            self.configuration, (), self.terms(self.configuration)
        )
        sent = pickle.dumps(recipe)
        self.assertIn(INDEX.encode(), sent)
        for secret in (TOKEN, 'passphrase=', 'zuul', os.environ['PATH']):
            self.assertNotIn(secret.encode(), sent)
        told = recipe.configuration
        for name in ('username', 'password', 'passphrase', 'sign_key_file'):
            self.assertIsNone(getattr(told, name), name)
        self.assertEqual({}, told.environment)

    def test_where_all_is_the_same_gates_are_built(self) -> None:
        with self.recipe()(os.environ) as gates:
            (order,) = selection.select(
                gates.checkout,
                selection.Wanted((), out_there.SERIES, False),
            ).orders
            self.assertEqual(self.made.names[0], order.project)

    def test_paths_are_those_of_a_worker_in_another_directory(self) -> None:
        key = self.made.key.public_file
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(os.path.dirname(self.made.releases_dir))
        relative = dataclasses.replace(
            self.configuration,
            releases=os.path.relpath(self.made.releases_dir),
            archive=os.path.relpath(self.made.archive),
        )
        recipe = self.recipe(relative, (os.path.relpath(key), 'A' * 40))
        os.chdir('/')
        self.assertEqual(self.made.releases_dir, recipe.configuration.releases)
        self.assertEqual(self.made.archive, recipe.configuration.archive)
        self.assertEqual((key, 'A' * 40), recipe.trusted)

    def test_another_head_is_refused(self) -> None:
        recipe = self.recipe()
        ours = self.checkout.git('rev-parse', 'HEAD')
        self.checkout.git('commit', '-q', '--allow-empty', '-m', 'Move on')
        theirs = self.checkout.git('rev-parse', 'HEAD')
        self.assertEqual(
            f'the checkout {self.made.releases_dir} is another one there: '
            f'HEAD at {theirs} there, and HEAD at {ours} here; make them the '
            'same',
            self.refused(recipe),
        )

    def test_another_policy_is_refused(self) -> None:
        recipe = self.recipe()
        path = pathlib.Path(self.made.releases_dir, policy.IN_CHECKOUT)
        path.parent.mkdir(exist_ok=True)
        self.addCleanup(path.unlink)
        path.write_text(
            'schema: openstack-publish/policy/1\nwaivers: []\n',
            encoding='ascii',
        )
        self.assertRegex(
            self.refused(recipe),
            'the policy is another one there: SHA-256 [0-9a-f]{64} there, '
            'and SHA-256 [0-9a-f]{64} here; make them the same',
        )

    def test_a_file_that_is_edited_there_is_refused(self) -> None:
        recipe = self.recipe()
        path = pathlib.Path(
            self.made.releases_dir, 'deliverables', out_there.SERIES, 'x.yaml'
        )
        self.addCleanup(path.unlink)
        path.write_text('---\n', encoding='ascii')
        self.assertIn(
            'files that are not as committed: '
            f'deliverables/{out_there.SERIES}/x.yaml there, and files that '
            'are not as committed: none here',
            self.refused(recipe),
        )

    def test_other_keys_are_refused(self) -> None:
        recipe = dataclasses.replace(self.recipe(), trusted=('B' * 40,))
        said = self.refused(recipe)
        self.assertIn('what may sign is another one there', said)
        self.assertIn('B' * 40, said)

    def test_a_list_of_series_that_was_changed_is_refused(self) -> None:
        recipe = self.recipe()
        terms = dataclasses.replace(recipe.terms, series=())
        said = self.refused(dataclasses.replace(recipe, terms=terms))
        self.assertIn('the list of series is another one there', said)

    def test_what_is_not_there_is_named(self) -> None:
        recipe = self.recipe()
        for name in ('releases', 'archive', 'cert', 'project_config'):
            missing: dict[str, Any] = {name: '/proc/no'}
            there = dataclasses.replace(recipe.configuration, **missing)
            error = self.assertRaises(
                exceptions.Misconfigured,
                dataclasses.replace(recipe, configuration=there)(
                    os.environ
                ).__enter__,
            )
            self.assertIn('/proc/no', str(error))


class TestCheck(testtools.TestCase):
    """Before anything is read."""

    def refused(self, address: str) -> exceptions.Misconfigured:
        error: exceptions.Misconfigured = self.assertRaises(
            exceptions.Misconfigured,
            to_verify.verification(
                settings.Configuration(scheduler=address), ()
            ).__enter__,
        )
        self.assertEqual('--scheduler', error.where)
        return error

    def test_an_address_that_is_none_is_refused(self) -> None:
        for address in (
            '',
            'localhost:8786',
            'tcp://localhost',
            'tcp://:8786',
            'tcp://localhost:0',
            'tcp://localhost:99999',
            'tcp://localhost:8786/x',
            'tcp://user@localhost:8786',
            'tcp://local host:8786',
            'tls://[::1',
            'http://localhost:8786',
            'ws://dask.example.org:8786',
            'inproc://127.0.0.1/1/1',
        ):
            self.assertIn(
                'is no address of a scheduler; write tls://HOST:PORT, or '
                'tcp://HOST:PORT on this machine',
                str(self.refused(address)),
            )

    def test_a_password_in_an_address_is_not_shown(self) -> None:
        self.assertNotIn('secret', str(self.refused('tls://u:secret@h:1')))

    def test_plain_tcp_is_for_this_machine(self) -> None:
        self.assertEqual(
            "'tcp://dask.example.org:8786' is tcp, and its host is not this "
            'machine: whoever is in between could run code here; use tls://, '
            'or a tunnel that begins on this machine',
            str(self.refused('tcp://dask.example.org:8786')),
        )
        for address in (
            'tcp://localhost:8786',
            'tcp://127.0.0.1:8786',
            'tcp://[::1]:8786',
            'tls://dask.example.org:8786',
        ):
            on_cluster.check(address)

    def test_a_missing_extra_is_named(self) -> None:
        self.useFixture(
            fixtures.MonkeyPatch(
                'importlib.metadata.requires',
                lambda name: ['nowhere-to-be-found>=2; extra == "cluster"'],
            )
        )
        self.assertEqual(
            'verifying on a cluster needs nowhere-to-be-found>=2, and there '
            'is none; install "openstack-publish[cluster]"',
            str(self.refused('tcp://127.0.0.1:8786')),
        )
