"""Whatever is sent, the server refuses or answers, tells nothing of its inside, and stays well.

Requests are made from the description of the interface (schemathesis) and at random (hypothesis).
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import evikg.server
from evikg.queries import catalogue
from evikg.server.routes import routes

from .conftest import Running, Start
from .test_limits import held, until, workers

#: Answers to a request that is wrong, not allowed or too much, and to one that is right.
EXPECTED = {200, 303, 400, 403, 404, 405, 406, 408, 413, 414, 415, 422, 504}
FEW = settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # a failure is told at once: each example costs a request
    suppress_health_check=list(HealthCheck),
)
#: Values that break what is not made for them.
ODD = [
    "", "0", "-1", "1e9", "9" * 5000, "NaN", "inf", "\u0663", "\u00b2", "1_000", "\0", "a\0b",
    "\r\nX-Evil: 1", "<script>alert(1)</script>", "\"'><svg onload=alert(1)>", "\u202e\u2066x",
    "../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "{{7*7}}", "${x}", "%s%n", "(((", "[", "\\u0041",
    "http://[", "http://", "javascript:alert(1)", "file:///etc/passwd", "_:b", "a:b", "^" * 100,
    "> } CLEAR ALL", "NEAR(", '"', "x" * 9000, "https://w3id.org/evikg/study/kr-pms", "study:kr-pms",
    "https://w3id.org/evikg/", "http://purl.obolibrary.org/obo/MONDO_0004967", "ev:of", "^ev:about",
    "vod-sos", "inotuzumab", "json", "html", "csv", "arrow", "svg", "turtle", "all", "yes", "\U0001d518",
]  # fmt: skip
NAMES = (
    "iri relation variable start from to q members of kind offset longest query example printings"
    " study regimen subgroups cited outcome words tag page format graph default default-graph-uri"
    " named-graph-uri download update limit store self concept min-grade min_level term text"
).split()
ACCEPTS = [
    "*/*",
    "text/html",
    "text/turtle",
    "application/json",
    "text/csv",
    "image/svg+xml",
    '"\\',
]
GRAMMAR = (
    'SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH { } ( ) [ ] . ; , * ?s ?p $o <a:b> <a> "x"'
    ' """ \' # \\ ^^ @en _:b a:b : << >> UNION MINUS OPTIONAL FILTER EXISTS BIND AS VALUES UNDEF | /'
    " ! + - = < > && || 1 1.5 1e9 true SERVICE SILENT LOAD INSERT DROP BASE PREFIX GROUP BY ORDER"
    " HAVING LIMIT OFFSET COUNT REGEX IRI NOW RAND BNODE SUM \0 \ufeff \u2028 \U0001d518 \\u0000 \\ud800"
).split(" ")


@pytest.fixture(scope="module")
def running(start: Start, evidence_store: Path) -> Iterator[Running]:
    options = "--workers 2 --time-limit 4 --row-limit 2000 --memory-limit 512"
    with start(evidence_store, *options.split()) as running:
        yield running
        until(lambda: len(workers(running)) == 2, 30)
        answer = httpx.get(f"{running.url}/sparql", params={"query": "ASK {}"}, timeout=30)
        assert answer.json()["boolean"] is True
        assert "Traceback" not in running.log.read_text()


def judge(answer: httpx.Response, store: Path) -> None:
    """Check what holds for each answer, whatever was asked."""
    assert answer.status_code in EXPECTED, (answer.status_code, answer.text[:300])
    inside = (b"Traceback (most", b"site-packages", str(store).encode(), b"PYTHONPATH")
    here = str(Path(evikg.server.__file__).parent).encode()
    for secret in (*inside, here, here.rpartition(b"/evikg")[0] + b"/"):
        assert secret not in answer.content
    assert "x-evil" not in answer.headers
    kind = answer.headers.get("content-type", "")
    if "html" in kind:
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert b"<script>alert" not in answer.content and b"<svg onload" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"


# The description of the interface


def test_what_the_interface_says_of_itself_holds(running: Running, evidence_store: Path) -> None:
    """Statuses, types and schemas are those described, for right and for wrong requests.

    Values of the right kind may name nothing in the graph, which is refused: that check is left out.
    """
    import schemathesis
    from schemathesis.checks import load_all_checks, positive_data_acceptance

    load_all_checks()
    schema = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    questions = [item for item in operations if item.path.startswith("/questions/")]
    assert len(questions) == len(catalogue())
    others = [item for item in operations if item not in questions]
    for operation in [*others, *random.Random(5).sample(questions, 8)]:  # noqa: S311 - no secret
        for mode in schemathesis.GenerationMode:
            if mode is schemathesis.GenerationMode.NEGATIVE and not any(
                operation.iter_parameters()
            ):
                continue  # nothing can be wrong

            @settings(FEW, max_examples=2)
            @given(case=operation.as_strategy(generation_mode=mode))
            def try_it(case: schemathesis.Case) -> None:
                case.call_and_validate(excluded_checks=[positive_data_acceptance], timeout=30)

            try_it()


# Addresses and parameters


@FEW
@given(data=st.data())
def test_any_parameter_anywhere(
    running: Running, evidence_store: Path, data: st.DataObject
) -> None:
    value = st.sampled_from(ODD) | st.text(max_size=30)
    path = data.draw(st.sampled_from([route.path for route in routes()]))
    part = quote(
        data.draw(st.sampled_from(["kr-pms", "vod-sos", "response-rates"]) | value), safe=""
    )
    path = re.sub(r"\{.*\}", lambda _: part, path)
    fields = data.draw(st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=4))
    accept = data.draw(st.sampled_from(ACCEPTS))
    address = f"{running.url}{path}"
    answer = httpx.get(address, params=fields, headers={"accept": accept}, timeout=60)
    judge(answer, evidence_store)


@pytest.mark.parametrize(
    "way",
    [
        "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cserving.py",
        "%252e%252e%252fserving.py", "....//....//serving.py", "..;/serving.py", "%c0%ae%c0%ae/x",
        "%2fetc%2fpasswd", "file:%2f%2f%2fetc%2fpasswd", "x%00.css", "..%2fserving.py%00.css", "CON",
        "~root", ".", "%2e", "", "\\\\host\\share", "serving.py", "__init__.py", "../templates/base.html",
    ],
)  # fmt: skip
def test_no_way_leads_out_of_the_served_files(
    running: Running, evidence_store: Path, way: str
) -> None:
    for prefix in ("/static/", "/static/vendor/", "/study/", "/questions/", "/graph/", "/"):
        answer = httpx.get(f"{running.url}{prefix}{way}", timeout=30)
        judge(answer, evidence_store) if answer.status_code != 307 else None
        assert b"root:" not in answer.content and b"import " not in answer.content
        assert b"{% " not in answer.content
    # The store is read by its name alone, never as a file.
    answer = httpx.get(f"{running.url}/store", params={"graph": f"file:///{way}"}, timeout=30)
    assert answer.status_code in {400, 404}


# Queries


def ask(running: Running, query: str | bytes) -> httpx.Response:
    head = {"content-type": "application/sparql-query"}
    return httpx.post(f"{running.url}/sparql", content=query, headers=head, timeout=60)


@FEW
@given(words=st.lists(st.sampled_from(GRAMMAR) | st.text(max_size=5), max_size=30))
def test_words_of_the_language_in_any_order(
    running: Running, evidence_store: Path, words: list[str]
) -> None:
    judge(ask(running, " ".join(words)), evidence_store)


@FEW
@given(body=st.binary(max_size=200))
def test_any_bytes_for_a_query(running: Running, evidence_store: Path, body: bytes) -> None:
    answer = ask(running, body)
    judge(answer, evidence_store)
    assert answer.status_code in {400, 403}


@FEW
@given(
    name=st.sampled_from(sorted(catalogue())),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(GRAMMAR)), max_size=4
    ),
)
def test_questions_that_are_damaged(
    running: Running, evidence_store: Path, name: str, cuts: list[tuple[float, int, str]]
) -> None:
    text = catalogue()[name].text
    for place, length, word in cuts:
        at = int(place * len(text))
        text = f"{text[:at]} {word} {text[at + length :]}"
    judge(ask(running, text), evidence_store)


MANY = 200_000


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("ASK {}" + " " * 4_000_000, {200}),
        ("ASK {}" + "\n#" * 1_500_000, {200}),
        ("ASK { VALUES ?x { " + "1 " * MANY + "} }", {200, 422}),
        ("ASK { VALUES ?x { " + "<http://example.org/x> " * 100_000 + "} }", {200, 422}),
        ("ASK { FILTER(1 IN (" + "1," * MANY + "1)) }", {200, 422, 504}),
        ("ASK { ?s ?p " + "1," * MANY + "1 }", {200, 422, 504}),
        ("SELECT (" + "1+" * 50_000 + "1 AS ?x) {}", {200, 400, 422, 504}),
        ("ASK " + "{" * MANY + "}" * MANY, {400, 422}),
        ("ASK { FILTER" + "(" * MANY + "1" + ")" * MANY + "}", {400, 422}),
        ("ASK { ?s " + "^" * MANY + "<a:b> ?o }", {400, 422}),
        ("ASK { ?s " + "(" * MANY + "<a:b>" + ")" * MANY + " ?o }", {400, 422}),
        ("ASK { ?s ?p " + "[<a:b> " * MANY + "1" + "]" * MANY + " }", {400, 422}),
        ("ASK { ?s ?p " + "(" * MANY + "1" + ")" * MANY + " }", {400, 422}),
        ("ASK { FILTER(" + "!" * MANY + "true) }", {400, 422}),
        ("ASK { " + "OPTIONAL {" * 50_000 + "}" * 50_000 + "}", {400, 422}),
        ("ASK { " + "{} UNION " * 50_000 + "{} }", {200, 400, 422, 504}),
        ('ASK { ?s ?p "' + "x" * 4_000_000 + '" }', {200}),
        ('"' * 1_000_000, {400, 504}),
        ("<" * 1_000_000, {400, 504}),
        ("SERVICE" * 3_000, {400, 403, 504}),
        ("SERVICE <" * 200_000, {400, 403, 504}),
        ("SERVICE # \n" * 200_000 + "{", {400, 403, 504}),
        ("NOW " * 1_000_000, {400}),
        ("\\u" * 1_000_000, {400}),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_queries_of_megabytes(
    running: Running, evidence_store: Path, query: str, statuses: set[int]
) -> None:
    answer = ask(running, query)
    judge(answer, evidence_store)
    assert answer.status_code in statuses, answer.text[:300]


def test_the_server_has_not_grown(running: Running) -> None:
    """Of its own process: answers and bodies pass through, and nothing of them is kept."""
    before = held(running)
    for _ in range(8):
        ask(running, "ASK {}" + " " * 4_000_000)
        ask(running, "SELECT * { ?s ?p ?o } LIMIT 2000")
    assert held(running) - before < 24_000_000
