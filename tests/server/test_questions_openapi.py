"""The description of the HTTP interface is valid OpenAPI 3.1, and true."""

from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import validate

from evikg.queries import catalogue


@pytest.fixture(scope="module")
def described(server: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server}/openapi.json").json()
    return found


def test_it_is_valid(described: dict[str, Any]) -> None:
    """The validator holds the JSON schema of https://spec.openapis.org/oas/3.1/schema/."""
    validate(described)
    assert described["openapi"].startswith("3.1")


def test_it_names_every_question_with_its_parameters_and_columns(
    described: dict[str, Any],
) -> None:
    for name, question in catalogue().items():
        operation = described["paths"][f"/questions/{name}"]["get"]
        assert operation["summary"] == question.header.summary
        assert operation["tags"] == list(question.header.tags)
        named = [item["name"] for item in operation["parameters"]]
        assert named == [p.name for p in question.header.parameters] + ["format", "page"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        columns = schema["properties"]["rows"]["items"]["properties"]
        said = {column: item["description"] for column, item in columns.items()}
        assert said == {c.name: c.description for c in question.header.columns}
        forms = set(operation["responses"]["200"]["content"])
        assert ("image/svg+xml" in forms) == (question.header.plot is not None)


def test_a_kind_lists_the_individuals_of_the_graph(described: dict[str, Any]) -> None:
    """The five studies of the corpus that have a paper of their own, or a source, by their slugs."""
    kinds = described["components"]["schemas"]
    listed = kinds["study"]["anyOf"][0]["enum"]
    assert {"kr-pms", "phase4-lowdose", "ino-cd22", "faers-2024q3", "ino-vate"} <= set(listed)
    assert {"cr-cri", "vod-sos"} <= set(kinds["variable"]["anyOf"][0]["enum"])


@pytest.mark.parametrize("address", ["", "/response-rates", "/vod-sos?study=kr-pms", "/p-values"])
def test_an_answer_is_what_its_schema_says(
    server: str, described: dict[str, Any], address: str
) -> None:
    path = f"/questions{address}".partition("?")[0]
    content = described["paths"][path]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": described["components"]}
    answer = httpx.get(f"{server}/questions{address}").json()
    jsonschema.validate(answer, schema, cls=jsonschema.Draft202012Validator)


def test_an_error_is_what_its_schema_says(server: str, described: dict[str, Any]) -> None:
    response = described["components"]["responses"]["Refused"]
    schema = response["content"]["application/problem+json"]["schema"]
    answer = httpx.get(f"{server}/questions/response-rates?study=nobody")
    assert answer.headers["content-type"] == "application/problem+json"
    jsonschema.validate(answer.json(), schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/sparql", {"query": "ASK {}"}),
        ("/store", {"graph": "https://w3id.org/evikg/graph/kr"}),
        ("/.well-known/void", {}),
        ("/.well-known/sparql-examples", {}),
    ],
)
def test_the_other_addresses_are_there(
    server: str, described: dict[str, Any], path: str, query: dict[str, str]
) -> None:
    operation = described["paths"][path]["get"]
    status = httpx.get(f"{server}{path}", params=query).status_code
    assert str(status) in operation["responses"]
