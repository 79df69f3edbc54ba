"""The questions of the catalogue over HTTP: the same names, parameters and answers as `evikg ask`.

    /questions                         the catalogue
    /questions/NAME?PARAMETER=VALUE    an answer; a parameter may be repeated

An answer is a page to a browser and JSON to any other client that does not say what it wants, by
the `Accept` header or by `format=` in the address.
"""

import io
import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import Any

from evikg.graph.store import Store
from evikg.queries import (
    Answer,
    ParameterError,
    Question,
    UnknownQuestionError,
    catalogue,
    federated,
    write,
)

from .exchange import Refusal, Reply, Request, Route
from .negotiation import Form, choose
from .services import check_services

#: Names of the address that are no parameters of a question.
RESERVED = ("format", "page")
JSON = Form("application/json", "json")
HTML = Form("text/html; charset=utf-8", "html", ("application/xhtml+xml",))
ARROW = Form("application/vnd.apache.arrow.stream", "arrow")
SVG = Form("image/svg+xml", "svg")
#: Forms that a browser keeps as a file.
_TABLES = (
    Form("text/csv; charset=utf-8", "csv"),
    Form("text/tab-separated-values; charset=utf-8", "tsv"),
    ARROW,
)
#: Forms of an answer, the one for clients without a wish first.
FORMS = (JSON, HTML, *_TABLES, Form("text/markdown; charset=utf-8", "md"), SVG)
#: A picture has its styles in itself, and loads nothing.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def questions(store: Store, request: Request) -> Reply:
    """Answer with the catalogue of questions."""
    if _form(request, (JSON, HTML)) is HTML:
        from .question_pages import catalogue_page

        return catalogue_page(request)
    listed = {**catalogue(), **federated()}
    described = [described_question(item) for item in listed.values()]
    return _json({"questions": described})


def question(store: Store, request: Request) -> Reply:
    """Answer a question.

    :raises Refusal: if there is none of this name, or it cannot be answered as it is asked
    """
    asked = question_of(request)
    form = _form(request, FORMS)
    page_of(request)
    if form is HTML:
        from .question_pages import question_page

        return question_page(store, request, asked)
    if form is SVG:
        require_picture(asked)
    values = values_of(request)
    answer = answered(store, asked, values, request)
    # What other endpoints answer is another thing each time.
    headers = [("Cache-Control", "no-store")] if asked.header.federated else []
    if form is JSON:
        return _json(as_json(store, asked, values, answer), headers)
    if form in _TABLES:
        headers.append(("Content-Disposition", f'attachment; filename="{asked.name}.{form.name}"'))
    if form is SVG:
        headers.append(("Content-Security-Policy", _PICTURE_POLICY))
    match form.name:
        case "arrow":
            body = _arrow(answer)
        case "svg":
            body = _svg(asked, answer)
        case name:
            body = write(answer, name).encode()
    return Reply(body, form.media_type, headers=tuple(headers))


def _form(request: Request, offered: Sequence[Form]) -> Form:
    return choose(offered, request.headers.get("accept", ""), request.value("format"))


def question_of(request: Request) -> Question:
    """Return the question that the path names.

    :raises Refusal: if there is none
    """
    try:
        return catalogue()[request.path_values["name"]]
    except UnknownQuestionError as error:
        raise Refusal(404, f"{error}; all: /questions") from error


def values_of(request: Request) -> dict[str, list[str]]:
    """Return the values of the parameters in the address; an empty one counts as not given."""
    values: dict[str, list[str]] = {}
    for name, value in request.query:
        if name not in RESERVED and value.strip():
            values.setdefault(name.replace("-", "_"), []).append(value.strip())
    return values


def page_of(request: Request) -> int:
    """Return the number of the page of an answer, from 1.

    :raises Refusal: if it is no such number
    """
    text = request.value("page") or "1"
    if not (text.isascii() and text.isdigit() and int(text[:9])):
        raise Refusal(400, f"page: expected a number from 1, not {text[:40]!r}")
    return int(text[:9])


def answered(
    store: Store, asked: Question, values: dict[str, list[str]], request: Request
) -> Answer:
    """Ask the graph.

    :param request: with the hosts of other endpoints that may be asked, and the limit of rows
    :raises Refusal: if the question asks endpoints that are not allowed, a parameter does not fit,
        or the answer has too many rows
    """
    try:
        check_services(asked.text, request.services)
    except Refusal as refusal:
        message = f"{refusal.message}; `evikg ask {asked.name}` asks it"
        raise Refusal(refusal.status, message) from refusal
    try:
        answer = asked.run(store, **values)
    except ParameterError as error:
        raise Refusal(400, str(error)) from error
    if request.row_limit and len(answer.rows) > request.row_limit:
        raise Refusal(
            422,
            f"the answer has more than {request.row_limit} rows; narrow it by a parameter, or send"
            " its query to /sparql with LIMIT and OFFSET",
        )
    return answer


def require_picture(asked: Question) -> None:
    """Refuse a picture of a question that makes none, or where nothing draws.

    :raises Refusal: with what would help
    """
    if asked.header.plot is None:
        drawn = [name for name, item in catalogue().items() if item.header.plot is not None]
        raise Refusal(406, f"{asked.name} makes no picture; questions that do: {', '.join(drawn)}")
    if not can_draw():
        raise Refusal(406, "this server draws no pictures: pip install 'evikg[plot]'")


def can_draw() -> bool:
    """Tell whether pictures can be drawn here."""
    return find_spec("matplotlib") is not None


def described_question(item: Question) -> dict[str, Any]:
    """Return what a question says of itself, as JSON has it."""
    header = item.header
    return {
        "name": item.name,
        "summary": header.summary,
        "description": header.description,
        "tags": list(header.tags),
        "parameters": [
            {"name": p.name, "kind": p.kind, "description": p.description, "default": p.default}
            for p in header.parameters
        ],
        "columns": columns_of(item),
        "picture": header.plot.kind if header.plot is not None else None,
        "needs_network": header.federated,
        "path": f"/questions/{item.name}",
    }


def columns_of(item: Question) -> list[dict[str, str]]:
    """Return the columns of a question with what they mean."""
    return [{"name": c.name, "description": c.description} for c in item.header.columns]


def as_json(
    store: Store, asked: Question, values: dict[str, list[str]], answer: Answer
) -> dict[str, Any]:
    """Return an answer as JSON has it: what was asked, what the columns mean, and the rows."""
    return {
        "question": asked.name,
        "summary": asked.header.summary,
        "parameters": values,
        "sparql": asked.bound(store, values),
        "columns": columns_of(asked),
        "count": len(answer.rows),
        "rows": answer.records(),
    }


def _json(value: object, headers: Iterable[tuple[str, str]] = ()) -> Reply:
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return Reply(text.encode(), JSON.media_type, headers=tuple(headers))


def _arrow(answer: Answer) -> bytes:
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise Refusal(
            406, "this server writes no Arrow: pip install 'evikg[arrow]', or take CSV"
        ) from error
    table = answer.to_arrow()
    sink = io.BytesIO()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _svg(asked: Question, answer: Answer) -> bytes:
    from evikg.figures import rendered
    from evikg.queries.pictures import PictureError, picture

    try:
        return rendered(picture(asked, answer), ".svg")
    except PictureError as error:
        raise Refusal(404, str(error)) from error


ROUTES = (
    Route("/questions", questions),
    Route("/questions/{name}", question),
)
