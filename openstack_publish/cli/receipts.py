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

"""Commands that publish, and end with a receipt on standard output."""

from __future__ import annotations

import abc
import argparse
import contextlib
import datetime
import shlex

from openstack_publish import exceptions
from openstack_publish import publish
from openstack_publish import seams
from openstack_publish import version
from openstack_publish.assembly import settings
from openstack_publish.cli import application
from openstack_publish.cli import base
from openstack_publish.cli import console
from openstack_publish.cli import options
from openstack_publish.cli import streams
from openstack_publish.model import receipt
from openstack_publish.model import urls
from openstack_publish.render import as_json
from openstack_publish.render import as_text


class ReceiptCommand(base.Command):
    """A command whose result is a receipt, whatever happens."""

    def act(self, args: argparse.Namespace) -> int:
        """Publish, print the receipt, and return its exit code."""
        observer = console.observer(
            self.app.stderr,
            self.app.options.verbose_level == 0,
            self.broke,
            live=not args.disable_progress_bar,
        )
        configuration = options.configuration(args)
        self.application.redactor.learn(configuration.password)
        self.application.redactor.learn(configuration.passphrase)
        self.application.redactor.learn(
            urls.password(configuration.repository_url)
        )
        story: receipt.Receipt | None = None
        try:
            with self.told(args, configuration, observer) as ended:
                story = ended
                self.application.signals.end()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            # Stdout holds a receipt whatever happens: the gates could not
            # be built, or not be put away. That changes no story.
            self._tell(error, begun=story is not None)
            if story is None:
                story = publish.not_begun(error, _now())
        self.show(story, args.format)
        return receipt.exit_code(story.outcome)

    @abc.abstractmethod
    def told(
        self,
        args: argparse.Namespace,
        configuration: settings.Configuration,
        observer: seams.Observer,
    ) -> contextlib.AbstractContextManager[receipt.Receipt]:
        """Build the gates, publish, give the receipt, put the gates away.

        :raises PublishError: the gates cannot be built or not be put away
        """

    def next_words(self, story: receipt.Receipt) -> list[str]:
        """Return the one command to type after a failure."""
        return [application.NAME, *self.application.command_line]

    def show(self, story: receipt.Receipt, form: str) -> None:
        """Print the receipt, and after a failure what to type next.

        Where nobody reads it any more, the exit code still tells.
        """
        stdout = streams.Lasting(self.app.stdout)
        if form == 'json':
            document = as_json.of_receipt(story, version.VERSION)
            stdout.write(as_json.text(document))
        else:
            stdout.write(as_text.of_receipt(story))
        stdout.flush()
        if receipt.exit_code(story.outcome) == 0:
            return
        following = shlex.join(self.next_words(story))
        for line in as_text.of_ending(story, following):
            self.app.stderr.write(f'{self.clean(line)}\n')

    def _tell(self, error: BaseException, *, begun: bool) -> None:
        """Tell on stderr what the receipt does not say."""
        if isinstance(error, exceptions.PublishError):
            if begun:
                self.complain(str(error))
        elif isinstance(error, Exception):
            self.broke(error)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
