"""The connection to Redis (or Valkey): how we connect, wait for the server, and name its failures."""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection, Connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    ConnectionError,  # noqa: A004  (redis' own, not the built-in one)
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)
from redis.maint_notifications import MaintNotificationsConfig

from app.errors import SetupError, Unavailable

RETRY_AFTER_S = 2.0
_COMMAND_TIMEOUT_S = 5.0
_CONNECT_TIMEOUT_S = 2.0
_PAUSE_S = 0.05
_AWAY = (ConnectionError, TimeoutError, OutOfMemoryError, ReadOnlyError)
_REFUSED = (AuthenticationError, AuthorizationError, NoPermissionError)
_DRIVER = DriverInfo()
"""Told to the server by each connection; made once, since it looks for the installed package's version."""
_CANNOT_WRITE = ("MISCONF", "READONLY", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN")


class _Connection(AbstractConnection):
    """Where uvloop finds a connection closed before it can write it raises RuntimeError, which redis-py takes
    for no loss of the connection: here it becomes one. To be mixed into redis-py's kinds of connections."""

    async def send_packed_command(self, *args: Any, **options: Any) -> None:
        try:
            await super().send_packed_command(*args, **options)
        except RuntimeError as closed:
            await self.disconnect(nowait=True)
            raise ConnectionError("The connection was closed before the command was sent.") from closed

    async def on_connect_check_health(self, check_health: bool = True) -> None:
        """A server that still loads its data takes connections already: it is away until it is done."""
        await super().on_connect_check_health(check_health=check_health)
        await self.send_command("PING", check_health=False)
        with suppress(ResponseError):  # it answers: what else is wrong, the command that comes next will tell
            await self.read_response()


class _PatientPool(BlockingConnectionPool):
    """Connects again while the server restarts, up to ``patience`` seconds.

    Only connecting is repeated, never a command: one whose answer was lost may have been carried out.
    """

    def __init__(
        self, *, patience: float, connection_class: type[AbstractConnection] = Connection, **options: Any
    ) -> None:
        kind = type(connection_class.__name__, (_Connection, connection_class), {})
        super().__init__(connection_class=kind, **options)  # pyright: ignore[reportUnknownMemberType]
        self._patience = patience

    async def ensure_connection(self, connection: AbstractConnection) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._patience
        while True:
            try:
                return await super().ensure_connection(connection)
            except (ConnectionError, TimeoutError) as error:
                if _is_refusal(error) or clock() + _PAUSE_S > deadline:
                    raise
            await asyncio.sleep(_PAUSE_S)


class _Client(Redis):
    """Before Python 3.12 ``asyncio.wait_for``, by which redis-py sends, may swallow a cancellation: the task
    would go on, and whoever cancelled it would wait for ever. Here it is raised after the command."""

    async def execute_command(self, *args: Any, **options: Any) -> object:
        task = asyncio.current_task()
        cancellations = task.cancelling() if task else 0
        run = cast("Callable[..., Awaitable[object]]", super().execute_command)  # pyright: ignore[reportUnknownMemberType]
        answer = await run(*args, **options)
        if task and task.cancelling() > cancellations:
            raise asyncio.CancelledError
        return answer


def connect(url: str, *, max_connections: int = 50, patience: float = 2.0) -> Redis:
    """A client of the server at ``url`` (redis://, rediss:// or unix://); answers come decoded as ``str``.

    Nothing is sent yet. ``patience``: seconds for which a lost server is waited for before a command
    fails. SetupError: the URL cannot be used; it is not repeated, since it may hold a password.
    """
    try:
        pool = _PatientPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            patience=patience,
            max_connections=max_connections,
            timeout=_COMMAND_TIMEOUT_S,
            socket_timeout=_COMMAND_TIMEOUT_S,
            socket_connect_timeout=_CONNECT_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=_DRIVER,
            # with these on, the pool hands out connections that a restart of the server has cut
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
            decode_responses=True,
        )
        pool.make_connection()  # finds unknown options now instead of at the first command
    except (ValueError, TypeError, RedisError):
        raise SetupError(
            "REDIS_URL cannot be used: write redis://host:6379/0, rediss://… or unix:///path/to/socket."
        ) from None
    return _Client.from_pool(pool)


async def wait_until_ready(client: Redis, seconds: float) -> None:
    """Returns when the server answers; SetupError after ``seconds``, or at once when it refuses us."""
    try:
        async with asyncio.timeout(seconds):
            while not await is_ready(client):  # noqa: ASYNC110  (the server cannot ring us)
                await asyncio.sleep(_PAUSE_S)
    except builtins.TimeoutError:
        raise SetupError(
            f"No Redis server answered within {seconds:g} s. Check REDIS_URL and that the server runs, "
            "or leave REDIS_URL empty to use the embedded server."
        ) from None


async def is_ready(client: Redis) -> bool:
    """Whether the server answers and has loaded its data. SetupError: it refuses our name or password."""
    try:
        await client.ping()  # pyright: ignore[reportUnknownMemberType, reportGeneralTypeIssues]
    except (ConnectionError, TimeoutError, NoPermissionError) as error:
        if _is_refusal(error):
            raise SetupError("The Redis server refuses the user name or password of REDIS_URL.") from error
        return False
    return True


def _is_refusal(error: RedisError) -> bool:
    # on a unix socket redis-py wraps the refusal in a plain ConnectionError
    return isinstance(error, _REFUSED) or isinstance(error.__cause__, _REFUSED)


@contextmanager
def translate_errors() -> Generator[None]:
    """The door of every store on Redis: a server that is away, full or read-only becomes Unavailable."""
    try:
        yield
    except _AWAY as error:
        raise _unavailable() from error
    except ResponseError as error:
        if str(error).startswith(_CANNOT_WRITE):
            raise _unavailable() from error
        raise


def _unavailable() -> Unavailable:
    return Unavailable(
        "The service cannot reach its store at the moment. Try again in a few seconds.",
        retry_after=RETRY_AFTER_S,
    )
