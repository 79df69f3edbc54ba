"""Pages of questions: the catalogue with a filter, and one question with its form and answer."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from evikg.graph.store import Store
from evikg.ontology import kind_and_slug
from evikg.queries import Answer, Column, Parameter, Question, catalogue, federated
from evikg.queries.answer import Term, is_number, short
from evikg.queries.page import PICTURES

from .choices import Choice, choices
from .exchange import Refusal, Reply, Request
from .pages.numbers import doubts
from .questions import answered, can_draw, page_of, values_of
from .rendering import page

#: Rows of an answer on one page.
ROWS = 100
#: Individuals that fit a list to open; more are suggested while one types.
_FEW = 40
_DEFAULT = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a form asks for it: one input for each value, and one for another."""

    parameter: Parameter
    values: tuple[str, ...]  # the last one is empty
    choices: tuple[Choice, ...]
    default: str  # what is asked without a value, in words
    is_list: bool  # the choices are few


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of an answer: its text, the IRI that it links to, and what speaks against it."""

    text: str
    iri: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A part of an answer: rows `first` to `last` of `count`, counted from 1.

    A column in which nothing stands in the whole answer is named, not shown.
    """

    columns: tuple[Column, ...]
    numeric: tuple[bool, ...]  # whether a column holds nothing but numbers
    empty: tuple[str, ...]  # names of columns in which nothing stands
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    first: int
    last: int
    page: int
    pages: int
    doubted: int  # rows of the whole answer with a number in doubt


def catalogue_page(request: Request) -> Reply:
    """Return the catalogue, filtered by words and by tag."""
    words, tag = request.value("words").strip(), request.value("tag").strip()
    known = list(catalogue().values())
    found = [item for item in known if _matches(item, words, tag)]
    common = Counter(name for item in known for name in item.header.tags)
    groups: dict[str, list[Question]] = defaultdict(list)
    for item in found:
        # Each stands once, with the most others.
        groups[tag or max(item.header.tags, key=lambda name: common[name])].append(item)
    away = [item for item in federated().values() if _matches(item, words, tag)]
    tags = sorted({name for item in [*known, *away] for name in item.header.tags})
    return page(
        "questions.html",
        words=words, tag=tag, tags=tags, groups=dict(sorted(groups.items())), away=away,
        found=len(found), known=len(known),
    )  # fmt: skip


def question_page(store: Store, request: Request, asked: Question) -> Reply:
    """Return a question with its form, its answer or what is wrong with what was asked."""
    values, answer, query, fault, status = values_of(request), None, asked.text, "", 200
    try:
        answer = answered(store, asked, values, request)
        query = asked.bound(store, values)
    except Refusal as refusal:
        fault, status = refusal.message, refusal.status
    table = None if answer is None else _table(store, asked, answer, page_of(request))
    plot = asked.header.plot
    drawn = plot is not None and table is not None and table.count > 0 and can_draw()
    pairs = [(name, value) for name, given in values.items() for value in given]
    return page(
        "question.html",
        status=status,
        question=asked,
        header=asked.header,
        fields=[_field(store, item, values.get(item.name, ())) for item in asked.header.parameters],
        table=table,
        fault=fault,
        given=pairs,
        query=_without_header(query),
        picture=f"{plot.title}: {PICTURES[plot.kind]}" if plot is not None and drawn else "",
        address=lambda **more: _address(asked, [*pairs, *more.items()]),
    )


def _matches(item: Question, words: str, tag: str) -> bool:
    header = item.header
    columns = " ".join(column.name for column in header.columns)
    text = " ".join((item.name, header.summary, header.description, *header.tags, columns))
    return (not tag or tag in header.tags) and all(
        word in text.casefold() for word in words.casefold().split()
    )


def _address(asked: Question, pairs: Iterable[tuple[str, object]]) -> str:
    query = urlencode([(name, str(value)) for name, value in pairs])
    return f"/questions/{asked.name}" + (f"?{query}" if query else "")


def _without_header(query: str) -> str:
    return "".join(line for line in query.splitlines(True) if not line.startswith("#+"))


def _field(store: Store, parameter: Parameter, given: Sequence[str]) -> Field:
    known = choices(store, parameter.kind)
    names = {choice.slug: choice.name for choice in known}
    values = (*given, "")
    return Field(
        parameter,
        # A CURIE of the kind is shown as the slug it stands for.
        tuple(value.removeprefix(f"{parameter.kind}:") for value in values),
        known,
        _default(parameter, names),
        len(known) <= _FEW,
    )


def _default(parameter: Parameter, names: Mapping[str, str]) -> str:
    """Write what a parameter is without a value: the names of individuals, or the value."""
    found = []
    for text, term in _DEFAULT.findall(parameter.default):
        slug = term.removeprefix(f"{parameter.kind}:")
        found.append(text or names.get(slug, slug))
    return ", ".join(found) or "any"


def _table(store: Store, asked: Question, answer: Answer, wanted: int) -> Table:
    pages = max(1, math.ceil(len(answer.rows) / ROWS))
    number = min(wanted, pages)
    first = (number - 1) * ROWS
    doubt = _doubt_column(asked)
    # A question that names doubts itself says them once.
    known = {} if doubt in answer.columns else doubts(store)
    filled = [any(cell is not None for cell in cells) for cells in zip(*answer.rows, strict=True)]
    columns = [c for c, holds in zip(asked.header.columns, filled, strict=False) if holds]
    # A column that has words among its numbers reads as words.
    numeric = [
        all(is_number(short(cell)) for cell in cells if cell is not None)
        for cells, holds in zip(zip(*answer.rows, strict=True), filled, strict=True)
        if holds
    ]
    rows = [
        tuple(
            _cell(cell, known, name == doubt)
            for name, cell, holds in zip(answer.columns, row, filled, strict=True)
            if holds
        )
        for row in answer.rows
    ]
    shown = tuple(rows[first : first + ROWS])
    return Table(
        columns=tuple(columns),
        numeric=tuple(numeric),
        empty=tuple(c.name for c in asked.header.columns if c not in columns),
        rows=shown,
        count=len(rows),
        first=first + 1,
        last=first + len(shown),
        page=number,
        pages=pages,
        doubted=sum(any(cell.doubt for cell in row) for row in rows),
    )


def _doubt_column(asked: Question) -> str:
    plot = asked.header.plot
    return getattr(plot, "doubt", None) or "doubt"


def _cell(term: Term | None, known: Mapping[str, tuple[str, ...]], says_doubt: bool) -> Cell:
    text = short(term)
    if isinstance(term, NamedNode):
        parts = kind_and_slug(term.value)
        reasons = known.get(term.value, ()) if parts and parts[0] == "result" else ()
        return Cell(text, term.value, doubt="; ".join(reasons))
    return Cell(text, doubt=text if says_doubt else "")
