"""Extracts that tests write: the tables of a small quarter, changed as a test says."""

import zipfile
from pathlib import Path

import pyarrow.parquet as pq

DATA = Path(__file__).parents[2] / "data" / "faers"
AERS, FAERS_2017, FAERS_2022 = (
    DATA / name
    for name in ("aers_ascii_2004q1.zip", "faers_ascii_2017q2.zip", "faers_ascii_2022Q4.zip")
)

#: Headers as published by the FDA: ASC_NTS of 2022 Q4, section D.
HEADERS = {
    "demo": "primaryid$caseid$caseversion$i_f_code$event_dt$mfr_dt$init_fda_dt$fda_dt$rept_cod"
    "$auth_num$mfr_num$mfr_sndr$lit_ref$age$age_cod$age_grp$sex$e_sub$wt$wt_cod$rept_dt$to_mfr"
    "$occp_cod$reporter_country$occr_country",
    "drug": "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai$val_vbm$route$dose_vbm"
    "$cum_dose_chr$cum_dose_unit$dechal$rechal$lot_num$exp_dt$nda_num$dose_amt$dose_unit$dose_form"
    "$dose_freq",
    "reac": "primaryid$caseid$pt$drug_rec_act",
    "outc": "primaryid$caseid$outc_cod",
    "rpsr": "primaryid$caseid$rpsr_cod",
    "ther": "primaryid$caseid$dsg_drug_seq$start_dt$end_dt$dur$dur_cod",
    "indi": "primaryid$caseid$indi_drug_seq$indi_pt",
}
#: One report, 12345671, that all tables tell of.
ROWS = {
    "demo": "12345671$1234567$1$I$20220801$20220910$20220901$20221001$EXP$$US-X-1$PFIZER$$61$YR$A$F"
    "$Y$70$KG$20221001$$MD$US$US",
    "drug": "12345671$1234567$1$PS$BESPONSA$INOTUZUMAB OZOGAMICIN$1$Intravenous drip$1.8 mg/m2$$$N"
    "$U$$$761040$1.8$MG/M**2$$QW",
    "reac": "12345671$1234567$Venoocclusive liver disease$",
    "outc": "12345671$1234567$HO",
    "rpsr": "12345671$1234567$HP",
    "ther": "12345671$1234567$1$20220701$202208$$",
    "indi": "12345671$1234567$1$Acute lymphocytic leukaemia",
}


def tables(quarter: str = "22Q4", **changed: bytes | None) -> dict[str, bytes]:
    """Return the files of a quarter by name; `changed` tables stand instead, None is left out."""
    made = {}
    for name, header in HEADERS.items():
        data = changed.get(name, f"{header}\n{ROWS[name]}\n".encode())
        if data is not None:
            made[f"ASCII/{name.upper()}{quarter}.txt"] = data
    return made


def zipped(place: Path, files: dict[str, bytes]) -> Path:
    """Write files into a zip archive, and return it."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place


def unpacked(place: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder, and return it."""
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def kept(folder: Path, table: str, quarter: str = "2022q4") -> list[dict[str, object]]:
    """Return the rows of a kept table, without what is NULL."""
    rows = pq.read_table(folder / "tables" / table / f"{quarter}.parquet").to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]
