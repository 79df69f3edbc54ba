"""What tests of several packages share."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def oxigraph() -> Callable[[], AbstractContextManager[str]]:
    """Return what starts an empty SPARQL server on loopback, and gives its host and port."""
    return _oxigraph


@contextmanager
def _oxigraph() -> Iterator[str]:
    beside = Path(sys.executable).with_name("oxigraph")
    command = str(beside) if beside.exists() else shutil.which("oxigraph")
    assert command is not None, "install the development requirements: oxigraph is missing"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    server = subprocess.Popen(
        [command, "serve", "--bind", address, "--union-default-graph"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait()
