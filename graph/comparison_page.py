"""What two graphs differ in, as a page for a curator: Markdown, or HTML that stands alone.

Which fields of a class are shown, and what the class is called, stands in `comparison.csv`; the
frame of the HTML is `comparison.html`.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from xml.etree import ElementTree as ET

from evikg.ontology import compact

from .comparison import Change, Comparison, FieldChange

TITLE = "Changes of an evidence graph"
EQUAL = "The two graphs are the same, triple for triple."
_KINDS_OF_CHANGE = ("changed", "new", "removed")
_NOTHING = "(nothing)"

Cell = str | tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page; its first column names the row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    heading: str
    tables: Sequence[Table]


def sections(comparison: Comparison) -> list[Section]:
    """Return the parts of the page that have something to tell, the evidence before the counts."""
    listed = _listed(comparison.changes)
    found = [Section("Summary", [_summary(comparison.changes, listed)])]
    for kind, (heading, fields) in listed.items():
        held = [item for item in comparison.changes if item.kind == kind]
        tables = [_table(word, [i for i in held if i.change == word], fields)
                  for word in _KINDS_OF_CHANGE]  # fmt: skip
        found.append(Section(heading, [table for table in tables if table.rows]))
    found.append(Section("Counts", [_counts(comparison), _graphs(comparison)]))
    return [
        Section(part.heading, [table for table in part.tables if table.rows])
        for part in found
        if any(table.rows for table in part.tables)
    ]


def _summary(changes: Sequence[Change], listed: "dict[str, tuple[str, list[str]]]") -> Table:
    counts = Counter((item.kind, item.change) for item in changes)
    words = (*_KINDS_OF_CHANGE, "moved")
    rows = [[listed[kind][0], *(str(counts[kind, word]) for word in words)] for kind in listed]
    return Table("Individuals (moved: only their line or row is another)", ("what", *words), rows)


def _table(word: str, held: Sequence[Change], fields: Sequence[str]) -> Table:
    names = [name for name in fields if any(item.fields.get(name) for item in held)]
    if not names:
        names = sorted({name for item in held for name in item.fields})
    columns = ["individual", *map(_words, names)]
    rows: list[list[Cell]] = [
        [_slug(item.iri), *(item.fields.get(name, "") for name in names)] for item in held
    ]
    if word == "changed":
        columns.insert(1, "what changed")
        for row, item in zip(rows, held, strict=True):
            row.insert(1, item.changes)
    return Table(f"{word} ({len(held)})", columns, rows)


def _counts(comparison: Comparison) -> Table:
    rows = [
        [item.name, item.of, str(item.old), str(item.new), f"{item.new - item.old:+d}"]
        for item in comparison.counts
        if item.of != "graph" and item.old != item.new
    ]
    return Table("How many there are", ("name", "of", "before", "after", "difference"), rows)


def _graphs(comparison: Comparison) -> Table:
    rows = [
        [item.name, str(item.old), str(item.new), str(item.added), str(item.removed)]
        for item in comparison.counts
        if item.of == "graph" and (item.added or item.removed)
    ]
    return Table("Triples", ("named graph", "before", "after", "added", "removed"), rows)


def _listed(changes: Sequence[Change]) -> dict[str, tuple[str, list[str]]]:
    """Return heading and fields of each class with changes: those of the table, then others."""
    known = _known()
    kinds = {item.kind for item in changes}
    ordered = [*(kind for kind in known if kind in kinds), *sorted(kinds - known.keys())]
    return {kind: known.get(kind, (_words(kind).capitalize(), [])) for kind in ordered}


@cache
def _known() -> dict[str, tuple[str, list[str]]]:
    text = files(__package__).joinpath("comparison.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["class"]: (row["heading"], row["columns"].split()) for row in rows}


def _words(name: str) -> str:
    """Return the name of a field or class as words.

    >>> _words("gradeMin"), _words("mapping_justification")
    ('grade min', 'mapping justification')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()


def _slug(iri: str) -> str:
    return compact(iri).partition(":")[2] or iri


def markdown(comparison: Comparison, old: str, new: str) -> str:
    """Return the page as Markdown with tables (GitHub Flavored Markdown).

    :param old: what the graph before is called
    :param new: what the graph after is called
    """
    lines = [f"# {TITLE}", "", f"Before: {_escaped(old)}  ", f"After: {_escaped(new)}"]
    if comparison.equal:
        lines += ["", EQUAL]
    for section in [] if comparison.equal else sections(comparison):
        lines += ["", f"## {section.heading}"]
        for table in section.tables:
            lines += ["", f"{table.caption}:", "", *_markdown_table(table)]
    return "\n".join(lines) + "\n"


def _markdown_table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(table.columns)} |"
    yield f"|{' --- |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join(map(_markdown_cell, row))} |"


def _markdown_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _escaped(cell)
    return "; ".join(
        f"{_words(item.field)}: {_escaped(item.old or _NOTHING)} → {_escaped(item.new or _NOTHING)}"
        for item in cell
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[<|])", r"\\\1", " ".join(text.split()))


def html(comparison: Comparison, old: str, new: str) -> str:
    """Return the page as HTML that needs no other file; parameters as those of `markdown`."""
    body = ET.Element("main")
    _child(body, "h1", TITLE)
    names = _child(body, "p", f"Before: {old}")
    _child(names, "br").tail = f"After: {new}"
    if comparison.equal:
        _child(body, "p", EQUAL)
    else:
        parts = sections(comparison)
        links = _child(_child(body, "nav", **{"aria-label": "Sections"}), "ul")
        for number, section in enumerate(parts, 1):
            _child(_child(links, "li"), "a", section.heading, href=f"#part-{number}")
            _html_section(body, section, f"part-{number}")
    template = Template(files(__package__).joinpath("comparison.html").read_text(encoding="utf-8"))
    rendered = ET.tostring(body, encoding="unicode", method="html")
    return template.substitute(title=escape(TITLE), body=rendered)


def _html_section(body: ET.Element, section: Section, name: str) -> None:
    part = _child(body, "section", **{"aria-labelledby": name})
    _child(part, "h2", section.heading, id=name)
    for table in section.tables:
        label = f"{section.heading}: {table.caption}"
        # A table that is wider than the window is scrolled with the keys too.
        frame = _child(part, "div", tabindex="0", role="region", **{"class": "table"})
        frame.set("aria-label", label)
        made = _child(frame, "table")
        _child(made, "caption", table.caption)
        head = _child(_child(made, "thead"), "tr")
        for column in table.columns:
            _child(head, "th", column, scope="col")
        rows = _child(made, "tbody")
        for row in table.rows:
            line = _child(rows, "tr")
            _child(line, "th", str(row[0]), scope="row")
            for cell in row[1:]:
                _html_cell(line, cell)


def _html_cell(line: ET.Element, cell: Cell) -> None:
    if isinstance(cell, str):
        _child(line, "td", cell)
        return
    changes = _child(_child(line, "td"), "ul")
    for item in cell:
        entry = _child(changes, "li", f"{_words(item.field)}: ")
        _child(entry, "del", item.old or _NOTHING).tail = " → "
        _child(entry, "ins", item.new or _NOTHING)


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


#: How a page is written, by the name of its format.
PAGES: dict[str, Callable[[Comparison, str, str], str]] = {"md": markdown, "html": html}
