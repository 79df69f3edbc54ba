"""What tests of several packages share: the shipped graph, and SPARQL servers on loopback."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from evikg.graph.embedded import EmbeddedStore
from evikg.loaders.build import build
from evikg.loaders.evidence import shipped_evidence
from evikg.queries.examples import examples

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What takes how long depends on the machine: no test is about it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

VIRTUOSO_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = {address}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = {max_rows}
"""


@pytest.fixture(scope="session")
def shipped_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of the graph of the shipped evidence; whoever writes takes a copy."""
    place = tmp_path_factory.mktemp("shipped") / "graph"
    build(shipped_evidence(), place, examples=examples())
    return place


@pytest.fixture(scope="session")
def corpus(shipped_graph: Path) -> EmbeddedStore:
    """Return the graph of the shipped evidence, opened to read."""
    return EmbeddedStore.open(shipped_graph)


@pytest.fixture(scope="session")
def registry_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a graph of two registry records and a paper on the study of one.

    See `data/ctgov`: NCT03275402 is of the paper's study, NCT01987596 stands apart.
    """
    data = Path(__file__).parent / "data" / "ctgov"
    place = tmp_path_factory.mktemp("registry") / "graph"
    records = [data / "NCT03275402.json", data / "NCT01987596.json"]
    build(data / "paper", place, records=records, examples=examples())
    return place


@pytest.fixture(scope="session")
def oxigraph() -> Callable[[], AbstractContextManager[str]]:
    """Return what starts an empty SPARQL server on loopback, and gives its host and port."""
    return _oxigraph


@contextmanager
def _oxigraph() -> Iterator[str]:
    beside = Path(sys.executable).with_name("oxigraph")
    command = str(beside) if beside.exists() else shutil.which("oxigraph")
    assert command is not None, "install the development requirements: oxigraph is missing"
    port = _free_port()
    address = f"127.0.0.1:{port}"
    server = subprocess.Popen(
        [command, "serve", "--bind", address, "--union-default-graph"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield address
    finally:
        server.terminate()
        server.wait()


class Virtuoso:
    """A Virtuoso server in a folder of its own: queries at `url`, updates by anybody.

    `/sparql-auth` and `/sparql-graph-crud-auth` ask for `user` and `password` by digest.
    """

    user = "dba"
    program = "virtuoso-t"
    password = "dba"  # noqa: S105 - of a server that lives for a test

    def __init__(self, folder: Path, max_rows: int) -> None:
        self.folder = folder
        self.sql_port = _free_port()
        self.http_port = _free_port()
        self.address = f"127.0.0.1:{self.http_port}"
        self.url = f"http://{self.address}/sparql"
        text = VIRTUOSO_INI.format(
            folder=folder, sql_port=self.sql_port, address=self.address, max_rows=max_rows
        )
        (folder / "virtuoso.ini").write_text(text, encoding="utf-8")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "+foreground", "+configfile", str(self.folder / "virtuoso.ini")],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self.http_port, self.process)

    def kill(self) -> None:
        """Stop as a power cut does."""
        self.process.kill()
        self.process.wait()
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)

    def sql(self, statement: str) -> str:
        """Run a statement of its SQL as the administrator."""
        place = f"127.0.0.1:{self.sql_port}"
        options = ["ERRORS=STDOUT", "BANNER=OFF", "VERBOSE=OFF", "PROMPT=OFF"]
        command = ["isql-vt", place, self.user, self.password, *options, f"exec={statement}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def virtuoso(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., AbstractContextManager[Virtuoso]]:
    """Return what starts an empty Virtuoso on loopback; it takes the server's row limit."""
    for program in ("virtuoso-t", "isql-vt"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: virtuoso-opensource-7-bin)")

    @contextmanager
    def started(max_rows: int = 1_000_000) -> Iterator[Virtuoso]:
        server = Virtuoso(tmp_path_factory.mktemp("virtuoso"), max_rows)
        server.start()
        try:
            server.sql('grant SPARQL_UPDATE to "SPARQL";')
            server.sql("DB.DBA.RDF_DEFAULT_USER_PERMS_SET ('nobody', 7);")
            yield server
        finally:
            server.kill()

    return started


@pytest.fixture(scope="module")
def spark() -> Iterator["SparkSession"]:
    """Return a small session on this machine, without its web page."""
    sql = pytest.importorskip("pyspark.sql", reason="install the extra `spark`")
    from pyspark.errors import PySparkRuntimeError

    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        # So few rows are sooner read than compiled and shuffled.
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, FileNotFoundError) as error:
        pytest.skip(f"Spark needs Java: {error}")
    yield session
    session.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "the server stopped while it started"
        time.sleep(0.05)
    raise AssertionError("the server does not answer")
