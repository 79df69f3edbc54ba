"""What the explorer's script is told, as plain data: things, edges, relations, facts.

Edges lead from subject to object and name their relation as a CURIE. A relation of a thing begins
with `^` where the thing is the object, as in a SPARQL 1.1 path.
"""

import json
from collections.abc import Mapping
from typing import Any

from evikg.graph.network import INVERSE, Joined, Neighbour, Thing, kind_of, relation_of
from evikg.server.addresses import address_of
from evikg.server.exchange import Reply

Data = dict[str, Any]

#: Facts that the label of a thing holds already.
_IN_LABEL = frozenset({"label", "value", "statistic", "low", "high", "level", "interval", "p"})


def reply(data: Data) -> Reply:
    """Return data as JSON."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(body, media_type="application/json")


def thing_data(thing: Thing) -> Data:
    """Return a thing: IRI, CURIE, kind, label and the address of its page."""
    return {
        "iri": thing.iri,
        "curie": thing.curie,
        "kind": thing.kind,
        "label": thing.label,
        "page": address_of(thing.iri),
    }


def fact_data(facts: Mapping[str, str | int | bool]) -> list[list[str]]:
    """Return facts as pairs of name and text, without those that the label holds."""
    shown = {key: value for key, value in facts.items() if key not in _IN_LABEL}
    return [[key.replace("_", " "), _text(value)] for key, value in shown.items()]


def _text(value: str | int | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def relation_data(joined: Joined) -> Data:
    """Return a relation of a thing to things of one kind, with their number."""
    return {
        "relation": joined.relation,
        "kind": joined.kind,
        "name": joined.reading,
        "count": joined.count,
    }


def edge_data(subject: str, relation: str, target: str) -> Data:
    """Return an edge with its reading in both directions; `relation` is a CURIE without `^`."""
    reading = relation_of(relation)[0].reading(kind_of(subject))
    return {
        "source": subject,
        "target": target,
        "relation": relation,
        "name": reading.forward,
        "inverse": reading.backward,
    }


def neighbour_edge(iri: str, neighbour: Neighbour) -> Data:
    """Return the edge between a thing and one of its neighbours."""
    plain = neighbour.relation.removeprefix(INVERSE)
    other = neighbour.thing.iri
    backward = plain != neighbour.relation
    return edge_data(other, plain, iri) if backward else edge_data(iri, plain, other)
