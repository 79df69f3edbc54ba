"""Where mapping sets are and what their files are called."""

import re
from importlib.resources import files
from pathlib import Path


def shipped_mappings() -> list[Path]:
    """Return the mapping sets that are installed with the package, by name."""
    folder = Path(str(files("evikg.ontology").joinpath("mappings")))
    return sorted(folder.glob("*.sssom.tsv"))


def slug_of(path: Path) -> str:
    """Return the name of a set in the graph, by its file: lower case, digits and hyphens.

    >>> slug_of(Path("mondo_exactmatch_mesh.sssom.tsv.gz"))
    'mondo-exactmatch-mesh'
    """
    name = re.sub(r"(\.sssom)?(\.tsv)?(\.gz|\.zst)?$", "", path.name.lower())
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "mappings"


def metadata_file(path: Path) -> Path | None:
    """Return the file beside a set that holds its metadata, if there is one.

    It has the name of the set and ends `.sssom.yml` (SSSOM/TSV, "External metadata mode"), or
    `.sssom.yaml`, `.yml`, `.yaml`.
    """
    base = re.sub(r"(\.sssom)?(\.tsv)?(\.gz|\.zst)?$", "", path.name)
    for suffix in (".sssom.yml", ".sssom.yaml", ".yml", ".yaml"):
        beside = path.with_name(base + suffix)
        if base and beside.is_file():
            return beside
    return None
