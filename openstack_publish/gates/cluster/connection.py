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

"""A client of a scheduler: what is asked of it, each with a limit."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

import distributed

from openstack_publish import exceptions
from openstack_publish.gates.cluster import there

Future = distributed.Future[Any]

_LOST = 'scheduler-connection-lost'
"""The reason that Dask gives there for cancelling everything."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """How long what is waited for at most, in seconds."""

    connect: float = 30.0
    """Until the scheduler answers for the first time."""

    answer: float = 60.0
    """For one answer of the scheduler later on."""

    furnish: float = 300.0
    """Until every worker that is there has built its tools."""

    workers: float = 60.0
    """Without any worker that can do the work."""

    end: float = 10.0
    """For each step of putting everything away."""

    look: float = 2.0
    """Between two looks at which workers are there."""


class Connection:
    """A client of one scheduler; close it at the end.

    :param address: of the scheduler
    :raises Misconfigured: Dask's own configuration doesn't fit the address
    :raises Unavailable: no scheduler answers there
    """

    def __init__(self, address: str, limits: Limits) -> None:
        self.address = address
        self.limits = limits
        what = f'the scheduler {address}'
        try:
            self._client = distributed.Client(
                address,
                timeout=limits.connect,
                set_as_default=False,
                # Results go the way that questions go: through a tunnel.
                direct_to_workers=False,
                name='openstack-publish',
            )
        except OSError as error:
            raise exceptions.Unavailable(
                what, f'no answer within {limits.connect:g} s: {error}'
            ) from error
        # TLS without certificates is a TypeError, a file of them that isn't
        # there or is none an ssl.SSLError or OSError; see above.
        except Exception as error:
            raise exceptions.Misconfigured(
                f'{what} cannot be asked as Dask is configured: {error}',
                where='--scheduler',
            ) from error

    def close(self) -> None:
        """Leave the cluster; what it holds of ours is dropped there."""
        # Whatever it raises, the run has its results by now, or its error.
        with contextlib.suppress(Exception):
            self._client.close(timeout=self.limits.end)

    @property
    def name(self) -> str:
        """Name of this client, which no other has."""
        return str(self._client.id)

    def programs(self) -> dict[str, dict[str, str] | Exception]:
        """Return the programs of scheduler and workers, by their addresses.

        :raises Unavailable: the scheduler does not answer
        """
        found: dict[str, dict[str, str] | Exception] = {}
        workers: dict[str, dict[str, str] | Exception]
        try:
            found[self.address] = self._ask(
                self.limits.answer,
                self._client.run_on_scheduler,
                there.programs,
            )
        except exceptions.Unavailable as error:
            # Ours is not installed there, or another version of it.
            if not isinstance(error.__cause__, (ImportError, AttributeError)):
                raise
            found[self.address] = error.__cause__
        workers = self._ask(
            self.limits.answer,
            self._client.run,
            there.programs,
            on_error='return',
        )
        return found | workers

    def workers(self) -> dict[str, int]:
        """Return the workers' addresses, and how many threads take work.

        :raises Unavailable: the scheduler does not answer
        """
        seen: Mapping[str, Any] = self._ask(
            self.limits.answer,
            self._identity,
        )
        return {
            address: worker['nthreads'] if worker['status'] == 'running' else 0
            for address, worker in seen['workers'].items()
        }

    def standings(
        self, name: str, addresses: Collection[str]
    ) -> dict[str, Exception | None]:
        """Return why workers can do nothing of a run; None of who can.

        :raises Unavailable: the scheduler does not answer
        """
        found: dict[str, Exception | None] = self._ask(
            self.limits.answer,
            self._client.run,
            there.standing,
            name,
            workers=sorted(addresses),
            on_error='return',
        )
        return found

    def forgotten(self, futures: Collection[Future]) -> frozenset[str]:
        """Return the keys of those that the scheduler knows nothing of.

        :raises Unavailable: the scheduler does not answer
        """
        found: frozenset[str] = self._ask(
            self.limits.answer,
            self._client.run_on_scheduler,
            there.forgotten,
            [future.key for future in futures],
        )
        return found

    def furnish(self, bench: there.Bench) -> None:
        """Give each worker what it needs, also those that join later.

        :raises Unavailable: the scheduler does not answer
        """
        self._ask(
            self.limits.answer,
            self._client.register_plugin,
            there.Sweeper(bench.name, self.name),
        )
        self._ask(self.limits.furnish, self._client.register_plugin, bench)

    def submit(
        self,
        key: str,
        bench: str,
        thing: object,
        workers: Collection[str],
        ended: Callable[[Future], None],
    ) -> Future:
        """Have a thing done on one of some workers.

        :param ended: called, in another thread, as soon as it ended
        :raises Unavailable: the connection was lost
        """
        with self._asking():
            future = self._client.submit(
                there.do,
                bench,
                thing,
                key=key,
                workers=sorted(workers),
                allow_other_workers=False,
                pure=False,
            )
            future.add_done_callback(ended)
        return future

    def put_away(self, bench: str, futures: Collection[Future]) -> None:
        """Have nothing more done, and leave nothing of a run behind.

        Where the scheduler is gone, or does not answer in time, it does so
        itself as soon as it sees that its client left.
        """
        if self._client.status != 'running':
            return
        for function, argument in (
            (self._client.cancel, list(futures)),
            (self._client.unregister_worker_plugin, bench),
            (self._client.unregister_scheduler_plugin, f'{bench}-sweeper'),
        ):
            with contextlib.suppress(exceptions.Unavailable):
                self._ask(self.limits.end, function, argument)

    async def _identity(self) -> Any:
        # None where the connection was lost.
        assert self._client.scheduler is not None
        return await self._client.scheduler.identity(n_workers=-1)

    def _ask(
        self,
        seconds: float,
        function: Callable[..., Any],
        *arguments: object,
        **named: object,
    ) -> Any:
        """Return the answer of one of the client's own functions.

        Within the client's loop each gives something to wait for; only there
        a limit can be set to all of them.

        :raises Unavailable: there is none, or none in time
        """

        async def asked() -> Any:
            answer = function(*arguments, **named)
            return await answer if isinstance(answer, Awaitable) else answer

        with self._asking(seconds):
            return self._client.sync(asked, callback_timeout=seconds)

    @contextlib.contextmanager
    def _asking(self, seconds: float | None = None) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise exceptions.Unavailable(
                f'the scheduler {self.address}',
                f'no answer within {seconds:g} s'
                if seconds is not None
                else str(error),
            ) from error
        # The library has no base exception: what comes is its own, Python's,
        # tornado's, and whatever was raised where we asked.
        except Exception as error:
            if self._client.status != 'running' or isinstance(error, OSError):
                raise lost(self.address) from error
            raise exceptions.Unavailable(
                f'the scheduler {self.address}',
                f'{type(error).__name__}: {error}',
            ) from error


def lost(scheduler: str) -> exceptions.Unavailable:
    """Return what to raise where a scheduler is gone."""
    return exceptions.Unavailable(
        f'the scheduler {scheduler}', 'the connection to it was lost'
    )


def outcome(scheduler: str, future: Future, seconds: float) -> Any:
    """Return what came of something that ended.

    :param seconds: how long its result is waited for, which may have been
        lost together with its worker and be made once more
    :returns: its result; a reason where it has none; None where it has none
        yet
    :raises Unavailable: the scheduler is gone, or it was cancelled
    """
    try:
        error = future.exception(timeout=seconds)
        if error is None:
            return future.result(timeout=seconds)
    except TimeoutError:
        return None
    except distributed.CancelledError as cancelled:
        if getattr(cancelled, 'reason', _LOST) == _LOST:
            raise lost(scheduler) from cancelled
        raise exceptions.Unavailable(
            f'the scheduler {scheduler}',
            'somebody else cancelled what it had to do',
        ) from cancelled
    except OSError as closed:
        raise lost(scheduler) from closed
    # What was raised there, or in unpickling it here: its row is unknown.
    except Exception as strange:  # noqa: BLE001
        error = strange
    if isinstance(error, distributed.KilledWorker):
        return without_result(
            f'{error.allowed_failures + 1} workers ended while they were at '
            f'it, the last one {error.last_worker.address}',
        )
    return without_result(f'{type(error).__name__}: {error}')


def without_result(why: str) -> exceptions.Unavailable:
    """Return why a thing that was submitted has no result."""
    return exceptions.Unavailable('its result on the cluster', why)
