"""The XML extract gives the tables that the ASCII extract of the same report gives.

The report is that of `written.py`, written as XML by hand: elements and codes are those of ICH
E2B(R2), sections A.1 to B.4 with attachments 1 and 2, and of the README of the extracts, section I.
"""

import tracemalloc
from pathlib import Path

from evikg.loaders.faers.counts import Counts
from evikg.loaders.faers.finding import Member
from evikg.loaders.faers.icsr import write_xml
from evikg.loaders.faers.layouts import DELETED, TABLES
from evikg.loaders.faers.loading import load

from .written import kept, tables, unpacked, zipped

DRUG = """\
<drug><drugcharacterization>1</drugcharacterization><medicinalproduct>BESPONSA</medicinalproduct>
<drugauthorizationnumb>761040</drugauthorizationnumb>
<drugstructuredosagenumb>1.8</drugstructuredosagenumb>
<drugstructuredosageunit>009</drugstructuredosageunit>
<drugdosagetext>1.8 mg/m2</drugdosagetext>
<drugadministrationroute>041</drugadministrationroute>
<drugindication>Acute lymphocytic leukaemia</drugindication>
<drugstartdateformat>102</drugstartdateformat><drugstartdate>20220701</drugstartdate>
<drugenddateformat>610</drugenddateformat><drugenddate>202208</drugenddate>
<drugrecurreadministration>3</drugrecurreadministration><drugadditional>2</drugadditional>
<activesubstance><activesubstancename>INOTUZUMAB OZOGAMICIN</activesubstancename></activesubstance>
</drug>"""
REPORT = f"""\
<safetyreport><safetyreportversion>1</safetyreportversion><safetyreportid>1234567</safetyreportid>
<primarysourcecountry>US</primarysourcecountry><occurcountry>US</occurcountry>
<serious>1</serious><seriousnessdeath>2</seriousnessdeath>
<seriousnesshospitalization>1</seriousnesshospitalization>
<receivedateformat>102</receivedateformat><receivedate>20220901</receivedate>
<receiptdateformat>102</receiptdateformat><receiptdate>20221001</receiptdate>
<fulfillexpeditecriteria>1</fulfillexpeditecriteria><companynumb>US-X-1</companynumb>
<reportduplicate><duplicatesource>PFIZER</duplicatesource></reportduplicate>
<primarysource><reportercountry>US</reportercountry><qualification>1</qualification></primarysource>
<patient><patientonsetage>61</patientonsetage><patientonsetageunit>801</patientonsetageunit>
<patientagegroup>5</patientagegroup><patientweight>70</patientweight><patientsex>2</patientsex>
<reaction><reactionmeddraversionpt>25.1</reactionmeddraversionpt>
<reactionmeddrapt>Venoocclusive liver disease</reactionmeddrapt></reaction>
{DRUG}
<summary><narrativeincludeclinical>CASE EVENT DATE: 20220801</narrativeincludeclinical></summary>
</patient></safetyreport>"""
START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE ichicsr SYSTEM "http://example.org/icsr21xml.dtd">\n'
    '<ichicsr lang="en"><ichicsrmessageheader/>'
)
#: Columns of the report that XML has no element for.
NOT_IN_XML = {"i_f_code", "mfr_dt", "e_sub", "rept_dt", "val_vbm", "dose_freq"}


def written(*reports: str) -> bytes:
    return f"{START}{''.join(reports)}</ichicsr>".encode()


def test_a_report_is_the_same_from_xml_and_from_ascii(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "faers_xml_2022Q4.zip", {"XML/1_ADR22Q4.xml": written(REPORT)})
    loaded = load([archive], tmp_path / "xml")
    load([unpacked(tmp_path / "ascii", tables())], tmp_path / "kept")
    for table in set(TABLES) - {"rpsr"}:
        expected = [
            {name: value for name, value in row.items() if name not in NOT_IN_XML}
            for row in kept(tmp_path / "kept", table)
        ]
        assert kept(tmp_path / "xml", table) == expected
        assert loaded.counts["2022q4"][table].kept == 1
    assert kept(tmp_path / "xml", "rpsr") == []
    assert "RPSR" in (tmp_path / "xml" / "manifest.json").read_text(encoding="utf-8")


def test_the_first_suspect_is_primary_and_ingredients_are_one_text(tmp_path: Path) -> None:
    other = DRUG.replace("BESPONSA", "OTHER")
    code = "<drugcharacterization>{}</drugcharacterization>"
    drugs = [other.replace(code.format(1), code.format(n)) for n in (2, 1, 1, 3)]
    two = "</activesubstancename></activesubstance><activesubstance><activesubstancename>B"
    drugs[1] = drugs[1].replace("</activesubstancename>", f"{two}</activesubstancename>")
    file = tmp_path / "ADR22Q4.xml"
    file.write_bytes(written(REPORT.replace(DRUG, "".join(drugs))))
    load([file], tmp_path / "kept")
    rows = kept(tmp_path / "kept", "drug")
    assert [(row["drug_seq"], row["role_cod"]) for row in rows] == [
        (1, "C"), (2, "PS"), (3, "SS"), (4, "I"),
    ]  # fmt: skip
    assert rows[1]["prod_ai"] == "INOTUZUMAB OZOGAMICIN\\B"


def test_a_reaction_that_recurred_says_so(tmp_path: Path) -> None:
    again = "<drugrecurrence><drugrecuraction>VENOOCCLUSIVE LIVER DISEASE</drugrecuraction>"
    file = tmp_path / "ADR22Q4.xml"
    file.write_bytes(written(REPORT.replace("</drug>", f"{again}</drugrecurrence></drug>")))
    load([file], tmp_path / "kept")
    assert kept(tmp_path / "kept", "reac")[0]["drug_rec_act"] == "Venoocclusive liver disease"


def test_several_files_are_one_quarter_and_nullified_cases_are_deleted(tmp_path: Path) -> None:
    gone = REPORT.replace("1234567", "7654321").replace(
        "<serious>", "<casenullification>1</casenullification><serious>"
    )
    version_2 = REPORT.replace("version>1<", "version>2<")
    legacy = REPORT.replace(">1234567<", ">4263742-7<")
    strange = REPORT.replace(">1234567<", ">US-FDA-1<")
    files = {
        "1_ADR22Q4.xml": written(REPORT, gone),
        "2_ADR22Q4.xml": written(version_2, legacy, strange),
    }
    counts = load([unpacked(tmp_path / "in", files)], tmp_path / "kept").counts["2022q4"]
    found = [(row["primaryid"], row.get("caseid")) for row in kept(tmp_path / "kept", "demo")]
    assert found == [(12345671, 1234567), (12345672, 1234567), (4263742, None)]
    assert [row["caseid"] for row in kept(tmp_path / "kept", "deleted")] == [7654321]
    assert (counts["demo"].read, sum(counts["demo"].rejected.values())) == (4, 1)


def test_memory_does_not_grow_with_the_number_of_reports(tmp_path: Path) -> None:
    def peak(reports: int) -> int:
        file = tmp_path / f"{reports}" / "ADR22Q4.xml"
        file.parent.mkdir()
        file.write_bytes(written(*[REPORT] * reports))
        names = (*TABLES, DELETED)
        targets = {name: file.parent / f"{name}.parquet" for name in names}
        tracemalloc.start()
        write_xml(
            [Member(file, file.name, packed=False)], targets, {name: Counts() for name in names}
        )
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    # Rows wait for each other to be written, but not more of them than a batch.
    from evikg.loaders.faers import icsr

    size, icsr._BATCH = icsr._BATCH, 50
    try:
        assert peak(600) < 1.5 * peak(150)
    finally:
        icsr._BATCH = size
