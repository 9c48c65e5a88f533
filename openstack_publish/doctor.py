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
import datetime
import queue
import threading
from collections.abc import Callable
from collections.abc import Iterator

from openstack_publish import exceptions
from openstack_publish import seams
from openstack_publish.model import checkup
from openstack_publish.model import finding
from openstack_publish.model import knowledge
from openstack_publish.model import names
from openstack_publish.model import policy
from openstack_publish.model import signature
from openstack_publish.proof import signatures
from openstack_publish.rules import clock_fit
from openstack_publish.rules import credential_fit
from openstack_publish.rules import signed

LIMIT = 2.0
"""Longest examination, in seconds; what is not known by then is unknown."""

Said = tuple[checkup.Verdict, str]


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

        def ask() -> Said:
            contact.append(self._gates.probe().contact())
            return 'held', f'{contact[0].url} answers'

        yield _checked('index', ask)
        yield _checked(
            'clock',
            lambda: clock_fit.fits(contact[0] if contact else None),
        )

    def token(self) -> Iterator[checkup.Check]:
        """Describe the credential."""
        yield _checked('token', self._token)

    def policy(self) -> Iterator[checkup.Check]:
        """Read the policy."""

        def read() -> Said:
            found = self._gates.policy()
            return 'held', (
                f'{found.origin}, for an index of kind {found.index}, '
                f'{len(found.projects)} projects with rules of their own'
            )

        yield _checked('policy', read)

    def checkout(self) -> Iterator[checkup.Check]:
        """Look at the checkout of openstack/releases."""
        yield _checked('checkout', self._checkout)

    def _gpg(self) -> Said:
        found = self._gates.gnupg.installation()
        where = (
            'a private home for the key file'
            if found.home is None
            else f'home {found.home}'
        )
        return 'held', f'GnuPG {found.version}, {found.program}, {where}'

    def _sockets(self) -> Said:
        rooms = self._gates.gnupg.socket_rooms()
        told = '; '.join(
            f'{room.home} has {room.length} of at most {room.limit} bytes'
            for room in rooms
        )
        if any(room.length > room.limit for room in rooms):
            return 'failed', (
                f"{told}; the sockets of gpg's agent need a shorter path "
                '(TMPDIR, --gnupg-home)'
            )
        return 'held', told

    def _key(self) -> Said:
        signer = self._gates.signer()
        if not signer.can_sign:
            return 'held', (
                'not given: --sign-key or --sign-key-file would name one'
            )
        trusted = self._trusted(signer)
        proof = signer.prove()
        if proof is None:
            return 'unknown', 'the key was not tried'
        return _judged(
            proof, trusted, self._now, self._gates.checkout is not None
        )

    def _trusted(
        self, signer: seams.Signer
    ) -> knowledge.Knowledge[frozenset[names.Fingerprint]]:
        """Collect who may sign; what is wrong there has lines of its own."""
        make = self._gates.checkout
        try:
            return knowledge.Known(
                signatures.trust(
                    None if make is None else make(),
                    self._gates.policy(),
                    self._request.trusted,
                ).named_in(signer)
            )
        except exceptions.PublishError as error:
            return knowledge.Unknown('which keys are trusted', str(error))

    def _token(self) -> Said:
        held = self._gates.credentials().describe()
        if held is None:
            return 'held', (
                'not given: neither TWINE_PASSWORD, .pypirc nor the keyring '
                'has one'
            )
        told = 'user name and password'
        if held.kind == 'api-token':
            told = f'API token for {held.scope}'
            if held.not_after is not None:
                told += f', until {held.not_after:%Y-%m-%dT%H:%M:%SZ}'
        return _with_findings(
            told,
            credential_fit.fits(
                held, self._request.project, self._now, dry_run=False
            ),
        )

    def _checkout(self) -> Said:
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


def _checked(name: str, look: Callable[[], Said]) -> checkup.Check:
    """Look at one thing; what gates raise becomes a verdict."""
    try:
        return checkup.Check(name, *look())
    except exceptions.Misconfigured as error:
        told = error.message
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


def _judged(
    proof: signature.KeyProof,
    trusted: knowledge.Knowledge[frozenset[names.Fingerprint]],
    now: datetime.datetime,
    with_checkout: bool,
) -> Said:
    """Say whether a key that was tried may sign."""
    told = proof.detail
    if proof.state is signature.KeyState.USABLE:
        ends = proof.expires
        told += (
            ', never expires'
            if ends is None
            else f', expires on {ends:%Y-%m-%d}'
        )
    own = frozenset(() if proof.primary is None else (proof.primary,))
    if isinstance(trusted, knowledge.Known) and (
        with_checkout or own <= trusted.value
    ):
        verdict, told = _with_findings(
            told, signed.key(proof, trusted.value, now, dry_run=False)
        )
        return verdict, f'{told}, trusted' if verdict == 'held' else told
    # By its own state alone: the key is taken for a trusted one.
    verdict, told = _with_findings(
        told, signed.key(proof, own, now, dry_run=False)
    )
    if verdict != 'held':
        return verdict, told
    if isinstance(trusted, knowledge.Unknown):
        return 'unknown', (
            f'{told}; {trusted.what} is not known: {trusted.why}'
        )
    return 'held', (
        f'{told}; whether it is trusted is not judged without --releases'
    )


def _with_findings(told: str, found: tuple[finding.Finding, ...]) -> Said:
    """Add what rules say; what refuses decides."""
    said = [item.message for item in found if item.message != told]
    return finding.worst(found) or 'held', '; '.join([told, *said])
