"""Quirks of the published files, one a test; what must come out is written down by hand."""

from pathlib import Path

import pytest

from evikg.loaders.faers.counts import Counts
from evikg.loaders.faers.dates import digits
from evikg.loaders.faers.loading import load
from evikg.loaders.faers.mending import (
    AMBIGUOUS,
    BROKEN,
    CONTROL,
    ENCODING,
    GLUED,
    NO_END,
    NO_KEY,
    STRAY,
    TOO_FEW,
    TOO_MANY,
)

from .written import HEADERS, ROWS, kept, tables, unpacked

AERS_DRUG = (
    "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME$VAL_VBM$ROUTE$DOSE_VBM$DECHAL$RECHAL$LOT_NUM$EXP_DT$NDA_NUM"
)
AERS_DEMO = (
    "ISR$CASE$I_F_COD$FOLL_SEQ$IMAGE$EVENT_DT$MFR_DT$FDA_DT$REPT_COD$MFR_NUM$MFR_SNDR$AGE$AGE_COD"
    "$GNDR_COD$E_SUB$WT$WT_COD$REPT_DT$OCCP_COD$DEATH_DT$TO_MFR$CONFID$REPORTER_COUNTRY"
)
AERS = {
    "demo": f"{AERS_DEMO}\r\n650001$7$I$$650001-1$$$20120101$EXP$A-1$B$$$F$Y$$$20120101$MD$$$$US$\r\n",
    "drug": f"{AERS_DRUG}\r\n650001$1$PS$ASPIRIN$1$ORAL$$$$$$$\r\n",
    "reac": "ISR$PT\r\n650001$PAIN$\r\n",
    "outc": "ISR$OUTC_COD\r\n650001$HO$\r\n",
    "rpsr": "ISR$RPSR_COD\r\n650001$HP$\r\n",
    "ther": "ISR$DRUG_SEQ$START_DT$END_DT$DUR$DUR_COD\r\n650001$1$20110101$$$$\r\n",
    "indi": "ISR$DRUG_SEQ$INDI_PT\r\n650001$1$FEVER\r\n",
}


def aers(place: Path, table: str, rows: str | bytes, quarter: str) -> tuple[Counts, Path]:
    """Read a quarter of AERS of which one table has more rows."""
    more = rows if isinstance(rows, bytes) else rows.encode()
    data = {name: text.encode() for name, text in AERS.items()} | {
        table: AERS[table].encode() + more
    }
    files = {f"ascii/{name.upper()}{quarter}.TXT": text for name, text in data.items()}
    loaded = load([unpacked(place / "in", files)], place / "kept")
    return loaded.counts[f"20{quarter.lower()}"][table], place / "kept"


def faers(place: Path, table: str, rows: str | bytes) -> tuple[Counts, list[dict[str, object]]]:
    """Read a quarter of FAERS of which one table has more rows; return those of them kept."""
    more = rows if isinstance(rows, bytes) else rows.encode()
    data = f"{HEADERS[table]}\n{ROWS[table]}\n".encode() + more
    loaded = load([unpacked(place / "in", tables(**{table: data}))], place / "kept")
    return loaded.counts["2022q4"][table], kept(place / "kept", table)[1:]


#: Rows of DRUG10Q2 and DRUG11Q2 to DRUG11Q4 as published: two in one line, the end of a line lost.
IN_ONE_LINE = {
    "10Q2": "6750381$1013798159$SS$MORPHINE SULFATE$1$ORAL$30 MG, TID, ORAL$D$D$$$$"
    "6750381$1013798165$C$KADIAN$1$$$$$$$$\r\n",
    "11Q3": "7652730$1017255397$SS$BEVACIZUMAB (RHUMAB VEGF)$2$$920 MG$$$$$$"
    "7652731$1017185840$PS$DYSPORT$1$INTRAMUSCULAR$150 UNITS (150 UNITS, SINGLE CYCLE),"
    " INTRAMUSCULAR$N$D$825C$$$\r\n",
    "11Q4": "7941354$1018188213$SS$MEMANTINE HYDROCHLORIDE$1$ORAL$15 MG (15 MG, 1 IN 1 D),ORAL$D$D"
    "$$$$7941355$1018142414$SS$DROSPIRENONE AND ETHINYL ESTRADIOL$1$$UNK$$$93657A$$021098$\r\n",
}


@pytest.mark.parametrize("quarter", IN_ONE_LINE)
def test_two_rows_in_one_line_are_two(tmp_path: Path, quarter: str) -> None:
    counts, place = aers(tmp_path, "drug", IN_ONE_LINE[quarter], quarter)
    found = {
        (row["primaryid"], row["drug_seq"], row["drugname"], row.get("lot_num"), row.get("nda_num"))
        for row in kept(place, "drug", f"20{quarter.lower()}")[1:]
    }
    assert found == {
        "10Q2": {(6750381, 1013798159, "MORPHINE SULFATE", None, None),
                 (6750381, 1013798165, "KADIAN", None, None)},
        "11Q3": {(7652730, 1017255397, "BEVACIZUMAB (RHUMAB VEGF)", None, None),
                 (7652731, 1017185840, "DYSPORT", "825C", None)},
        "11Q4": {(7941354, 1018188213, "MEMANTINE HYDROCHLORIDE", None, None),
                 (7941355, 1018142414, "DROSPIRENONE AND ETHINYL ESTRADIOL", "93657A", "021098")},
    }[quarter]  # fmt: skip
    assert (counts.read, counts.kept, counts.mended) == (3, 3, 2)
    assert counts.mended_by_reason == {GLUED: 2}


def test_a_separator_in_the_number_of_a_manufacturer_is_part_of_it(tmp_path: Path) -> None:
    # The row of DEMO12Q1 as published.
    row = (
        "8129732$8401177$I$$8129732-9$20120126$20120206$20120210$EXP$JP-CUBIST-$E2B0000000182"
        "$CUBIST PHARMACEUTICALS, INC.$85$YR$M$Y$$$20120210$PH$$$$JAPAN$\r\n"
    )
    counts, place = aers(tmp_path, "demo", row, "12Q1")
    assert kept(place, "demo", "2012q1")[1] == {
        "primaryid": 8129732, "caseid": 8401177, "i_f_code": "I", "image": "8129732-9",
        "event_dt": "20120126", "mfr_dt": "20120206", "fda_dt": "20120210", "rept_cod": "EXP",
        "mfr_num": "JP-CUBIST-$E2B0000000182", "mfr_sndr": "CUBIST PHARMACEUTICALS, INC.",
        "age": "85", "age_cod": "YR", "sex": "M", "e_sub": "Y", "rept_dt": "20120210",
        "occp_cod": "PH", "reporter_country": "JAPAN",
    }  # fmt: skip
    assert counts.mended_by_reason == {STRAY: 1}


def test_a_row_may_go_on_in_the_next_lines(tmp_path: Path) -> None:
    rows = (
        "650002$2$SS$BRO\r\nKEN$1$ORAL$10 MG\n\r\n DAILY$D$D$$$$\r\n"
        "650003$3$C$IN THE LAST$1$$$$$$$NDA\n1$\r\n"
        "650004$4$C$AT A SEPARATOR$1$\n$$$$$$$\r\n"
        "650005\n$5$C$AFTER ITS NUMBER$1$$$$$$$$\r\n"
        "650006$\n6$C$AFTER ITS SEPARATOR$1$$$$$$$$\r\n"
    )
    counts, place = aers(tmp_path, "drug", rows, "05Q1")
    found = [
        (row["primaryid"], row["drugname"], row.get("dose_vbm"), row.get("nda_num"))
        for row in kept(place, "drug", "2005q1")[1:]
    ]
    assert found == [
        (650002, "BRO KEN", "10 MG DAILY", None),
        (650003, "IN THE LAST", None, "NDA 1"),
        (650004, "AT A SEPARATOR", None, None),
        (650006, "AFTER ITS SEPARATOR", None, None),
    ]
    # A number alone may be the end of a text: it begins nothing.
    assert (counts.read, counts.kept) == (7, 5)
    assert counts.mended_by_reason == {BROKEN: 4}
    assert counts.rejected == {NO_KEY: 2}


def test_a_row_of_faers_may_go_on_after_its_last_separator(tmp_path: Path) -> None:
    rows = "22222221$2222222$1$Product used for\nunknown indication\n33333331$3333333$1$Pain\nstray$line\n"
    counts, found = faers(tmp_path, "indi", rows)
    assert [row["indi_pt"] for row in found] == ["Product used for unknown indication", "Pain"]
    assert (counts.read, counts.kept, counts.rejected) == (4, 3, {NO_KEY: 1})
    assert counts.examples == [f"6: {NO_KEY}"]


def test_separators_in_text_are_told_by_what_stands_around(tmp_path: Path) -> None:
    rows = (
        "22222221$2222222$1$C$DRUG AT $5$$1$Oral$$$$$U$$$$10$MG$Tablet$QD\n"
        "22222221$2222222$2$C$DRUG$$1$Oral$COSTS A $ A DAY$$$$U$$$$10$MG$Tablet$QD\n"
        "22222221$2222222$3$C$DRUG$$1$Oral$$$$$$$$$$$$$$\n"
        "22222221$2222222$4$C$DRUG\n"
    )
    counts, found = faers(tmp_path, "drug", rows)
    assert [(row["drugname"], row.get("dose_vbm")) for row in found] == [
        ("DRUG AT $5", None), ("DRUG", "COSTS A $ A DAY"),
    ]  # fmt: skip
    assert counts.rejected == {AMBIGUOUS: 1, TOO_FEW: 1}
    assert counts.examples == [f"5: {AMBIGUOUS}", f"6: {TOO_FEW}"]
    assert (counts.read, counts.kept, counts.mended) == (5, 3, 2)


def test_fields_that_cannot_be_told_apart_are_not_guessed(tmp_path: Path) -> None:
    counts, found = faers(tmp_path, "reac", "22222221$2222222$Pain$Fever$Chills\n")
    assert found == []
    assert counts.rejected == {TOO_MANY: 1}


def test_numbers_are_numbers_of_64_bits(tmp_path: Path) -> None:
    row = "$3333333$1$C$X$$2$$$$$$$$$$$$$\n"
    counts, found = faers(tmp_path, "drug", f"{10**19}{row}{10**18 - 1}{row}")
    assert [row["primaryid"] for row in found] == [10**18 - 1]
    assert counts.rejected == {NO_KEY: 1}


def test_text_is_utf_8_or_windows_1252_line_by_line(tmp_path: Path) -> None:
    rows = "22222221$2222222$1$Ménière\n".encode() + b"33333331$3333333$1$Sj\xf6gren\x92s \x81\n"
    counts, found = faers(tmp_path, "indi", rows)
    assert [row["indi_pt"] for row in found] == ["Ménière", "Sjögren’s \x81"]
    assert (counts.mended, counts.mended_by_reason) == (1, {ENCODING: 1})


def test_nul_and_carriage_return_are_no_text(tmp_path: Path) -> None:
    counts, found = faers(
        tmp_path,
        "indi",
        b"22222221$2222222$1$N\0UL\n33333331$3333333$1$car\rriage\n44444441$4444444$1$both\r\n",
    )
    assert [row["indi_pt"] for row in found] == ["NUL", "car riage", "both"]
    assert counts.mended_by_reason == {CONTROL: 2}


def test_a_row_of_aers_may_lack_its_end(tmp_path: Path) -> None:
    counts, place = aers(tmp_path, "reac", "650002$NAUSEA\r\n650003$VOMITING$\r\n", "04Q2")
    assert [row["pt"] for row in kept(place, "reac", "2004q2")] == ["PAIN", "NAUSEA", "VOMITING"]
    assert counts.mended_by_reason == {NO_END: 1}


def test_quotation_marks_are_text(tmp_path: Path) -> None:
    # As in DRUG12Q4.
    row = '2$2$1$C$"VITAMINS" (NOS)$$2$$$$$$$$$$$$$\n33333331$3333333$1$C$5" NAIL$$2$$$$$$$$$$$$$\n'
    counts, found = faers(tmp_path, "drug", row)
    assert [row["drugname"] for row in found] == ['"VITAMINS" (NOS)', '5" NAIL']
    assert (counts.kept, counts.mended) == (3, 0)


def test_dates_that_are_none_are_counted_and_left_out(tmp_path: Path) -> None:
    rows = "22222221$2222222$1$20220230$2022$$\n33333331$3333333$1$2022-06-03$202213$$\n44444441$4444444$1$202202$unknown$$\n"
    counts, found = faers(tmp_path, "ther", rows)
    assert [(row.get("start_dt"), row.get("end_dt")) for row in found] == [
        (None, "2022"), ("20220603", None), ("202202", None),
    ]  # fmt: skip
    assert counts.dates == {"start_dt": 1, "end_dt": 2}
    assert (counts.kept, counts.rejected) == (4, {})


@pytest.mark.parametrize(
    ("text", "date"),
    [("20240229", "20240229"), ("20230229", None), ("0", None), ("19", None), ("２０２２", None),
     ("99991231", None), ("00010101", None), ("202200", None), (" 2022 ", "2022")],
)  # fmt: skip
def test_a_date_is_a_day_of_the_calendar_or_a_part_of_one(text: str, date: str | None) -> None:
    assert digits(text) == date


@pytest.mark.parametrize("table", HEADERS)
def test_headers_may_be_in_capitals_with_a_mark_spaces_and_other_spellings(
    tmp_path: Path, table: str
) -> None:
    # 2012 Q4 has a byte order mark, ` rept_dt`, `lot_nbr` and `outc_code`.
    other = HEADERS[table].upper().replace("LOT_NUM", "LOT_NBR").replace("OUTC_COD", "OUTC_CODE")
    other = other.replace("REPT_DT", " REPT_DT").replace("$SEX$", "$GNDR_COD$")
    data = b"\xef\xbb\xbf" + f"{other}\r\n{ROWS[table]}\r\n".encode()
    load([unpacked(tmp_path / "odd", tables(**{table: data}))], tmp_path / "1")
    load([unpacked(tmp_path / "even", tables())], tmp_path / "2")
    assert kept(tmp_path / "1", table) == kept(tmp_path / "2", table) != []


def test_a_table_without_its_header_has_that_of_its_quarter(tmp_path: Path) -> None:
    data = f"{ROWS['demo']}\n{ROWS['demo'].replace('1234567', '7654321')}\n".encode()
    load([unpacked(tmp_path / "in", tables(demo=data))], tmp_path / "kept")
    found = kept(tmp_path / "kept", "demo")
    assert [(row["caseid"], row["occr_country"]) for row in found] == [
        (1234567, "US"), (7654321, "US"),
    ]  # fmt: skip


def test_a_column_that_is_new_is_left_out_and_said(tmp_path: Path) -> None:
    data = f"{HEADERS['outc']}$severity\n{ROWS['outc']}$3\n".encode()
    loaded = load([unpacked(tmp_path / "in", tables(outc=data))], tmp_path / "kept")
    assert loaded.counts["2022q4"]["outc"].kept == 1
    assert "severity" in (tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "cases"),
    [
        ("deleted/ADR22Q4DeletedCases.txt", " \r\n11\r\n12\r\n11\r\n", [11, 12]),
        ("DELETED/22Q4DeletedCases.txt", "11$111\n12$121", [11, 12]),
        ("Deleted/DELETE22Q4.txt", "PRIMARYID$CASEID\n111$11\n121$12\n", [11, 12]),
        ("deleted/AllDeletedCases.txt", "CASEID\n11\nnone\n", [11]),
    ],
)  # fmt: skip
def test_lists_of_deleted_cases_have_many_names_and_forms(
    tmp_path: Path, name: str, text: str, cases: list[int]
) -> None:
    files = tables() | {name: text.encode()}
    load([unpacked(tmp_path / "in", files)], tmp_path / "kept")
    assert [row["caseid"] for row in kept(tmp_path / "kept", "deleted")] == cases


def test_demo_18q1_new_stands_for_demo_18q1(tmp_path: Path) -> None:
    new = f"{HEADERS['demo']}\n{ROWS['demo']}\n".encode()
    files = tables("18Q1", demo=b"broken") | {"ASCII/DEMO18Q1_new.txt": new}
    load([unpacked(tmp_path / "in", files)], tmp_path / "kept")
    assert kept(tmp_path / "kept", "demo", "2018q1")[0]["caseid"] == 1234567
