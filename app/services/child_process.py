"""Child processes that end when we end, however we end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

# Runs between fork and the program, since code of ours in a forked child of a process with threads may
# deadlock. The kernel keeps the death signal over exec; a parent that died before it was set is noticed.
_GUARD = f"""
import ctypes, os, sys
parent, death_signal, *program = sys.argv[1:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl({_PR_SET_PDEATHSIG}, int(death_signal))
if os.getppid() != int(parent):
    sys.exit(1)
try:
    os.execv(program[0], program)
except OSError as error:
    sys.exit(f"{{program[0]}} cannot be started: {{error.strerror}}")
"""


class ChildProcess:
    """A running program. On Linux it gets its death signal when we are gone, even by SIGKILL."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Waits for its end; its exit code."""
        return await self._process.wait()

    async def stop(self, grace: float) -> int:
        """SIGTERM, and after ``grace`` seconds SIGKILL for it and its own children; its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(grace):
                return await self.wait()
        except TimeoutError:
            self._kill()
            return await self.wait()
        except asyncio.CancelledError:
            self._kill()
            raise

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


async def spawn(
    program: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
    death_signal: signal.Signals = signal.SIGKILL,
) -> ChildProcess:
    """Starts ``program`` (an absolute path and its arguments) in a process group of its own, so that Ctrl-C
    on a terminal reaches us alone. ``env``: None is ours; ``output``: None is ours too."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-c", _GUARD),
        *(str(os.getpid()), str(int(death_signal))),
        *program,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd=cwd,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )
    return ChildProcess(process)


@dataclass(frozen=True, slots=True)
class Connection:
    """A child process and our end of a socket pair with it."""

    process: ChildProcess
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def spawn_connected(
    program: Callable[[int], Sequence[str]], *, output: IO[bytes] | None = None, longest_line: int = 2**16
) -> Connection:
    """``program`` by the file descriptor of its own end. Who is cancelled meanwhile leaves nothing open: the
    program reads the end of its input and ends."""
    ours, theirs = socket.socketpair()
    with contextlib.ExitStack() as unless_whole, theirs:
        unless_whole.callback(ours.close)
        process = await spawn(program(theirs.fileno()), output=output, pass_fds=(theirs.fileno(),))
        reader, writer = await asyncio.open_connection(sock=ours, limit=longest_line)
        unless_whole.pop_all()
    return Connection(process, reader, writer)
