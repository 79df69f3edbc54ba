"""The header of a question file: comment lines `#+` that hold YAML, as in grlc.

    #+ summary: one line, the question in plain words
    #+ description: |
    #+   what a reader must know to use the answer
    #+ tags: [response]
    #+ parameters:
    #+   - {name: outcome, kind: variable, description: outcome asked for}
    #+ columns:
    #+   - {name: study, description: study the numbers are about}
    #+ plot: {kind: coverage, title: Coverage, study: study, variable: kind}

`parameters` and `plot` may be left out; `plot` says which picture the answer makes (see `plots`). A
header that does not parse, or does not fit its query, is an error.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from evikg.graph.binding import clause

from .plots import PLOT, Plot

#: Kinds of parameter that are typed values; every other kind is a kind of individual.
VALUE_KINDS = ("integer", "decimal", "text")
#: Tag of a question with `SERVICE` blocks.
FEDERATED = "federated"
_KEYS = {"summary", "description", "tags", "parameters", "columns"}
_OPTIONAL = {"parameters", "plot"}
# The one in C, where it is installed, reads the whole catalogue in a tenth of a second.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class QuestionError(ValueError):
    """A question file is malformed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its kind (`variable`, `study`, …, or integer, decimal, text) and default.

    `default` is the text between the braces of its VALUES clause; empty where there is none.
    """

    name: str
    kind: str
    description: str
    default: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer and what it means."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a question file says of itself."""

    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    plot: Plot | None = None

    @property
    def federated(self) -> bool:
        """Return whether the question asks other endpoints and so needs the network."""
        return FEDERATED in self.tags


def read_header(name: str, text: str) -> Header:
    """Read and check the header of a question.

    :raises QuestionError: if it does not parse, lacks a key or does not fit the query
    """
    body = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    try:
        loaded = yaml.load(body, _LOADER)  # noqa: S506 - both loaders are safe ones
    except yaml.YAMLError as error:
        raise QuestionError(f"{name}.rq: the header is not YAML: {error}") from error
    if not isinstance(loaded, dict) or not _KEYS - _OPTIONAL <= set(loaded) <= _KEYS | _OPTIONAL:
        raise QuestionError(f"{name}.rq: the header needs the keys {', '.join(sorted(_KEYS))}")
    try:
        header = Header(
            summary=str(loaded["summary"]).strip(),
            description=str(loaded["description"]).strip(),
            tags=tuple(loaded["tags"]),
            parameters=tuple(
                _parameter(name, text, item) for item in loaded.get("parameters") or ()
            ),
            columns=tuple(Column(**item) for item in loaded["columns"]),
            plot=_plot(name, loaded.get("plot")),
        )
    except (KeyError, TypeError) as error:
        raise QuestionError(f"{name}.rq: the header is incomplete or has more: {error}") from error
    selected = _selected(text)
    named = [column.name for column in header.columns]
    if selected != named:
        raise QuestionError(f"{name}.rq: selects {selected}, but the header describes {named}")
    if header.plot is not None and (unknown := set(header.plot.columns()) - set(named)):
        raise QuestionError(f"{name}.rq: the plot takes no column {', '.join(sorted(unknown))}")
    return header


def _plot(name: str, item: object) -> Plot | None:
    if item is None:
        return None
    try:
        return PLOT.validate_python(item)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'plot'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise QuestionError(f"{name}.rq: the plot is malformed: {faults}") from error


def _parameter(name: str, text: str, item: dict[str, Any]) -> Parameter:
    if set(item) != {"name", "kind", "description"}:
        raise KeyError(f"name, kind and description of the parameter {item.get('name')}")
    found = clause(item["name"]).findall(text)
    if len(found) != 1:
        raise QuestionError(
            f"{name}.rq: the parameter {item['name']} needs one clause "
            f"VALUES ?{item['name']} {{ … }}, found {len(found)}"
        )
    default = found[0].strip()
    return Parameter(
        item["name"], item["kind"], item["description"], "" if default == "UNDEF" else default
    )


def _selected(text: str) -> list[str]:
    """Return the names of the outer SELECT's columns, in order."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    match = re.search(r"\bSELECT\b(?:\s+DISTINCT)?(.*?)\bWHERE\b", body, re.DOTALL)
    if match is None:
        return []
    clause_text = match[1]
    columns, depth = [], 0
    for token in re.findall(r"\(|\)|\bAS\s+\?\w+|\?\w+", clause_text):
        if token == "(":  # noqa: S105 - a parenthesis
            depth += 1
        elif token == ")":  # noqa: S105 - a parenthesis
            depth -= 1
        elif token.startswith("AS") and depth == 1:
            columns.append(token.split("?")[1])
        elif token.startswith("?") and depth == 0:
            columns.append(token[1:])
    return columns
