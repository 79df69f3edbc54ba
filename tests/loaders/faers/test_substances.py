"""What drugs are called, and what they are."""

import csv
from collections import defaultdict
from functools import partial
from pathlib import Path

import pytest

from evikg.loaders.faers import readings
from evikg.loaders.faers.names import Origin, keep_names, kept_origin, look_up
from evikg.loaders.faers.substances import NOT_NAMED, DrugName, Meant, standardise
from evikg.loaders.faults import EvidenceError

DATA = Path(__file__).parents[2] / "data" / "faers"
#: The names of some substances in the release of UNII names that the project reads.
UNII = DATA / "UNII_Names.txt"
INO, BLINATUMOMAB = "P93RUU11P7", "4FR53SIF3A"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    keep_names(folder, UNII)
    return folder


def meant(kept: Path, *names: tuple[str, str]) -> list[Meant]:
    return standardise([DrugName(*name, rows=1) for name in names], partial(look_up, kept))


def one(kept: Path, drugname: str, prod_ai: str = "") -> tuple[list[str], str]:
    [found] = meant(kept, (drugname, prod_ai))
    return [substance.name for substance in found.substances], found.how


@pytest.mark.parametrize(
    "name",
    ["Inotuzumab ozogamicin", "BESPONSA", "CMC-544", "PF-05208773", "WAY-207294", "besponsa.",
     "INOTUZUMAB OZOGAMICIN (INOTUZUMAB OZOGAMICIN)", "BESPONSA /07423501/", "Besponsa 0.9mg",
     "INOTUZUMAB  OZOGAMICIN INJECTION 1.8 MG/M2", "BESPONSA (INOTUZUMAB OZOGAMICIN)"],
)  # fmt: skip
def test_every_name_of_inotuzumab_ozogamicin_is_it(kept: Path, name: str) -> None:
    # FDA UNII names: P93RUU11P7 has BESPONSA, CMC-544, PF-05208773 and WAY-207294.
    [found] = meant(kept, (name, ""))
    assert [substance.unii for substance in found.substances] == [INO]


def test_drugs_of_the_real_quarter_come_out_right(kept: Path) -> None:
    # Rows of the published table of primary suspects of 2022 Q3, counted in it.
    with (DATA / "drugs-2022q3.csv").open(newline="") as file:
        names = [DrugName(row["drug"], "", int(row["rows"])) for row in csv.DictReader(file)]
    rows: defaultdict[tuple[str | None, ...], int] = defaultdict(int)
    for each in standardise(names, partial(look_up, kept)):
        rows[tuple(substance.unii for substance in each.substances)] += each.name.rows
    assert rows[(INO,)] == 13 + 15  # Inotuzumab ozogamicin, Besponsa
    assert rows[(BLINATUMOMAB,)] == 69 + 120  # Blinatumomab, Blincyto
    assert rows[(None,)] == 30 + 104  # Device, Magnesium citrate lemon


@pytest.mark.parametrize(
    ("name", "substances", "how"),
    [
        (("SITAGLIPTIN PHOSPHATE", ""), ["SITAGLIPTIN"], "unii"),
        (("JANUVIA", ""), ["SITAGLIPTIN"], "brand"),
        (("JANUVIA", "SITAGLIPTIN PHOSPHATE"), ["SITAGLIPTIN"], "ingredient"),
        (("METHOTREXATE HCL", ""), ["METHOTREXATE"], "salt"),
        (("SODIUM VALPROATE TRIHYDRATE", ""), ["VALPROIC ACID"], "salt"),
        # No salt of a drug, but a drug: what is left would name an element.
        (("CALCIUM CARBONATE", ""), ["CALCIUM CARBONATE"], "unii"),
        # An ester is a substance of its own.
        (("Fluticasone propionate", ""), ["FLUTICASONE PROPIONATE"], "unii"),
        # The racemate, not one of its forms, which differ by a sign.
        (("IBUPROFEN.", ""), ["IBUPROFEN"], "unii"),
        (("IBUPROFEN, (-)-", ""), ["IBUPROFEN, (-)-"], "unii"),
        # Combinations: as the FDA parts them, and as reports do.
        (("PERCOCET", r"ACETAMINOPHEN\OXYCODONE HYDROCHLORIDE"), ["ACETAMINOPHEN", "OXYCODONE"],
         "ingredient"),
        ((r"Carbidopa\levodopa", ""), ["CARBIDOPA", "LEVODOPA"], "unii"),
        (("LAMIVUDINE W/ZIDOVUDINE", ""), ["LAMIVUDINE", "ZIDOVUDINE"], "unii"),
        (("Buprenorphine and naloxone sublingual film", ""), ["BUPRENORPHINE", "NALOXONE"], "unii"),
        (("Paxlovid", ""), ["NIRMATRELVIR", "RITONAVIR"], "brand"),
        (("X", r"ASPIRIN\UNHEARD OF"), ["ASPIRIN", "UNHEARD OF"], "ingredient"),
        # D3 is a name of a receptor too: what is too short to be a name is no part.
        (("CALCIUM/D3", r"CALCIUM\CHOLECALCIFEROL"), ["CALCIUM", "CHOLECALCIFEROL"], "ingredient"),
        # As reports of 2004 name drugs (aers_ascii_2004q1).
        (("MOPRAL(OMEPRAZOLE) CAPSULE, 20MG", ""), ["OMEPRAZOLE"], "ingredient"),
        (("PIRITON (CHLORPHENAMINE MALEATE)", ""), ["CHLORPHENIRAMINE"], "ingredient"),
        (("ZOCORD(SIMVASTATIN) TABLET, IU", ""), ["SIMVASTATIN"], "ingredient"),
        # A name of a substance is trusted before the ingredient, this before a brand.
        (("ASPIRIN", "SIMVASTATIN"), ["ASPIRIN"], "unii"),
        (("BESPONSA", "SIMVASTATIN"), ["SIMVASTATIN"], "ingredient"),
        (("BESPONSA", "UNSPECIFIED INGREDIENT"), ["INOTUZUMAB OZOGAMICIN"], "brand"),
        # What is unknown stays, in its normal form.
        (("Foomycin 20 mg tablets", ""), ["FOOMYCIN"], "unmapped"),
        (("FOOMYCIN", "VITAMINS"), ["VITAMINS"], "unmapped"),
        (("TABLET", ""), ["TABLET"], "unmapped"),
        (("???", ""), ["???"], "unmapped"),
        (("", ""), [NOT_NAMED], "unmapped"),
    ],
)  # fmt: skip
def test_a_drug_is_what_the_most_trusted_name_says(
    kept: Path, name: tuple[str, str], substances: list[str], how: str
) -> None:
    assert one(kept, *name) == (substances, how)


def test_ingredients_that_reports_agree_on_speak_for_those_that_give_none(kept: Path) -> None:
    names = [
        DrugName("TRADOL", "ASPIRIN", 19), DrugName("Tradol.", "SIMVASTATIN", 1),
        DrugName("TRADOL 20 MG", "", 1),
        DrugName("VAGUE", "ASPIRIN", 18), DrugName("VAGUE", "SIMVASTATIN", 2),
        DrugName("VAGUE TAB", "", 1),
    ]  # fmt: skip
    found = {each.name: each for each in standardise(names, partial(look_up, kept))}
    assert [s.name for s in found[names[2]].substances] == ["ASPIRIN"]
    assert found[names[2]].how == "paired"  # 19 of 20 rows, 95 %
    assert found[names[5]].how == "unmapped"  # 18 of 20


def test_a_name_that_substances_share_is_not_guessed(tmp_path: Path) -> None:
    # Invented names; the columns of the file are the FDA's.
    rows = [
        ("Name", "TYPE", "UNII", "Display Name"),
        ("SHARED", "cn", "AAAAAAAAA1", "FIRST"), ("SHARED", "cn", "AAAAAAAAA2", "SECOND"),
        ("FIRST", "of", "AAAAAAAAA1", "FIRST"), ("SECOND", "of", "AAAAAAAAA2", "SECOND"),
        ("TWICE", "of", "AAAAAAAAA1", "FIRST"), ("TWICE", "cd", "AAAAAAAAA2", "SECOND"),
        ("BRANDY", "bn", "AAAAAAAAA1", "FIRST"), ("BRANDY", "bn", "AAAAAAAAA2", "SECOND"),
        ("SALTY", "bn", "AAAAAAAAA1", "FIRST"), ("SALTY", "bn", "AAAAAAAAA3", "FIRST SODIUM"),
    ]  # fmt: skip
    file = tmp_path / "UNII_Names.txt"
    file.write_text("".join("\t".join(row) + "\n" for row in rows))
    keep_names(tmp_path, file)
    assert one(tmp_path, "SHARED") == (["SHARED"], "unmapped")
    assert one(tmp_path, "BRANDY") == (["BRANDY"], "unmapped")
    assert one(tmp_path, "TWICE") == (["FIRST"], "unii")  # official of one, a code of the other
    assert one(tmp_path, "SALTY") == (["FIRST"], "brand")  # of a base and its salt


def test_without_unii_names_a_drug_is_its_ingredient_or_its_name() -> None:
    names = [
        DrugName("BESPONSA", "INOTUZUMAB OZOGAMICIN", 3), DrugName("Besponsa", "", 1),
        DrugName("ASPIRIN 100 MG TABLETS", "", 1), DrugName("X", r"B\A\B", 1),
    ]  # fmt: skip
    found = [([s.name for s in each.substances], each.how) for each in standardise(names)]
    assert found == [
        (["INOTUZUMAB OZOGAMICIN"], "ingredient"), (["INOTUZUMAB OZOGAMICIN"], "paired"),
        (["ASPIRIN"], "unmapped"), (["B", "A"], "ingredient"),
    ]  # fmt: skip


def test_names_are_read_once(kept: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    first = keep_names(tmp_path, UNII, lines.append)
    assert first == kept_origin(tmp_path) == kept_origin(kept)
    assert first.substances == len(
        {line.split("\t")[2] for line in UNII.read_text().splitlines()[1:]}
    )
    lines.clear()
    assert keep_names(tmp_path, UNII, lines.append) == first and not lines


def test_a_file_at_fault_leaves_the_names_kept_before(tmp_path: Path) -> None:
    before: Origin = keep_names(tmp_path, UNII)
    wrong = tmp_path / "UNII_Names.txt"
    wrong.write_text("Name\tTYPE\tUNII\tDisplay Name\nX\tof\tP93RUU11P7\n")
    with pytest.raises(EvidenceError, match="expected 4 columns, found 3"):
        keep_names(tmp_path, wrong)
    assert kept_origin(tmp_path) == before


def test_salts_are_words_of_their_own() -> None:
    assert list(readings.saltless("DESVENLAFAXINE SUCCINATE MONOHYDRATE"))[-1] == "DESVENLAFAXINE"
    assert list(readings.saltless("POTASSIUM CHLORIDE")) == []
    assert list(readings.saltless("PHOSPHATED")) == []
