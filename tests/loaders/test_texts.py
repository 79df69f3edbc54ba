"""Files of texts: faults stand where they begin, counted by hand."""

from pathlib import Path

import pytest

from evikg.loaders.faults import EvidenceError
from evikg.loaders.review import read_review
from evikg.loaders.texts import read_column


def test_a_quote_that_is_never_closed_is_told_where_its_row_begins(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text('name\nsepsis\n"acute\nfever\nrash\n', encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        read_column(path, "name")
    (fault,) = caught.value.faults
    assert fault.line == 3
    assert "never closed" in str(fault)


def test_a_byte_that_is_not_utf8_is_shown_as_a_number(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_bytes(b"name\nf\xf6hn\n")
    with pytest.raises(EvidenceError) as caught:
        read_column(path, "name")
    assert str(caught.value).startswith(f"{path}:2:2: is not UTF-8: byte 0xf6;")


@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n<html>", "\n<HTML lang='en'>"])
def test_a_web_page_is_called_one(tmp_path: Path, start: str) -> None:
    path = tmp_path / "review.sssom.tsv"
    path.write_text(start, encoding="utf-8")
    with pytest.raises(EvidenceError, match="is a web page"):
        read_review(path)
