"""A MedDRA release that the user supplies. All terms are invented: MedDRA must not be copied."""

from pathlib import Path

import pytest

from evikg.loaders.faers.making import Choices
from evikg.loaders.faers.meddra import Place, read_meddra
from evikg.loaders.faers.reports import open_reports, prepare
from evikg.loaders.faults import EvidenceError

from .kept import keep, read

#: Ibis asks DuckDB 2 by a name that DuckDB has given up.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
#: Rows in the columns of the MedDRA Distribution File Format Document, ended by `$`.
RELEASE = {
    "llt.asc": ["101$Glum toe$11$$$$$$$Y$$", "102$Toe, glum$11$$$$$$$Y$$", "103$Wry ear$12$$$$$$$Y$$"],
    "pt.asc": ["11$Glum toe$$91$$$$$$$$", "12$Wry ear$$92$$$$$$$$"],
    "mdhier.asc": [
        "11$31$41$92$Glum toe$Toes$Limbs$Ear tales$Ear$$91$N$",
        "11$32$42$91$Glum toe$Moods$Minds$Toe tales$Toe$$91$Y$",
        "12$33$43$92$Wry ear$Ears$Heads$Ear tales$Ear$$92$Y$",
    ],
}  # fmt: skip


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release" / "MedAscii"
    folder.mkdir(parents=True)
    for name, rows in RELEASE.items():
        (folder / name).write_text("".join(f"{row}\r\n" for row in rows))
    return folder


def test_a_term_has_its_preferred_term_and_the_primary_organ_class_of_that(release: Path) -> None:
    toe, ear = Place("Glum toe", "Toe tales"), Place("Wry ear", "Ear tales")
    expected = {"glum toe": toe, "toe, glum": toe, "wry ear": ear}
    assert read_meddra(release) == read_meddra(release.parent) == expected


def test_terms_of_reports_are_placed_and_unknown_ones_are_not(
    tmp_path: Path, release: Path
) -> None:
    terms = ("TOE, GLUM", "Wry ear", "Blue nose")
    rows = [{"primaryid": 1, "pt": term} for term in terms]
    keep(tmp_path, "2022q4", demo=[{"primaryid": 1, "caseid": 1}], reac=rows)
    prepare(tmp_path, choices=Choices(meddra=release))
    found = {
        row["term"]: (row["preferred_term"], row["organ_class"])
        for row in read(open_reports(tmp_path).terms)
    }
    assert found == {
        "TOE, GLUM": ("Glum toe", "Toe tales"), "Wry ear": ("Wry ear", "Ear tales"),
        "Blue nose": (None, None),
    }  # fmt: skip


def test_all_faults_of_a_release_are_told(release: Path) -> None:
    (release / "pt.asc").unlink()
    (release / "llt.asc").write_text("101$Glum toe$11$\nno columns\n")
    with pytest.raises(EvidenceError) as caught:
        read_meddra(release)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("llt.asc:2:1: 'no columns': expected 3 columns parted by $, found 1")
    assert "pt.asc: cannot be read: No such file or directory" in lines[1]
