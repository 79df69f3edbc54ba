"""How two things are connected, as the explorer tells it: paths, each in words."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from evikg.graph.network import (
    INVERSE,
    NoSuchNodeError,
    Path,
    evidence_network,
    explain_path,
    paths,
)
from evikg.graph.store import Store
from evikg.server.exchange import Refusal, Reply, Request, Route

from .finding import one_named
from .neighbourhoods import known_thing
from .wire import Data, edge_data, reply, thing_data

if TYPE_CHECKING:
    import networkx as nx

#: Steps of a path, at most and where nothing is said; 7 join nearly everything to everything.
LONGEST = 6
#: Paths that are told, as many as `evikg path` tells.
_MOST = 3


def connections(store: Store, request: Request) -> Reply:
    """Answer the paths between `from` and `to` of at most `longest` steps, the most telling first.

    Both are names, CURIEs or IRIs. A path has `words`, `lines`, `things` and `edges`.
    """
    return reply(found_paths(store, request))


def found_paths(store: Store, request: Request) -> Data:
    """Return the paths that a request asks for.

    :raises Refusal: if an end is missing or unknown, or `longest` is not in 1 to 6
    """
    ends = []
    for name in ("from", "to"):
        if not (text := request.value(name).strip()):
            raise Refusal(400, f"{name}= is missing: name a thing, as {name}=drug:defibrotide")
        ends.append(known_thing(store, one_named(store, text)))
    start, end = ends
    longest = longest_of(request)
    try:
        found = paths(_network(store), start.iri, end.iri, longest=longest, most=_MOST)
    except NoSuchNodeError:
        found = []
    note = ""
    if start.iri == end.iri:
        note = "These are one and the same thing."
    elif not found:
        note = f"No path of at most {longest} steps; allow more, or begin at a broader thing."
    return {
        "from": thing_data(start),
        "to": thing_data(end),
        "longest": longest,
        "note": note,
        "paths": [_path_data(path) for path in found],
    }


def longest_of(request: Request) -> int:
    """Return how many steps a path may have.

    :raises Refusal: 400, if it is no whole number from 1 to 6
    """
    text = request.value("longest") or str(LONGEST)
    if text not in map(str, range(1, LONGEST + 1)):
        raise Refusal(400, f"longest={text!r} is no whole number from 1 to {LONGEST}")
    return int(text)


@lru_cache(maxsize=1)
def _network(store: Store) -> "nx.MultiDiGraph[str]":
    """Return the network of a store; a worker has one store, whose graph never changes."""
    return evidence_network(store)


def _path_data(path: Path) -> Data:
    edges: list[dict[str, Any]] = []
    for before, step, after in zip(path.things, path.steps, path.things[1:], strict=False):
        plain = step.relation.removeprefix(INVERSE)
        ends = (before, after) if plain == step.relation else (after, before)
        edges.append(edge_data(ends[0].iri, plain, ends[1].iri))
    lines = explain_path(path)
    steps = [f"{path.things[0].label} "] + [
        f"{step.reading} {thing.label}"
        for step, thing in zip(path.steps, path.things[1:], strict=True)
    ]
    return {
        "words": steps[0] + ", which ".join(steps[1:]),
        "lines": [line.strip() for line in lines],
        "things": [thing_data(thing) for thing in path.things],
        "edges": edges,
    }


ROUTES = (Route("/explore/paths", connections),)
