"""Things by name: suggestions for the fields of the explorer, and what a field means."""

import re
from collections.abc import Sequence
from contextlib import suppress

from pyoxigraph import NamedNode

from evikg.graph.network import (
    AmbiguousNameError,
    Thing,
    UnknownNameError,
    thing_named,
    things,
)
from evikg.graph.store import Store
from evikg.ontology import prefixes
from evikg.ontology.curie import UnknownPrefixError, expand
from evikg.server.exchange import Refusal, Reply, Request, Route
from evikg.server.pages.search import near, search

from .wire import reply, thing_data

#: Suggestions in one answer.
MOST = 12
_SUGGESTION = re.compile(r"\[([^\[\]\s]+)\]\s*$")


def suggestions(store: Store, request: Request) -> Reply:
    """Answer the things that a text `q` may mean, best first.

    Each has a `text` that means this thing alone when it is given back.
    """
    found = named(store, request.value("q"))
    return reply({"matches": [{**thing_data(one), "text": text_of(one)} for one in found]})


def text_of(thing: Thing) -> str:
    """Return a text that means a thing and can be read: `defibrotide [drug:defibrotide]`."""
    return f"{thing.label} [{thing.curie}]"


def one_named(store: Store, text: str) -> str:
    """Return the IRI of the thing that a text means: a suggestion, CURIE, IRI or the best match.

    A name means what it means to `evikg path`; only what means nothing there is looked for.

    :raises Refusal: 404, if nothing is called so
    """
    if not _SUGGESTION.search(text):
        with suppress(AmbiguousNameError, UnknownNameError):
            return thing_named(store, text).iri
    found = named(store, text)
    if not found:
        raise Refusal(
            404, f"nothing in the graph is called {text!r}: try fewer letters, or a CURIE"
        )
    return found[0].iri


def named(store: Store, text: str) -> Sequence[Thing]:
    """Return the things that a text means: one for a suggestion, CURIE or IRI."""
    text = text.strip()
    if not text:
        return []
    if suggestion := _SUGGESTION.search(text):
        text = suggestion[1]
    try:
        iri = iri_of(text)
    except Refusal:
        iri = ""
    if iri:
        thing = things(store, [iri])[iri]
        return [thing] if thing.facts else []
    hits = search(store, text, MOST) or near(store, text)
    return list(things(store, [hit.iri for hit in hits]).values())


def iri_of(text: str) -> str:
    """Return the IRI that a CURIE or IRI writes.

    :raises Refusal: 400, if it is neither
    """
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes() and not local.startswith("//"):
        iri = prefixes()[prefix] + local
    else:
        try:
            iri = expand(text)
        except UnknownPrefixError:
            raise Refusal(
                400, f"{text!r} is neither an IRI nor a CURIE of a known prefix"
            ) from None
    try:
        return NamedNode(iri).value
    except ValueError:
        raise Refusal(400, f"{text!r} is no IRI") from None


ROUTES = (Route("/explore/search", suggestions),)
