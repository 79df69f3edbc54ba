"""What the packages read stands in what is installed, not only in the folders it is written in."""

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = "ontology analysis figures graph loaders queries server cli evidence".split()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_installed(package: str) -> None:
    installed = [Path(place) for place in import_module(f"evikg.{package}").__path__]
    beside = [
        path.relative_to(ROOT / package)
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert beside
    assert [str(p) for p in beside if not any((place / p).is_file() for place in installed)] == []
