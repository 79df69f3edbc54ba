"""What the packages read stands in what is installed, not only in the folders it is written in."""

from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = "ontology analysis figures graph loaders queries server cli evidence".split()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_installed(package: str) -> None:
    installed = files(f"evikg.{package}")
    beside = [
        path.relative_to(ROOT / package)
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert beside
    assert [str(path) for path in beside if not installed.joinpath(*path.parts).is_file()] == []
