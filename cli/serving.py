"""`evikg serve`: the SPARQL endpoint and the pages, on this machine."""

import click

from .common import STORE_OPTION, say


@click.command()
@STORE_OPTION
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Requests answered at once.  [default: one for each processor, at least 4]",
)
@click.option(
    "--time-limit",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Seconds for an answer.",
)
@click.option(
    "--memory-limit",
    default=2048,
    show_default=True,
    type=click.IntRange(0),
    help="MiB that a request may use; 0: no limit.",
)
@click.option(
    "--hold",
    default=64,
    show_default=True,
    type=click.IntRange(0),
    help="MiB on disk up to which each worker holds the graph in memory, to answer faster; 0: never.",
)
@click.option(
    "--row-limit",
    default=1_000_000,
    show_default=True,
    type=click.IntRange(0),
    help="Rows of an answer; 0: no limit.",
)
@click.option(
    "--queue",
    default=64,
    show_default=True,
    type=click.IntRange(0),
    help="Requests that wait for a worker.",
)
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="HOST",
    help="A host that SERVICE may ask (repeatable).  [default: none]",
)
def serve(
    store: str | None,
    host: str,
    port: int,
    workers: int | None,
    time_limit: float,
    memory_limit: int,
    hold: int,
    row_limit: int,
    queue: int,
    services: tuple[str, ...],
) -> None:
    """Serve the graph: SPARQL endpoint, questions, pages and explorer.

    Nothing that it answers can change the graph. Only this machine reaches it unless --host names
    another address. A build that finishes meanwhile is served as soon as it has.
    """
    from evikg.graph.store import default_place
    from evikg.server.processes import start_context

    start_context()  # while this process imports the rest
    from evikg.server import serving
    from evikg.server.limits import MIB, Limits

    limits = Limits(
        seconds=time_limit,
        memory=memory_limit * MIB,
        held=hold * MIB,
        rows=row_limit,
        queue=queue,
        services=frozenset(name.lower() for name in services),
        **({"workers": workers} if workers else {}),
    )
    listener = serving.listen(host, port, limits)
    url = serving.address(listener)
    serving.serve(
        str(store or default_place()), listener, limits, lambda: say(f"serving at {url}/")
    )
