"""A real nginx with its defaults, in front of one server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.redis_server import installed
from tests.support.waiting import until_true

_MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
    {server}
}}
"""
"""What a package's own nginx.conf says, with paths of the test's."""


@contextmanager
def running_nginx(folder: Path, server: str, http: str = "") -> Iterator[int]:
    """Its port. ``server``: a server block that says `listen 80`; ``http``: directives for all servers."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "listen 80;" in server
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};")
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read the test's folder
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, user=user, http=http, server=server))
    process = subprocess.Popen([installed("nginx"), "-p", str(folder), "-c", str(main), "-e", "stderr"])
    try:
        until_true(lambda: _listens(port))
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
