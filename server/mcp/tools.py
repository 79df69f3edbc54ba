"""The tools: functions of a graph and of plain arguments, whose answers are JSON.

Each is named, described and typed by its signature and docstring: that is what a model is told.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions

from evikg.graph.errors import QueryError
from evikg.graph.hypotheses import HYPOTHESES
from evikg.graph.store import Store
from evikg.ontology import compact, individual, kind_and_slug, prefixes
from evikg.queries import Answer, catalogue
from evikg.queries.answer import short
from evikg.server.exchange import Refusal

from .cautions import cautions

if TYPE_CHECKING:
    from evikg.server.pages.search import Hit

Json = dict[str, Any]

#: A model reads no more rows than these at once.
MOST_ROWS = 200


def list_questions(store: Store, words: str = "") -> Json:
    """List the ready questions: name, what it answers, parameters with their kinds and defaults.

    Ask these before writing SPARQL: each has a tested answer. `words` keeps those whose name,
    summary, description or tags contain every word.
    """
    wanted = words.lower().split()
    listed = []
    for name, question in catalogue().items():
        header = question.header
        about = " ".join([name, header.summary, header.description, *header.tags]).lower()
        if all(word in about for word in wanted):
            parameters = [
                {"name": p.name, "kind": p.kind, "meaning": p.description, "default": p.default}
                for p in header.parameters
            ]
            listed.append(
                {
                    "name": name,
                    "answers": header.summary,
                    "tags": list(header.tags),
                    "parameters": parameters,
                }
            )
    return {"questions": listed, "warnings": [] if listed else ["no question has these words"]}


def run_question(
    store: Store,
    name: str,
    parameters: Mapping[str, str | list[str]] | None = None,
    limit: int = 50,
) -> Json:
    """Run a ready question by name; values of parameters are slugs, CURIEs, IRIs or names.

    The answer tells what each column means, the units, the documents, and what must be heeded.
    """
    limit = _rows(limit)
    question = catalogue()[name]
    answer = question.run(store, **(parameters or {}))
    return {
        "question": question.header.summary,
        "meaning": question.header.description,
        "columns": {column.name: column.description for column in question.header.columns},
        **_told(store, answer, limit),
        "sparql": _without_header(question.bound(store, parameters or {})),
    }


def search(store: Store, text: str, limit: int = 20) -> Json:
    """Find drugs, studies, regimens, variables, groups, documents and terms by any of their names.

    Each hit has the identifier that other tools take.
    """
    from evikg.server.pages.search import near
    from evikg.server.pages.search import search as hits

    found = hits(store, text, _rows(limit))
    close = [] if found else near(store, text)
    return {
        "found": [_hit(hit) for hit in found],
        "near": [_hit(hit) for hit in close],
        "warnings": [] if found else [f"nothing is called {text!r}"],
    }


def schema(store: Store) -> Json:
    """Describe the graph for SPARQL: prefixes, classes with counts, and how they are joined.

    The predicates of one result are best seen by DESCRIBE of it.
    """
    from evikg.graph.network import classes

    overview = classes(store)
    return {
        "prefixes": prefixes(),
        "classes": [
            {"kind": c.kind, "classes": list(c.classes), "things": c.count}
            for c in overview.classes
        ],
        "relations": [
            {"from": r.subject, "by": r.relation, "reads": r.reading, "to": r.object, "n": r.count}
            for r in overview.relations
        ],
        "warnings": [
            "restrict to `?result ev:primary true`, or printings of one quantity are met twice",
            "leave out results with `ev:countedIn` another candidate, or patients are met twice",
        ],
    }


def sparql(store: Store, query: str, limit: int = 50) -> Json:
    """Run read-only SPARQL 1.1; the default graph is the union of all named graphs.

    Prefixes of `schema` are known. Sums and means of reported numbers are refused. Select the
    results themselves (`?result`) to be told their units, documents and doubts.
    """
    from .guard import COMPUTES, inspect

    limit = _rows(limit)
    warnings = inspect(query)
    used = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes().items())
    try:
        found = store.query(used + query)
    except QueryError as error:
        raise Refusal(400, str(error)) from error
    if isinstance(found, QueryBoolean):
        return {"answer": bool(found), "warnings": warnings}
    if isinstance(found, QuerySolutions):
        told = _told(store, Answer.of(found), limit)
        if COMPUTES in warnings and HYPOTHESES in told["warnings"]:
            raise Refusal(400, f"nothing is computed from counts of reports: {HYPOTHESES}")
    else:
        triples = [[short(term) for term in (t.subject, t.predicate, t.object)] for t in found]
        told = {
            "triples": sorted(triples)[:limit],
            "triples_in_all": len(triples),
            "warnings": [],
        }
    return {**told, "warnings": [*warnings, *told["warnings"]]}


def explain(store: Store, result: str) -> Json:
    """Follow one number to its cell: what was measured, of whom, where it is printed, who doubts it.

    `result` is a name such as yoon-2026-l302-2, from the column `result` of an answer.
    """
    from evikg.graph.explain import explain as chain
    from evikg.graph.explain import lines

    found = chain(store, result)
    told = cautions(store, [individual("result", found.result.slug)])
    return {
        "result": found.result.slug,
        "chain": list(lines(found)),
        "units": told.units,
        "sources": told.sources,
        "warnings": told.warnings,
    }


def compare(
    store: Store,
    target: Sequence[str],
    only: Mapping[str, str | list[str]] | None = None,
    exclude: Sequence[str] = (),
) -> Json:
    """Judge whether results may stand in one table or one pool: each difference, shared patients.

    `target` is one question, variable or concept, or the names of several results; `only` keeps
    values of facets, such as {"grade": "any", "time": "365.25 days"}.
    """
    from evikg.graph.comparability import candidates
    from evikg.queries.pooling import Request, compared, results_of

    request = Request(tuple(target), only=_values(only), exclude=frozenset(exclude))
    selection, found = compared(candidates(store, results_of(store, request)), request)
    told = cautions(store, [individual("result", slug) for slug in found.results])
    return {
        "comparable": not found.bars,
        "results": list(found.results),
        "bars": list(found.bars),
        "caveats": list(found.caveats),
        "left_out": [{"result": i.result, "reason": i.reason} for i in selection.left_out],
        "units": told.units,
        "sources": told.sources,
        "warnings": told.warnings,
    }


def pool(
    store: Store,
    target: Sequence[str],
    only: Mapping[str, str | list[str]] | None = None,
    exclude: Sequence[str] = (),
    by: str | None = None,
) -> Json:
    """Pool results of several studies with heterogeneity and caveats, or refuse with the reasons.

    Arguments as of `compare`; `by` is a facet whose values make subgroups. A refusal cannot be
    overruled here: it lists what could be pooled instead. Report every caveat with the number.
    """
    from evikg.analysis.synthesis.effects import SynthesisError
    from evikg.queries.pooling import NotComparableError, Request, synthesise
    from evikg.queries.pooling.refusing import refused
    from evikg.queries.pooling.writing import rows

    request = Request(tuple(target), only=_values(only), exclude=frozenset(exclude), by=by)
    try:
        found = synthesise(store, request)
    except NotComparableError as error:
        return {**refused(error), "warnings": ["refused: these results must not be pooled"]}
    except SynthesisError as error:
        return {"refused": True, "reasons": [str(error)], "choices": [], "warnings": []}
    told = cautions(store, [individual("result", c.slug) for c in found.chosen])
    return {
        "refused": False,
        "statistic": found.statistic,
        "unit": found.unit,
        "rows": [row for row in rows(found) if row["role"] not in {"left out", "caveat"}],
        "left_out": [{"result": i.result, "reason": i.reason} for i in found.left_out],
        "caveats": list(found.caveats),
        "sources": told.sources,
        "warnings": ["derived, printed nowhere: say so, with every caveat", *told.warnings],
    }


def _values(only: Mapping[str, str | list[str]] | None) -> dict[str, frozenset[str]]:
    return {
        name: frozenset([value] if isinstance(value, str) else value)
        for name, value in (only or {}).items()
    }


def _hit(hit: "Hit") -> Json:
    return {
        "name": compact(hit.iri),
        "kind": hit.kind,
        "label": hit.label,
        "matched": f"{hit.naming}: {hit.name}",
        "numbers": hit.numbers,
    }


def _rows(limit: int) -> int:
    if limit < 1:
        raise Refusal(400, f"limit: expected 1 to {MOST_ROWS}, not {limit}")
    return min(limit, MOST_ROWS)


def _told(store: Store, answer: Answer, limit: int) -> Json:
    """Return the first rows of an answer, with what must be said of all the results in them."""
    shown = answer.rows[:limit]
    told = cautions(store, (cell for row in shown for cell in row if _is_result(cell)))  # type: ignore[misc]
    warnings = list(told.warnings)
    if len(shown) < len(answer.rows):
        warnings.insert(0, f"only the first {len(shown)} of {len(answer.rows)} rows are shown")
    if not answer.rows:
        warnings.append("no rows: not in the graph, which is not the same as not reported")
    return {
        "rows": [
            {name: short(cell) for name, cell in zip(answer.columns, row, strict=True) if cell}
            for row in shown
        ],
        "rows_in_all": len(answer.rows),
        "units": told.units,
        "sources": told.sources,
        "warnings": warnings,
    }


def _without_header(query: str) -> str:
    """Return a query less what its file says of itself, which the answer says already."""
    return "\n".join(line for line in query.splitlines() if not line.startswith("#+"))


def _is_result(cell: object) -> bool:
    parts = kind_and_slug(cell.value) if isinstance(cell, NamedNode) else None
    return parts is not None and parts[0] == "result"
