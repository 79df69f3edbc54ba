"""The description of the HTTP interface, OpenAPI 3.1, made from the headers of the questions.

Specification: https://spec.openapis.org/oas/v3.1.0.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from evikg.graph.description import LICENCE
from evikg.graph.store import Store
from evikg.queries import Column, Parameter, Question, catalogue

from .choices import choices, is_chosen
from .exchange import Reply, Request, Route
from .questions import ARROW, FORMS, HTML, JSON, SVG

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_TYPES = {"integer": {"type": "integer"}, "decimal": {"type": "number"}, "text": _TEXT}
_EMPTY: Json = {"type": "string", "maxLength": 0}
_CELL: Json = {"type": ["string", "number", "null"]}


def openapi(store: Store, request: Request) -> Reply:
    """Answer with the OpenAPI description of this server."""
    text = json.dumps(description(store, request.base), ensure_ascii=False, indent=1) + "\n"
    return Reply(text.encode(), "application/json")


def description(store: Store, base: str) -> Json:
    """Return the OpenAPI description of a server.

    :param base: scheme, host and port of the server
    """
    known, shared = list(catalogue().values()), _packaged("components")
    kinds = sorted({p.kind for item in known for p in item.header.parameters})
    tags = sorted({tag for item in known for tag in item.header.tags})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "EviKG",
            "summary": "Published clinical evidence as a graph that answers questions",
            "description": "Questions with names and parameters, and SPARQL. Numbers are shown as"
            " printed, faults included. No medical advice.",
            "version": version("evikg"),
            "license": {"name": "Creative Commons Attribution 4.0", "url": LICENCE},
        },
        "servers": [{"url": base or "/"}],
        "tags": [*({"name": tag} for tag in tags), {"name": "SPARQL"}],
        "paths": {
            "/questions": {"get": _catalogue()},
            **{f"/questions/{item.name}": {"get": _question(item)} for item in known},
            **_packaged("endpoints"),
        },
        "components": {
            **shared,
            "schemas": {**shared["schemas"], **{kind: _kind(store, kind) for kind in kinds}},
        },
    }


@cache
def _packaged(name: str) -> Json:
    """Return a part of the description that depends on no question."""
    text = files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    loaded: Json = json.loads(text)
    return loaded


def _catalogue() -> Json:
    listing = {"type": "array", "items": {"$ref": "#/components/schemas/question-described"}}
    body = {"type": "object", "required": ["questions"], "properties": {"questions": listing}}
    return {
        "operationId": "questions",
        "summary": "The questions that can be asked",
        "parameters": [
            _format(("json", "html")),
            {
                "name": "words",
                "in": "query",
                "description": "on the page, only questions with these words",
                "schema": _TEXT,
            },
            {
                "name": "tag",
                "in": "query",
                "description": "on the page, only questions with this tag",
                "schema": _TEXT,
            },
        ],
        "responses": {
            "200": {
                "description": "The catalogue",
                "content": {
                    "application/json": {"schema": body},
                    "text/html": {"schema": _TEXT},
                },
            },
            **_refusals("406"),
        },
    }


def _question(item: Question) -> Json:
    header = item.header
    forms = [form for form in FORMS if form is not SVG or header.plot is not None]
    content = {form.types[0]: {"schema": _TEXT} for form in forms if form not in (JSON, ARROW)}
    return {
        "operationId": item.name,
        "summary": header.summary,
        "description": header.description,
        "tags": list(header.tags),
        "parameters": [
            *(_parameter(parameter) for parameter in header.parameters),
            _format(form.name for form in forms),
            {
                "name": "page",
                "in": "query",
                "description": f"of the rows, in {HTML.name}; every other form holds all",
                "schema": {"anyOf": [{"type": "integer", "minimum": 1}, _EMPTY]},
            },
        ],
        "responses": {
            "200": {
                "description": "The answer",
                "content": {
                    "application/json": {"schema": _answer(header.columns)},
                    ARROW.media_type: {"schema": {"type": "string", "format": "binary"}},
                    **content,
                },
            },
            **_refusals("400", "403", "404", "406", "422", "503", "504"),
        },
    }


def _parameter(parameter: Parameter) -> Json:
    default = f" If not given: {parameter.default}." if parameter.default else ""
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"{parameter.description}. May be repeated.{default}",
        "schema": {
            "type": "array",
            "items": {"$ref": f"#/components/schemas/{parameter.kind}"},
        },
        "style": "form",
        "explode": True,
    }


def _kind(store: Store, kind: str) -> Json:
    """Return what the values of a kind of parameter are; an empty one counts as not given."""
    if kind in _TYPES:
        return {"anyOf": [_TYPES[kind], _EMPTY]}
    named = {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9-]*:.",
        "description": "a CURIE or IRI that the graph knows",
    }
    if not is_chosen(kind):
        return {"type": "string", "description": f"a {kind} by its slug, CURIE, IRI or name"}
    known = choices(store, kind)
    listed = {
        "type": "string",
        "enum": [choice.slug for choice in known],
        "description": f"a {kind} of the graph by its slug",
    }
    return {"anyOf": [listed, named, _EMPTY]}


def _answer(columns: Iterable[Column]) -> Json:
    named = {column.name: {**_CELL, "description": column.description} for column in columns}
    rows = {
        "type": "array",
        "items": {"type": "object", "required": list(named), "properties": named},
    }
    return {
        "type": "object",
        "required": ["question", "summary", "parameters", "sparql", "columns", "count", "rows"],
        "properties": {
            "question": _TEXT,
            "summary": _TEXT,
            "parameters": {"type": "object", "description": "values by parameter, as given"},
            "sparql": {"type": "string", "description": "the query, its parameters bound"},
            "columns": {"$ref": "#/components/schemas/columns"},
            "count": {"type": "integer", "description": "number of rows"},
            "rows": rows,
        },
    }


def _format(names: Iterable[str]) -> Json:
    return {
        "name": "format",
        "in": "query",
        "description": "form of the answer; stands above the Accept header, unless it is empty",
        "schema": {"type": "string", "enum": [*names, ""]},
    }


def _refusals(*statuses: str) -> Json:
    return {status: {"$ref": "#/components/responses/Refused"} for status in statuses}


ROUTES = (Route("/openapi.json", openapi),)
