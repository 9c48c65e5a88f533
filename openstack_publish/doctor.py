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

"""Examine what publishing needs, before there is anything to publish.

Nothing is sent but one anonymous question to the index, and nothing is
written but a throw-away signature in a private directory. What waits for
others runs side by side, and no longer than :data:`LIMIT`.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Callable
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import checkup
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.proof import signatures
from openstack_publish.rules import checkups

LIMIT = 2.0
"""Longest examination, in seconds; what is not known by then is unknown."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked for, as plain values."""

    project: names.ProjectName | None = None
    """That the token is to be for."""

    trusted: tuple[str, ...] = ()
    """Fingerprints, and files of public keys."""


@dataclasses.dataclass(frozen=True)
class Gates:
    """Everything outside that is examined.

    What may be wrong by itself is made only when it is looked at, so that
    it costs its own line and no other.
    """

    gnupg: seams.GnuPG
    signer: Callable[[], seams.Signer]
    probe: Callable[[], seams.Probe]
    credentials: Callable[[], seams.Credentials]
    policy: Callable[[], policy.Policy]
    checkout: Callable[[], seams.Checkout] | None
    worktree: seams.WorkTree | None
    clock: seams.Clock
    observer: seams.Observer


def doctor(request: Request, gates: Gates) -> tuple[checkup.Check, ...]:
    """Examine everything, and return a check for each thing.

    What is wrong or does not answer is a check, never an exception.
    """
    examination = _Examination(request, gates)
    threads: dict[str, Callable[[], Iterator[checkup.Check]]] = {
        'keys': examination.keys,
        'index': examination.index,
        'token': examination.token,
        'policy': examination.policy,
        'checkout': examination.checkout,
    }
    found: dict[str, checkup.Check] = {}
    broken = dict.fromkeys(threads, f'not known within {LIMIT:g} s')
    for thread, said in _side_by_side(threads, gates.clock):
        if isinstance(said, checkup.Check):
            found[said.name] = said
        elif said is not None:
            gates.observer.broke(said)
            broken[thread] = f'error of this program: {type(said).__name__}'
    return tuple(
        found.get(name) or checkup.Check(name, 'unknown', broken[thread])
        for name, thread in CHECKS.items()
    )


CHECKS = {
    'gpg': 'keys',
    'sockets': 'keys',
    'key': 'keys',
    'index': 'index',
    'clock': 'index',
    'token': 'token',
    'policy': 'policy',
    'checkout': 'checkout',
}
"""Every check, in the order in which they are told, and its thread."""


def _side_by_side(
    threads: dict[str, Callable[[], Iterator[checkup.Check]]],
    clock: seams.Clock,
) -> Iterator[tuple[str, checkup.Check | Exception | None]]:
    """Give what the threads find as they find it, until the limit.

    A thread that waits for somebody is left behind; being a daemon, it
    keeps no process from ending.
    """
    answers: queue.Queue[tuple[str, checkup.Check | Exception | None]] = (
        queue.Queue()
    )

    def run(name: str, look: Callable[[], Iterator[checkup.Check]]) -> None:
        end: Exception | None = None
        try:
            for check in look():
                answers.put((name, check))
        except Exception as error:  # noqa: BLE001  told by who waits here
            end = error
        answers.put((name, end))

    ends = clock.monotonic() + LIMIT
    for name, look in threads.items():
        threading.Thread(target=run, args=(name, look), daemon=True).start()
    running = len(threads)
    while running:
        left = ends - clock.monotonic()
        try:
            name, said = answers.get(timeout=max(left, 0.0))
        except queue.Empty:
            return
        if not isinstance(said, checkup.Check):
            running -= 1
        yield name, said


class _Examination:
    """The checks, one method a thread."""

    def __init__(self, request: Request, gates: Gates) -> None:
        self._request = request
        self._gates = gates
        self._now = gates.clock.now()

    def keys(self) -> Iterator[checkup.Check]:
        """Look at GnuPG, then at the key that is to sign."""
        yield _checked('gpg', self._gpg)
        yield _checked('sockets', self._sockets)
        yield _checked('key', self._key)

    def index(self) -> Iterator[checkup.Check]:
        """Ask the index, and hold our clock against its."""
        contact: list[checkup.Contact] = []

        def ask() -> checkups.Said:
            contact.append(self._gates.probe().contact())
            return 'held', f'{contact[0].url} answers'

        yield _checked('index', ask)
        yield _checked(
            'clock',
            lambda: checkups.clock(contact[0] if contact else None),
        )

    def token(self) -> Iterator[checkup.Check]:
        """Describe the credential."""
        yield _checked('token', self._token)

    def policy(self) -> Iterator[checkup.Check]:
        """Read the policy."""

        def read() -> checkups.Said:
            found = self._gates.policy()
            return 'held', (
                f'{found.origin}, for an index of kind {found.index}, '
                f'projects with rules of their own: {len(found.projects)}'
            )

        yield _checked('policy', read)

    def checkout(self) -> Iterator[checkup.Check]:
        """Look at the checkout of openstack/releases."""
        yield _checked('checkout', self._checkout)

    def _gpg(self) -> checkups.Said:
        found = self._gates.gnupg.installation()
        where = (
            'a private home for the key file'
            if found.home is None
            else f'home {found.home}'
        )
        return 'held', f'GnuPG {found.version}, {found.program}, {where}'

    def _sockets(self) -> checkups.Said:
        return checkups.sockets(self._gates.gnupg.socket_rooms())

    def _key(self) -> checkups.Said:
        signer = self._gates.signer()
        if not signer.can_sign:
            return 'held', (
                'not given: --sign-key or --sign-key-file would name one'
            )
        trusted = self._trusted(signer)
        proof = signer.prove()
        if proof is None:
            return 'unknown', 'the key was not tried'
        return checkups.key(
            proof, trusted, self._now, self._gates.checkout is not None
        )

    def _trusted(
        self, signer: seams.Signer
    ) -> knowledge.Knowledge[frozenset[names.Fingerprint]]:
        """Collect who may sign.

        :raises Misconfigured: a file of public keys is none
        :raises Unavailable: gpg did not read it
        """
        make = self._gates.checkout
        try:
            trust = signatures.trust(
                None if make is None else make(),
                self._gates.policy(),
                self._request.trusted,
            )
        except exceptions.PublishError as error:
            # Checkout and policy have lines of their own.
            return knowledge.Unknown('which keys are trusted', str(error))
        return knowledge.Known(trust.named_in(signer))

    def _token(self) -> checkups.Said:
        return checkups.token(
            self._gates.credentials().describe(),
            self._request.project,
            self._now,
        )

    def _checkout(self) -> checkups.Said:
        make, worktree = self._gates.checkout, self._gates.worktree
        if make is None or worktree is None:
            return 'held', 'not given: --releases would name one'
        checkout = make()
        checkout.read_series()
        head = checkout.head()
        if isinstance(head, knowledge.Unknown):
            return 'unknown', f'{head.what}: {head.why}'
        if head.value is None:
            return 'held', (
                'no git checkout: nothing will show that an order was '
                'reviewed and merged'
            )
        changed = worktree.changed()
        if changed:
            return 'failed', (
                f'{len(changed)} files differ from HEAD {head.value}, the '
                f'first: {changed[0]}; what they order is not merged'
            )
        return 'held', f'HEAD {head.value}, nothing differs from it'


def _checked(name: str, look: Callable[[], checkups.Said]) -> checkup.Check:
    """Look at one thing; what gates raise becomes a verdict."""
    try:
        return checkup.Check(name, *look())
    except exceptions.Misconfigured as error:
        told = error.told
        if error.problems:
            problem = error.problems[0]
            place = ':'.join(
                str(part)
                for part in (problem.place.path, problem.place.line)
                if part is not None
            )
            told += f'; {place}: {problem.message}'
        return checkup.Check(name, 'failed', told)
    except exceptions.Unavailable as error:
        return checkup.Check(name, 'unknown', str(error))
