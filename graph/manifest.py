"""The manifest of a graph: what went into it, and what is in it, as JSON.

It holds no time and no place on a machine: the same input gives the same bytes. What went in is
told by whoever builds; what is in the graph is asked of the graph itself, one query a section
(`manifest-<section>.rq`), whatever has filled it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions

from evikg.ontology import compact, prefixes, word

from .description import LICENCE, TITLE
from .errors import ReleaseError
from .inputs import Input
from .store import Store

MANIFEST = "manifest.json"
#: With this begin the names of files that were loaded into a graph beside its evidence.
LOADED = "loaded"

#: What is asked of the graph, in the order of the manifest.
SECTIONS = (
    "vocabularies sources terminologies mapping-sets graphs classes results coverage checks discrepancies"
).split()


def manifest(store: Store, inputs: Iterable[Input], version: str) -> dict[str, Any]:
    """Describe a graph.

    :param version: of the software that built it
    """
    sections = {name.replace("-", "_"): _rows(store, name) for name in SECTIONS}
    return {
        "title": TITLE,
        "licence": LICENCE,
        "evikg": version,
        "inputs": [asdict(item) for item in sorted(set(inputs))],
        "triples": sum(row["triples"] for row in sections["graphs"]),
        **sections,
    }


def manifest_bytes(described: Mapping[str, Any]) -> bytes:
    """Write a manifest as JSON in UTF-8."""
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest.

    :raises ReleaseError: if it is not there, or is none
    """
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReleaseError(f"{path.parent} holds no {path.name}") from error
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} cannot be read: {error}") from error
    if not isinstance(loaded, dict) or "evikg" not in loaded:
        raise ReleaseError(f"{path} is not the manifest of a graph")
    return loaded


def loaded_files(path: Path, release: str) -> tuple[Input, ...]:
    """Return the files that a release was loaded from, as the manifest of a graph says.

    :param path: of the manifest; none are known where it is not there
    """
    if not path.is_file():
        return ()
    held = (Input(**item) for item in read_manifest(path)["inputs"])
    return tuple(item for item in held if item.name.startswith(f"{LOADED}/{release}/"))


def _rows(store: Store, section: str) -> list[dict[str, Any]]:
    query = files(__package__).joinpath(f"manifest-{section}.rq").read_text(encoding="utf-8")
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    names = [variable.value for variable in answer.variables]
    rows = [{name: _plain(row[name]) for name in names if row[name] is not None} for row in answer]
    return sorted(rows, key=json.dumps)


def _plain(term: Any) -> str | int:
    if isinstance(term, NamedNode):
        return word(term.value) or compact(term.value)
    if isinstance(term, Literal) and term.datatype.value == f"{prefixes()['xsd']}integer":
        return int(term.value)
    return str(term.value)
