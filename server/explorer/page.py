"""The page of the explorer: the whole of it without script, and the frame of it with script."""

from evikg.graph.store import Store
from evikg.server.exchange import Refusal, Reply, Request, Route
from evikg.server.rendering import page as render

from . import connections, finding, neighbourhoods, schema
from .finding import iri_of
from .wire import Data


def explorer(store: Store, request: Request) -> Reply:
    """Answer the page: what a `q` may mean, paths, and each `start` with its neighbours.

    `of`, `relation`, `kind` and `offset` open one relation of one start; `members` and `offset`
    list the things of a kind.
    """
    messages: list[str] = []
    starts: list[Data] = []
    for text in dict.fromkeys(filter(None, request.values("start"))):
        try:
            starts.append(_start(store, request, text))
        except Refusal as refusal:
            messages.append(refusal.message)
    found = None
    if request.value("from") and request.value("to"):
        try:
            found = connections.found_paths(store, request)
        except Refusal as refusal:
            messages.append(refusal.message)
    q = request.value("q")
    return render(
        "explore.html",
        status=404 if messages and not (starts or found) else 200,
        starts=starts,
        messages=messages,
        explore_q=q,
        matches=finding.named(store, q),
        found=found,
        members=schema.members_data(store, request) if request.value("members") else None,
        path_from=request.value("from"),
        path_to=request.value("to"),
        longest=_longest(request),
        schema=schema.schema_data(store),
    )


def _start(store: Store, request: Request, text: str) -> Data:
    iri = iri_of(text)
    start = neighbourhoods.about(store, iri)
    chosen = request.value("relation")
    mine = bool(chosen) and iri_of(request.value("of") or text) == iri
    for relation in start["relations"]:
        is_open = (
            mine
            and relation["relation"] == chosen
            and request.value("kind") in ("", relation["kind"])
        )
        relation["page"] = (
            neighbourhoods.page(
                store, iri, chosen, relation["kind"], neighbourhoods.offset_of(request)
            )
            if is_open
            else None
        )
    return start


def _longest(request: Request) -> int:
    try:
        return connections.longest_of(request)
    except Refusal:
        return connections.LONGEST


ROUTES = (Route("/explore", explorer),)
