"""Which endpoints there are: the shipped `endpoints.yaml`, and a user's file on top of it.

A user's file has the same form. An entry of a known name changes the keys it names; an entry of a
new name needs `url` and `shape`. The file is the one given, else the one `$EVIKG_ENDPOINTS` names,
else `endpoints.yaml` in the user's configuration folder.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

#: Names the user's file of endpoints where no option does.
ENDPOINTS_VARIABLE = "EVIKG_ENDPOINTS"
SHAPES = ("mesh", "ubergraph", "wikidata")
_KEYS = {"title", "url", "shape", "parameters", "identifiers", "max_rows"}


class EndpointsError(ValueError):
    """A file of endpoints has faults, one a line."""


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL endpoint; `identifiers` maps CURIE prefixes to the properties that hold them.

    `max_rows` is where it cuts an answer off without a word; 0 where no such limit is known.
    """

    name: str
    url: str
    shape: str
    title: str
    parameters: Mapping[str, str]
    identifiers: Mapping[str, Sequence[str]]
    max_rows: int = 0


@dataclass(frozen=True)
class Settings:
    """The endpoints by name, and whom an endpoint's operator may write to."""

    endpoints: Mapping[str, Endpoint]
    contact: str = ""

    @cached_property
    def by_shipped_url(self) -> Mapping[str, Endpoint]:
        """Return the endpoints by the address a `SERVICE` clause names them with."""
        known = {e.url: e for e in self.endpoints.values()}
        for name, shipped in read_shipped().endpoints.items():
            if name in self.endpoints:
                known[shipped.url] = self.endpoints[name]
        return known


def check_url(url: str) -> str:
    """Return what is wrong with the address of an endpoint; empty if nothing is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        return f"{url!r}, which is no URL: {error}"
    if parts.scheme not in ("http", "https"):
        return f"{url!r}, which is not http or https"
    return "" if host else f"{url!r}, which names no host"


def read_shipped() -> Settings:
    """Return the endpoints that ship with EviKG."""
    text = files(__package__).joinpath("endpoints.yaml").read_text(encoding="utf-8")
    return _merged(Settings({}), yaml.safe_load(text), "endpoints.yaml")


def user_file() -> Path | None:
    """Return the user's file of endpoints; None if there is none."""
    if named := os.environ.get(ENDPOINTS_VARIABLE):
        return Path(named)
    from platformdirs import user_config_path

    path = Path(user_config_path("evikg")) / "endpoints.yaml"
    return path if path.exists() else None


def read_settings(path: Path | None = None) -> Settings:
    """Return the shipped endpoints with those of a user's file on top.

    :raises EndpointsError: if the file has faults; each is named
    :raises OSError: if the file cannot be read
    """
    path = path or user_file()
    shipped = read_shipped()
    if path is None:
        return shipped
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        words = " ".join(str(error).split())
        raise EndpointsError(f"{path}: is not YAML: {words}") from error
    return _merged(shipped, loaded if loaded is not None else {}, str(path))


def _merged(base: Settings, loaded: Any, place: str) -> Settings:
    faults: list[str] = []
    if not isinstance(loaded, dict):
        raise EndpointsError(f"{place}: expected names of endpoints, each with its url")
    endpoints = dict(base.endpoints)
    contact = base.contact
    for name, entry in loaded.items():
        if name == "contact":
            contact = str(entry)
            if not contact.isascii() or not contact.isprintable():
                faults.append("contact: expected a mail address or URL in ASCII")
        elif (endpoint := _endpoint(str(name), entry, base, faults)) is not None:
            endpoints[endpoint.name] = endpoint
    if faults:
        raise EndpointsError("\n".join(f"{place}: {fault}" for fault in faults))
    return replace(base, endpoints=endpoints, contact=contact)


def _endpoint(name: str, entry: Any, base: Settings, faults: list[str]) -> Endpoint | None:
    if not isinstance(entry, dict) or set(entry) - _KEYS:
        faults.append(f"{name}: expected the keys {', '.join(sorted(_KEYS))}")
        return None
    before = base.endpoints.get(name)
    given = {**(vars(before) if before else {}), **entry, "name": name}
    shape = given.get("shape")
    if shape not in SHAPES:
        faults.append(f"{name}: shape: expected {', '.join(SHAPES)}, not {shape!r}")
        return None
    # Another copy of a known service answers to the same identifiers.
    alike = next((e for e in base.endpoints.values() if e.shape == shape), None)
    given.setdefault("identifiers", alike.identifiers if alike else {})
    given.setdefault("parameters", {})
    given.setdefault("title", name)
    wrong = check_url(str(given.get("url", "")))
    if wrong:
        faults.append(f"{name}: url: is {wrong}")
    for key in ("parameters", "identifiers"):
        if not isinstance(given[key], Mapping):
            faults.append(f"{name}: {key}: expected names with values")
            return None
    max_rows = given.setdefault("max_rows", 0)
    if not isinstance(max_rows, int) or isinstance(max_rows, bool) or max_rows < 0:
        faults.append(f"{name}: max_rows: expected a whole number, not {max_rows!r}")
        return None
    if wrong:
        return None
    parameters = {str(key): str(value) for key, value in given["parameters"].items()}
    identifiers = {
        str(prefix): [str(item) for item in held or ()]
        for prefix, held in given["identifiers"].items()
    }
    return Endpoint(
        name, str(given["url"]), shape, str(given["title"]), parameters, identifiers, max_rows
    )
