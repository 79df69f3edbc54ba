"""The page of a number: what it is of, the chain to the line of the paper, what speaks against it."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from evikg.graph.explain import Explanation, explain
from evikg.graph.records import Check, Discrepancy, Result, Rule
from evikg.graph.registry import LAYOUT, registry_page, threshold_text
from evikg.graph.store import Store
from evikg.ontology import Severity, individual
from evikg.server.exchange import Reply, Request
from evikg.server.rendering import page

from .asking import ask
from .numbers import SIGNAL_WARNING, Number, doubts, numbers, time_text
from .panels import Column, table
from .things import thing


@dataclass(frozen=True, slots=True)
class Failed:
    """A failed check with its rule."""

    check: Check
    rule: Rule


@dataclass(frozen=True, slots=True)
class Disputed:
    """A disagreement with the printings it is between, own before cited, primary first."""

    discrepancy: Discrepancy
    printings: tuple[Result, ...]


def show(store: Store, _request: Request, iri: NamedNode) -> Reply:
    """Show a number."""
    found = explain(store, iri.value)
    mine = individual("quantity", _quantity(store, iri))
    same = numbers(store, mine)
    number = next(item for item in same.items if item.iri == iri.value)
    related = ask(store, "result-links", result=[iri])
    return page(
        "result.html",
        thing=thing(store, iri.value),
        kind="Number",
        number=number,
        found=found,
        result=found.result,
        others=[item for item in same.items if item.iri != iri.value],
        others_query=same.query,
        failed=[Failed(check, found.rules[check.rule]) for check in _by_weight(found)],
        disputed=[_disputed(found, item) for item in found.discrepancies],
        passed=[found.rules[name] for name in found.passed],
        doubts=doubts(store).get(iri.value, ()),
        supported=any(item.supports == found.result.slug for item in found.discrepancies),
        time=time_text(number.row["timepoint"], number.row["timepoint_unit"]),
        warning=SIGNAL_WARNING if number.signal else "",
        bar=number.fraction is not None and 0 <= number.fraction <= 1,
        accessible=_sentence(number),
        registry=registry_page(found.source),
        threshold=threshold_text(found.result),
        layout=LAYOUT,
        panels=[
            table(
                related, "Counted in, and counting", "counted",
                [Column("This number", "how"), Column("Number", "printed", "other"),
                 Column("Of", "variable_name"), Column("Grade", "grade"),
                 Column("In", "group_name")],
                "A number is never added to one that counts it already.",
            )
        ],
    )  # fmt: skip


def _quantity(store: Store, iri: NamedNode) -> str:
    rows = ask(store, "statements", thing=[iri]).rows
    value = next(row["value"] for row in rows if row["property"].endswith("#quantity"))
    return value.rpartition("/")[2]


def _by_weight(found: Explanation) -> list[Check]:
    order = list(Severity)
    return sorted(found.checks, key=lambda check: (order.index(check.severity), check.slug))


def _disputed(found: Explanation, item: Discrepancy) -> Disputed:
    return Disputed(item, tuple(r for r in found.disputed.values() if r.slug in item.results))


def _sentence(number: Number) -> str:
    """Write a number as a sentence, for titles and for who cannot see the bar."""
    parts = [number.shown, number.of, number.interval, *number.scope]
    return ", ".join(part for part in parts if part)
