"""Questions over HTTP: the names, parameters and answers of `evikg ask`, in the forms programs read."""

import csv
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pyarrow
import pytest

from evikg.graph import open_store
from evikg.graph.embedded import EmbeddedStore
from evikg.graph.store import Store
from evikg.queries import catalogue, federated, write
from evikg.server.exchange import Refusal, Request
from evikg.server.questions import RESERVED, question

EVIKG = (sys.executable, "-c", "from evikg.cli.main import main; main()")
ARROW = "application/vnd.apache.arrow.stream"


@pytest.fixture(scope="module")
def store(evidence_store: Path) -> Store:
    return open_store(evidence_store)


def get(server: str, address: str, accept: str = "*/*") -> httpx.Response:
    return httpx.get(f"{server}{address}", headers={"Accept": accept}, timeout=30)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("response-rates", []),
        ("response-rates", ["--study", "kr-pms", "--study", "ino-vate"]),
        ("severe-adverse-events", ["--min-grade", "4"]),
        ("events-under-concept", ["--concept", "liver failure"]),
    ],
)
def test_csv_is_byte_for_byte_that_of_the_command_line(
    server: str, evidence_store: Path, name: str, options: list[str]
) -> None:
    command = [*EVIKG, "ask", name, *options, "--store", str(evidence_store), "--format", "csv"]
    printed = subprocess.run(command, check=True, capture_output=True).stdout
    pairs = [(n.removeprefix("--"), v) for n, v in zip(options[::2], options[1::2], strict=True)]
    answer = httpx.get(f"{server}/questions/{name}", params=[*pairs, ("format", "csv")], timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content == printed
    assert printed.count(b"\n") > 1


def test_every_question_is_answered_with_the_columns_of_its_header(server: str) -> None:
    for name, asked in catalogue().items():
        answer = get(server, f"/questions/{name}", "text/csv")
        assert answer.status_code == 200, name
        columns = ",".join(column.name for column in asked.header.columns)
        assert answer.text.splitlines()[0] == columns, name


@pytest.mark.parametrize(
    "name", ["adverse-event", "coverage", "hazard-ratios", "pooled-results", "terms-and-links"]
)
def test_a_question_has_the_rows_that_python_gets(server: str, store: Store, name: str) -> None:
    expected = write(catalogue()[name].run(store), "csv")
    assert get(server, f"/questions/{name}", "text/csv").text == expected


def test_json_says_what_was_asked_and_what_the_columns_mean(server: str) -> None:
    """Table 2 of the phase IV trial prints 35 (83.3) for CR/CRi at 1.2 mg/m2, N=42."""
    answer = get(server, "/questions/response-rates?study=phase4-lowdose")
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert said["question"] == "response-rates"
    assert said["parameters"] == {"study": ["phase4-lowdose"]}
    assert said["count"] == len(said["rows"])
    names = [column["name"] for column in said["columns"]]
    assert all(column["description"] for column in said["columns"])
    assert all(list(row) == names for row in said["rows"])
    (row,) = [r for r in said["rows"] if r["result"].endswith("/ozcan-2025-l147-2")]
    assert (row["events"], row["total"], row["percent"]) == (35, 42, "83.3")
    assert row["study"] == "https://w3id.org/evikg/study/phase4-lowdose"
    assert row["low"] is None or isinstance(row["low"], str)


def test_the_query_in_the_json_gives_its_rows_at_the_endpoint(server: str) -> None:
    said = get(server, "/questions/response-rates?study=kr-pms").json()
    answer = httpx.post(
        f"{server}/sparql",
        content=said["sparql"],
        headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    asked = get(server, "/questions/response-rates?study=kr-pms&format=csv").text
    assert list(csv.reader(io.StringIO(answer.text))) == list(csv.reader(io.StringIO(asked)))


def test_arrow_is_a_stream_with_numbers_as_numbers(server: str) -> None:
    answer = get(server, "/questions/response-rates", ARROW)
    assert answer.headers["content-type"] == ARROW
    table = pyarrow.ipc.open_stream(answer.content).read_all()
    said = get(server, "/questions/response-rates").json()
    assert table.to_pylist() == said["rows"]
    assert str(table.schema.field("events").type) == "int64"


def test_tsv_and_markdown_are_those_of_the_command_line(server: str, store: Store) -> None:
    answer = catalogue()["vod-sos"].run(store, study="kr-pms")
    for form in ("tsv", "md"):
        found = get(server, f"/questions/vod-sos?study=kr-pms&format={form}")
        assert found.text == write(answer, form)


def test_a_parameter_takes_a_curie_and_an_iri_and_an_empty_value_is_none(server: str) -> None:
    by_slug = get(server, "/questions/vod-sos?study=kr-pms").json()["rows"]
    for value in ("study:kr-pms", "https://w3id.org/evikg/study/kr-pms"):
        address = f"{server}/questions/vod-sos"
        assert httpx.get(address, params={"study": value}).json()["rows"] == by_slug
    every = get(server, "/questions/vod-sos").json()["rows"]
    assert get(server, "/questions/vod-sos?study=").json()["rows"] == every
    assert len(every) > len(by_slug) > 0


def test_no_parameter_of_a_question_has_a_name_that_the_address_reserves() -> None:
    for name, asked in {**catalogue(), **federated()}.items():
        assert not {p.name for p in asked.header.parameters} & set(RESERVED), name


def test_the_catalogue_lists_every_question_with_its_header(server: str) -> None:
    listed = {item["name"]: item for item in get(server, "/questions").json()["questions"]}
    assert set(listed) == {*catalogue(), *federated()}
    item = listed["response-rates"]
    assert item["parameters"][0] == {
        "name": "outcome",
        "kind": "variable",
        "description": "response asked for, with everything narrower",
        "default": "variable:cr-cri",
    }
    assert item["picture"] == "forest"
    assert {name for name in listed if listed[name]["needs_network"]} == set(federated())


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/questions/response-rate", 404, "did you mean response-rates"),
        ("/questions/response-rates?study=kr-pmz", 400, "did you mean kr-pms"),
        ("/questions/response-rates?stuby=kr-pms", 400, "no parameter 'stuby'; did you mean study"),
        ("/questions/severe-adverse-events?min_grade=x", 400, "expected a whole number, not 'x'"),
        ("/questions/response-rates?page=0", 400, "expected a number from 1, not '0'"),
        ("/questions/response-rates?page=%C2%B2", 400, "expected a number from 1, not '²'"),
        ("/questions/response-rates?format=xls", 406, "only json, html, csv, tsv, arrow, md, svg"),
        ("/questions/study-catalogue?format=svg", 406, "makes no picture; questions that do: "),
        (
            "/questions/response-rates?study=chen-2021-exposure-response&format=svg",
            404,
            "no number to draw",
        ),
        ("/questions/drug-mesh-ancestors", 403, "`evikg ask drug-mesh-ancestors` asks it"),
    ],
)
def test_a_refusal_says_what_would_help(server: str, address: str, status: int, words: str) -> None:
    answer = get(server, address)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_what_is_accepted_decides_unless_the_address_names_a_format(server: str) -> None:
    path = "/questions/study-catalogue"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    kinds = [
        get(server, path, accept).headers["content-type"].partition(";")[0]
        for accept in ("*/*", browser, "text/csv;q=0.5, text/tab-separated-values", "text/markdown")
    ]
    expected = ["application/json", "text/html", "text/tab-separated-values", "text/markdown"]
    assert kinds == expected
    assert get(server, path, "application/x-unknown").status_code == 406
    named = get(server, f"{path}?format=csv", browser)
    assert named.headers["content-type"].startswith("text/csv")
    assert named.headers["content-disposition"] == 'attachment; filename="study-catalogue.csv"'


def test_a_picture_is_an_svg_that_names_its_question(server: str) -> None:
    answer = get(server, "/questions/response-rates?format=svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert b"Response rates" in answer.content
    assert "unsafe-inline" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("module", "form", "remedy"),
    [("pyarrow", "arrow", "evikg[arrow]"), ("matplotlib", "svg", "evikg[plot]")],
)
def test_a_form_that_needs_a_missing_module_says_how_to_have_it(
    monkeypatch: pytest.MonkeyPatch, module: str, form: str, remedy: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    request = Request(path_values={"name": "response-rates"}, query=(("format", form),))
    with pytest.raises(Refusal, match="pip install") as refused:
        question(EmbeddedStore(), request)
    assert refused.value.status == 406
    assert remedy in refused.value.message


def test_a_page_has_no_picture_where_nothing_draws(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    request = Request(path_values={"name": "response-rates"}, query=(("format", "html"),))
    with_picture = question(store, request).body
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    without = question(store, request).body
    assert isinstance(with_picture, bytes)
    assert isinstance(without, bytes)
    assert b"<figure>" in with_picture
    assert b"<figure>" not in without


def test_an_answer_obeys_the_limit_of_rows(store: Store) -> None:
    answer = catalogue()["response-rates"].run(store)
    count = len(answer.rows)
    for accept in ("application/json", "text/csv", ARROW):
        request = Request(
            path_values={"name": "response-rates"}, headers={"accept": accept}, row_limit=count
        )
        assert question(store, request).status == 200
        with pytest.raises(Refusal, match=f"more than {count - 1} rows") as caught:
            question(store, replace(request, row_limit=count - 1))
        assert caught.value.status == 422


def test_a_page_says_that_its_answer_has_too_many_rows(store: Store) -> None:
    asked = Request(
        path_values={"name": "response-rates"}, headers={"accept": "text/html"}, row_limit=1
    )
    reply = question(store, asked)
    assert reply.status == 422
    assert isinstance(reply.body, bytes) and b"more than 1 rows" in reply.body


@pytest.mark.parametrize("name", ["store", "self", "parameters", "name"])
def test_no_name_in_the_address_is_taken_for_an_argument(server: str, name: str) -> None:
    answer = get(server, f"/questions/response-rates?{name}=1")
    assert answer.status_code == 400
    assert "no parameter" in answer.json()["detail"]
