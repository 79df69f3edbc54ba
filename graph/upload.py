"""Puts a built graph into a SPARQL endpoint, so that no client ever sees half of it.

What differs from the graph in force is first staged, in batches, under IRIs that no question asks
for (`staging`); then it is read back and compared; then one update request takes out what is no
longer so and puts in what is new. A server that runs an update request as one transaction, as
oxigraph and Virtuoso do, shows the graph before until that moment, and the new one after it. What
stands in graphs of other people is left alone.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from evikg.ontology import individual

from .canonical import nquad_line, sorted_lines
from .embedded import EmbeddedStore
from .errors import EndpointError
from .remote import UPLOADS, RemoteStore
from .staging import Tally, has_blank, key, staged
from .upload_turn import Turn, request, rows, turn

Progress = Callable[[str], None]
#: Triples that can be gone through more than once.
Bag = Callable[[], Iterator[Triple]]

#: Triples that are sent in one request: about 4 MB of N-Triples.
BATCH = 20_000
#: Seconds that a server may take to put a graph in force.
_SWITCH_S = 3 * 3600.0
_DIGEST = NamedNode(f"{UPLOADS}term#digest")
_OF = f"{UPLOADS}digest-of/"
#: The graph that holds the digest of each graph that was put in force.
DIGESTS = f"{UPLOADS}digests"
#: The named graphs that an upload replaces or removes stand under this.
OURS = str(individual("graph", "x").value).removesuffix("x")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What an upload did: names of graphs, and the number of triples that came and went."""

    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    added_triples: int
    removed_triples: int


@dataclass(frozen=True, slots=True)
class _Change:
    """What the switch does to one graph: update operations, and the triples it has afterwards."""

    graph: str
    operations: tuple[str, ...]
    triples: int
    added: int = 0
    removed: int = 0


def upload(
    source: EmbeddedStore,
    target: RemoteStore,
    folder: Path,
    progress: Progress = lambda _: None,
    *,
    afresh: bool = False,
) -> Uploaded:
    """Make the graph of an endpoint that of a store, in one step.

    :param folder: where this machine keeps which uploads it has begun
    :param afresh: compare all graphs, also those whose digest says that they have not changed
    :raises StoreLockedError: if another upload is at work
    :raises EndpointError: if the endpoint fails, or does not keep what it was sent; the graph before
        stays in force
    """
    with turn(target, folder) as ours:
        wanted = {name: NamedNode(name) for name in source.graphs()}
        held = {name: n for name, n in target.sizes().items() if name.startswith(OURS)}
        known = _digests(target)
        changes, digests, unchanged = [], {}, []
        for name in sorted(wanted):
            size, digests[name] = _digest(source, wanted[name])
            if not afresh and known.get(name) == digests[name] and held.get(name) == size:
                unchanged.append(name)
                continue
            new = partial(_triples, source, wanted[name])
            old = partial(_held, target, name) if held.get(name) else _nothing
            changes.append(_differ(ours, name, new, old, progress))
        gone = sorted(held.keys() - wanted.keys())
        for name in gone:
            drop = request("upload-drop.rq", upload=ours.upload, graph=NamedNode(name))
            changes.append(_Change(name, (drop,), 0, removed=held[name]))
        if changes:
            new, old = partial(_noted, digests), partial(_noted, known)
            changes.append(_differ(ours, DIGESTS, new, old, progress))
            progress("putting it in force")
            _switch(ours, changes)
            _check(target, changes.pop(), changes)
    return Uploaded(
        changed=tuple(c.graph for c in changes if c.graph not in gone),
        removed=tuple(gone),
        unchanged=tuple(unchanged),
        added_triples=sum(c.added for c in changes),
        removed_triples=sum(c.removed for c in changes),
    )


def only_there(source: EmbeddedStore, target: RemoteStore) -> list[str]:
    """Return what an upload would take from an endpoint for good: graphs, and releases in full."""
    wanted = set(source.graphs())
    lost = [name for name in target.graphs() if name.startswith(OURS) and name not in wanted]
    full = request("upload-full.rq")
    if target.query(full) and not source.query(full):
        lost.append("releases of terminologies in full")
    return lost


def _differ(ours: Turn, name: str, new: Bag, old: Bag, progress: Progress) -> _Change:
    """Stage what the new graph differs in from the one in force."""
    graph, slug = NamedNode(name), name.removeprefix(OURS)
    has, had_blank = set(), 0
    for triple in old():
        if has_blank(triple):
            had_blank += 1
        else:
            has.add(key(triple))
    wants, size = set(), 0
    for triple in new():
        size += 1
        if has and not has_blank(triple):
            wants.add(key(triple))
    operations = []

    def put(kind: str, triples: Bag, operation: str, *, whole: bool = False) -> int:
        place = NamedNode(f"{ours.upload.value}/{kind}/{slug}")
        count = _send(ours, place, triples, lambda n: progress(f"{slug}: {n} {kind}"), whole=whole)
        if count:
            text = request(operation, upload=ours.upload, graph=graph, staged=place)
            operations.append(text)
        return count

    removed = added = 0
    if has - wants:
        removed = put("removed", lambda: _but(old(), wants), "upload-remove.rq")
    if had_blank:
        operations.append(request("upload-remove-blank.rq", upload=ours.upload, graph=graph))
        removed += had_blank
    added = put("added", lambda: _but(new(), has), "upload-add.rq")
    added += put("linked", lambda: filter(has_blank, new()), "upload-add.rq", whole=True)
    return _Change(name, tuple(operations), size, added, removed)


def _send(
    ours: Turn, place: NamedNode, triples: Bag, told: Callable[[int], None], *, whole: bool
) -> int:
    """Stage triples, and read them back.

    :param whole: in one request, since a blank node is the same within one request only
    :returns: their number
    :raises EndpointError: if what is read back is not what was sent
    """
    sent = Tally()
    lines = map(staged, sent.counted(triples()))
    while body := "".join(islice(lines, None if whole else BATCH)).encode():
        if sent.count <= BATCH or whole:
            ours.stage(place)
        ours.store.send_graph("PUT" if whole else "POST", place.value, body)
        ours.alive()
        told(sent.count)
    if sent.count and not sent.equals(Tally(_held(ours.store, place.value))):
        kept = {key(triple) for triple in _held(ours.store, place.value)}
        lost = next((triple for triple in triples() if key(triple) not in kept), None)
        words = f"it does not keep {lost}" if lost is not None else "it keeps more than it was sent"
        raise EndpointError(f"{ours.store.url}: {words}; nothing was changed")
    return sent.count


def _switch(ours: Turn, changes: list[_Change]) -> None:
    """Put everything in force by one update request."""
    steps = [request("upload-begin.rq", upload=ours.upload)]
    steps += [operation for change in changes for operation in change.operations]
    try:
        # Nothing happens if it is applied twice: the first step finds its turn taken.
        ours.store.change(";\n".join(steps), again=False, timeout=_SWITCH_S)
    except EndpointError as error:
        # The server may still be at it: to take the turn away waits for the end of that.
        try:
            ours.revoke()
            switched = ours.is_switched()
        except EndpointError:
            words = "whether it is in force is not known; run the command again"
            raise EndpointError(f"{error}; {words}") from error
        if not switched:
            raise EndpointError(f"{error}; the graph before stays in force") from error
    if not ours.is_switched():
        raise EndpointError(f"{ours.store.url}: another upload has taken the turn; try again")


def _check(target: RemoteStore, noted: _Change, changes: list[_Change]) -> None:
    """Count what is in force now.

    :raises EndpointError: if a graph does not hold what it was built to
    """
    held = target.sizes()
    wrong = [change.graph for change in changes if held.get(change.graph, 0) != change.triples]
    if target.count(noted.graph) != noted.triples:
        wrong.append(noted.graph)
    if wrong:
        raise EndpointError(
            f"{target.url}: {wrong[0]} does not hold what was put in force; is somebody else"
            " changing it? Upload again with --afresh"
        )


def _digests(target: RemoteStore) -> dict[str, str]:
    found = rows(target, "upload-digests.rq")
    return {row[0].value.removeprefix(_OF): row[1].value for row in found}


def _digest(source: EmbeddedStore, graph: NamedNode) -> tuple[int, str]:
    """Return the number of triples of a graph, and the SHA-256 of its canonical N-Quads."""
    digest, size = hashlib.sha256(), 0
    quads = source.inner.quads_for_pattern(None, None, None, graph)
    for line in sorted_lines(map(nquad_line, quads)):
        size += 1
        digest.update(line.encode())
    return size, digest.hexdigest()


def _triples(source: EmbeddedStore, graph: NamedNode) -> Iterator[Triple]:
    return (quad.triple for quad in source.inner.quads_for_pattern(None, None, None, graph))


def _held(target: RemoteStore, name: str) -> Iterator[Triple]:
    return (quad.triple for quad in target.quads(name))


def _noted(digests: dict[str, str]) -> Iterator[Triple]:
    return (Triple(NamedNode(_OF + n), _DIGEST, Literal(d)) for n, d in digests.items())


def _nothing() -> Iterator[Triple]:
    return iter(())


def _but(triples: Iterator[Triple], keys: set[bytes]) -> Iterator[Triple]:
    """Yield the triples without blank nodes that have none of the keys."""
    ground = (triple for triple in triples if not has_blank(triple))
    return (triple for triple in ground if key(triple) not in keys) if keys else ground
