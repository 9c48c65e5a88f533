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

"""``openstack-publish rehearse``."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import shlex
import threading

from openstack_publish import assembly
from openstack_publish import publish
from openstack_publish import version
from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import options
from openstack_publish.model import receipt
from openstack_publish.proof import request
from openstack_publish.rehearsal import programs
from openstack_publish.render import as_json
from openstack_publish.render import as_text


class Rehearse(base.Command):
    """Publish a throw-away release to a stand-in index on this machine.

    Nothing leaves the machine: the index, the key, the git repositories and
    the package are made for the rehearsal and go when it ends. The code that
    publishes is the very code of the publish command.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return the parser."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--keep',
            action='store_true',
            help='leave the index running until Ctrl-C, and print commands '
            'to try',
        )
        parser.add_argument(
            '-f',
            '--format',
            choices=('text', 'json'),
            default='text',
            help='of the receipt on standard output [text]',
        )
        return parser

    def act(self, args: argparse.Namespace) -> int:
        """Rehearse, and return the exit code of the publication."""
        programs.require_extra()
        # Not above: the stand-in index needs the extra.
        from openstack_publish.rehearsal import stage as stages

        environment = options.environment()
        now = datetime.datetime.now(datetime.UTC)
        self._tell('building the stage: index, key, package, order')
        with stages.stage(environment, now) as stage:
            self.application.redactor.learn(stage.token)
            observer = console.observer(
                self.app.stderr,
                self.app.options.verbose_level == 0,
                self.broke,
            )
            with assembly.publication(
                stage.configuration(environment), observer
            ) as built:
                story = publish.publish(
                    request.Terms(stage.request(), built.policy), built.gates
                )
            self._show(story, args.format)
            if args.keep:
                out = (
                    self.app.stdout
                    if args.format == 'text'
                    else self.app.stderr
                )
                for line in _to_try(
                    stage.arguments(),
                    stage.token_file,
                    stage.index.url,
                    stage.release.project,
                ):
                    out.write(f'{line}\n')
                out.flush()
                with contextlib.suppress(KeyboardInterrupt):
                    threading.Event().wait()
        return receipt.exit_code(story.outcome)

    def _show(self, story: receipt.Receipt, form: str) -> None:
        if form == 'json':
            document = as_json.of_receipt(story, version.VERSION)
            self.app.stdout.write(as_json.text(document))
        else:
            self.app.stdout.write(as_text.of_receipt(story))
        self.app.stdout.flush()

    def _tell(self, line: str) -> None:
        """Write to stderr: standard output holds the receipt alone."""
        self.app.stderr.write(f'{line}\n')
        self.app.stderr.flush()


def _to_try(
    arguments: tuple[str, ...], token_file: str, url: str, project: str
) -> list[str]:
    """Return what to try while the index runs, as lines."""
    token = f'TWINE_PASSWORD="$(cat {shlex.quote(token_file)})"'
    publication = shlex.join([application.NAME, 'publish', *arguments])
    places = shlex.quote(arguments[0])
    return [
        '',
        f'The index runs at {url} until Ctrl-C. In another terminal:',
        '',
        '# again: everything is there, nothing is sent',
        f'{token} {publication}',
        '',
        '# what a review would see: nothing is ever written or sent',
        f'{publication} --dry-run',
        '',
        '# only read back what is there',
        f'{publication} --confirm-only',
        '',
        '# as one JSON document',
        f'{token} {publication} -f json',
        '',
        '# what the index says',
        f'curl {shlex.quote(f"{url}/pypi/{project}/json")}',
        '',
        '# what raw twine does',
        f'{token} twine upload -u __token__ --repository-url '
        f'{shlex.quote(f"{url}/legacy/")} {places}/*.whl {places}/*.tar.gz',
        '',
        '# what a finding means',
        f'{application.NAME} rule OSP401',
    ]
