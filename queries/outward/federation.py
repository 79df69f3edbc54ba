"""Federated questions: a local query joined with `SERVICE` blocks, each asked politely.

An engine that meets `SERVICE` may fetch everything the block matches, with no back-off, cache or
limit. Here a block is asked for what the local part binds, in portions, through the same client as
`evikg lookup`; its rows then stand in the query as `VALUES` (SPARQL 1.1 Federated Query, section
2.4: interplay of SERVICE and VALUES), and the local engine does the join. A question is plain
SPARQL 1.1, and an engine with federation of its own answers it unchanged.

What stands before a block binds it; filters over what a block answers stand in it or after it.
Rows with blank nodes are passed over: outside their endpoint they mean nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions

from evikg.graph.errors import EndpointError, QueryError
from evikg.graph.store import Store

from .asking import Asked, Asker, Term
from .endpoint import Client, NoAnswerError
from .settings import Endpoint, Settings, read_settings

#: How many bindings go to an endpoint in one request.
PORTION = 40

# A comment, an IRI or a string hides braces and words; all else is a token of its own.
_TOKEN = re.compile(
    r"""(?P<iri><[^<>"{}|^`\\\s]*>)|(?P<comment>\#[^\n]*)"""
    r"""|(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<variable>[?$]\w+)|(?P<name>[\w:.-]*\w)|(?P<mark>[{}])""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A `SERVICE` block: where it stands in the text, the endpoint's IRI, and what is inside."""

    start: int
    end: int
    iri: str
    inner: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A part of a SELECT query: its prologue, and a group, braces included."""

    prologue: str
    group: str


def blocks(query: str) -> list[Block]:
    """Return the outermost `SERVICE` blocks of a query, in order.

    :raises QueryError: if a block names its endpoint by a variable, or its braces do not close
    """
    tokens = list(_tokens(query))
    found: list[Block] = []
    place = 0
    while place < len(tokens):
        if _word(tokens[place]) != "SERVICE":
            place += 1
            continue
        start = tokens[place].start()
        place += 1
        if place < len(tokens) and _word(tokens[place]) == "SILENT":
            place += 1
        if place >= len(tokens) or tokens[place].lastgroup != "iri":
            raise QueryError("SERVICE needs the IRI of an endpoint")
        iri = tokens[place][0][1:-1]
        first, last = _braces(tokens, place + 1)
        found.append(
            Block(start, tokens[last].end(), iri, query[tokens[first].end() : tokens[last].start()])
        )
        place = last + 1
    return found


def answer(store: Store, query: str, settings: Settings, asker: Asker) -> QuerySolutions:
    """Answer a SELECT with `SERVICE` blocks on a store.

    :raises QueryError: if a block names an endpoint that the settings do not know
    :raises EndpointError: if an endpoint gives no answer: a part of the answer would be missing
    """
    while found := blocks(query):
        block = found[0]
        endpoint = settings.by_shipped_url.get(block.iri)
        if endpoint is None:
            known = ", ".join(sorted(settings.by_shipped_url))
            raise QueryError(f"SERVICE <{block.iri}> is none of the known endpoints: {known}")
        parts = before(query, block)
        shared = sorted(_variables(block.inner) & _variables(parts.group))
        bindings = _bindings(store, parts, shared)
        columns: list[str] = []
        rows: dict[tuple[str, ...], None] = {}
        for asked in _asked(endpoint, parts.prologue, block.inner, shared, bindings, asker):
            columns += [name for name in asked.columns if name not in columns]
            for row in asked.rows:
                given = dict(zip(asked.columns, row, strict=True))
                if not any(isinstance(cell, BlankNode) for cell in row):
                    rows[tuple(_text(given.get(name)) for name in columns)] = None
        names = columns or sorted(_variables(block.inner))
        query = query[: block.start] + _values(names, list(rows)) + query[block.end :]
    solutions = store.query(query)
    if not isinstance(solutions, QuerySolutions):
        raise EndpointError("a federated question is a SELECT query")
    return solutions


def answer_by_settings(store: Store, query: str) -> QuerySolutions:
    """Answer as `answer` does, by the user's settings and through the user's cache.

    An answer older than allowed never stands in: the rows of one answer are of one time.
    """
    settings = read_settings()
    return answer(store, query, settings, Asker(Client(contact=settings.contact), stale=False))


def before(query: str, block: Block) -> Parts:
    """Return the part of a SELECT that stands before a block, with its open groups closed.

    :raises QueryError: if there is none
    """
    prologue = group = -1
    depth = 0
    for token in _tokens(query[: block.start]):
        if prologue < 0 and _word(token) == "SELECT":
            prologue = token.start()
        elif prologue >= 0 and token.lastgroup == "mark":
            group = token.start() if group < 0 else group
            depth += 1 if token[0] == "{" else -1
    if prologue < 0 or depth < 1:
        raise QueryError("a federated question is a SELECT query")
    return Parts(query[:prologue], f"{query[group : block.start]}\n{'} ' * depth}")


def _tokens(query: str) -> Iterator[re.Match[str]]:
    return (found for found in _TOKEN.finditer(query) if found.lastgroup != "comment")


def _word(token: re.Match[str]) -> str:
    return token[0].upper() if token.lastgroup == "name" else ""


def _braces(tokens: Sequence[re.Match[str]], place: int) -> tuple[int, int]:
    """Return the places of the next opening brace and of the one that closes it."""
    depth = 0
    first = -1
    for i in range(place, len(tokens)):
        if tokens[i][0] == "{" and tokens[i].lastgroup == "mark":
            first = i if first < 0 else first
            depth += 1
        elif tokens[i][0] == "}" and tokens[i].lastgroup == "mark":
            depth -= 1
            if depth == 0 and first >= 0:
                return first, i
    raise QueryError("the braces of the query do not close")


def _variables(text: str) -> set[str]:
    return {token[0][1:] for token in _tokens(text) if token.lastgroup == "variable"}


def _bindings(store: Store, parts: Parts, shared: Sequence[str]) -> list[tuple[str, ...]]:
    if not shared:
        return [()]
    columns = " ".join(f"?{name}" for name in shared)
    solutions = store.query(f"{parts.prologue}SELECT DISTINCT {columns} WHERE {parts.group}")
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - what a SELECT answers
    # Sorted: the same graph then asks the same questions, and the cache knows them.
    return sorted(
        {
            tuple(_text(row[i]) for i in range(len(shared)))
            for row in solutions
            if not any(isinstance(row[i], BlankNode) for i in range(len(shared)))
        }
    )


def _asked(
    endpoint: Endpoint,
    prologue: str,
    inner: str,
    shared: Sequence[str],
    bindings: Sequence[tuple[str, ...]],
    asker: Asker,
) -> Iterator[Asked]:
    """Ask for all bindings, in portions; a portion whose answer was cut off is halved."""
    waiting = [bindings[i : i + PORTION] for i in range(0, len(bindings), PORTION)]
    while waiting:
        portion = waiting.pop(0)
        head = _values(shared, portion) if shared else ""
        asked = asker.ask(endpoint, f"{prologue}SELECT * WHERE {{\n{head}{inner}}}")
        if not endpoint.max_rows or len(asked.rows) < endpoint.max_rows:
            yield asked
        elif len(portion) > 1:
            half = len(portion) // 2
            waiting[:0] = [portion[:half], portion[half:]]
        else:
            reason = f"answer cut off at {endpoint.max_rows} rows; narrow the question"
            raise NoAnswerError(endpoint.name, reason)


def _text(term: Term | object | None) -> str:
    return str(term) if isinstance(term, NamedNode | Literal) else "UNDEF"


def _values(names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    head = " ".join(f"?{name}" for name in names)
    # A row of an earlier portion may lack columns that only a later one named.
    filled = (row + ("UNDEF",) * (len(names) - len(row)) for row in rows)
    data = "\n".join(f"({' '.join(row)})" for row in filled)
    return f"VALUES ({head}) {{\n{data}\n}}\n"
