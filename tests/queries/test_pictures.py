"""The `plot` of a question draws its answer: what the picture says is what the answer says."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from pyoxigraph import Literal

from evikg.analysis.observations import Observations
from evikg.figures import draw_survival, rendered
from evikg.graph.embedded import EmbeddedStore
from evikg.queries import Answer, Question, catalogue
from evikg.queries.curves import survival_of
from evikg.queries.forests import forest_of
from evikg.queries.header import QuestionError, read_header
from evikg.queries.pictures import PictureError, draw, drawable, picture
from evikg.queries.plots import PLOT, ForestPlot

_TEXT = "{http://www.w3.org/2000/svg}text"


def words(svg: bytes) -> str:
    root = ET.fromstring(svg)  # noqa: S314 - our own file
    return " | ".join("".join(item.itertext()).strip() for item in root.iter(_TEXT))


@pytest.mark.parametrize(
    ("name", "printed"),
    # As the papers print it: the places are those of the expected answers.
    [
        ("coverage", ["kr-pms", "baseline characteristic", "not curated"]),
        ("coverage-of-variables", ["ino-cd22", "reported without denominator", "not curated"]),
        (
            "faers-signals",
            [
                "FAERS 2004 Q1 to 2024 Q3, inotuzumab ozogamicin",
                "veno-occlusive liver disease",
                "97",
                "486.02 [395.96, 596.57]",
            ],
        ),
        ("positive-signals", ["sepsis", "7.14 [5.11, 9.96]"]),
        ("events-by-grade", ["hepatotoxicity", "12", "number of events"]),
        ("survival-curve", ["Phase IV, 1.2 mg/m2/cycle (run-in + randomized) (N = 64)"]),
        ("response-rates", ["74/94", "78.7 [69.1, 86.5]", "50.0 [28.2, 71.8]†"]),
        ("response-by-regimen", ["26/38", "68.4 [51.3, 82.5]†"]),
        ("mrd-negativity", ["26/45", "57.8† [42.2, 72.3]†", "78.4 [68.4, 86.5]"]),
        ("vod-sos-after-transplant", ["6/21"]),
        ("landmark-survival", ["36.8 [24.4, 49.2]", "58.3 [27.0, 80.1]", "91 [82, 99]"]),
        ("hazard-ratios", ["0.77 [0.58, 1.03] (97.5%)", "1.08 [0.57, 2.051] (95%)"]),
    ],
)
def test_a_question_draws_its_answer(
    name: str, printed: list[str], corpus: EmbeddedStore, tmp_path: Path
) -> None:
    question = catalogue()[name]
    path = tmp_path / f"{name}.svg"
    draw(question, question.run(corpus), path)
    found = words(path.read_bytes())
    for part in printed:
        assert part in found


def test_every_plot_is_drawn_above() -> None:
    parameters = test_a_question_draws_its_answer.pytestmark[0].args[1]
    assert set(drawable()) == {name for name, _ in parameters}


def test_computed_numbers_are_told_from_printed_ones() -> None:
    plot = PLOT.validate_python(
        {"kind": "forest", "title": "T", "measure": "%", "label": ["a"], "estimate": "p",
         "low": "l", "high": "h", "events": "n", "total": "N", "percent": True}
    )  # fmt: skip
    assert isinstance(plot, ForestPlot)
    # 10 of 20: Clopper and Pearson give 27.2 to 72.8 % (R: binom.test(10, 20)).
    rows = [("printed", "50", "30", "70", "10", "20"), ("computed", "", "", "", "10", "20"),
            ("bare", "61.5", "", "", "", ""), ("nothing", "<1", "", "", "", "")]  # fmt: skip
    forest = forest_of(plot, answer(("a", "p", "l", "h", "n", "N"), rows))
    assert forest is not None
    assert [row.printed for row in forest.rows] == ["50 [30, 70]", "50.0† [27.2, 72.8]†", "61.5"]
    assert forest.notes[0].startswith("† Computed here")
    assert forest.notes[-1] == "Not drawn, for want of a number: nothing."


def answer(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Answer:
    cells = [tuple(Literal(cell) if cell else None for cell in row) for row in rows]
    return Answer(columns, tuple(cells))


def test_doubted_numbers_are_marked(corpus: EmbeddedStore) -> None:
    # papayannidis-2025: 74.0 % of all (line 172), but 79.5 % with and 82.1 % without blinatumomab
    # (line 183). yoon-2026, line 358: 85 of the 164 whose CR/CRi is 73.8 % in ozcan-2025, line 250.
    # ozcan-2025: 83.3 % (line 147) is 71.9 % in line 250; 80.7 % (line 31) and 73.8 % (line 250)
    # are two data cut-offs.
    question = catalogue()["response-rates"]
    assert isinstance(question.header.plot, ForestPlot)
    forest = forest_of(question.header.plot, question.run(corpus))
    assert forest is not None
    assert {row.printed for row in forest.rows if row.label.endswith(" ‡")} == {
        "74.0 [62.4, 83.5]†", "79.5", "82.1", "51.8† [43.9, 59.7]†", "73.8", "80.7 [72, 88]",
        "83.3 [68.6, 93.0]†",
    }  # fmt: skip
    (note,) = (note for note in forest.notes if note.startswith("‡"))
    assert "another share of as many patients of the same group (yoon-2026-l358-9)" in note
    assert "time discrepancy (ozcan-2025-l250-3, ozcan-2025-l31-1)" in note


def test_a_title_says_the_landmark_and_the_drug_that_all_rows_have(corpus: EmbeddedStore) -> None:
    def title(name: str, **values: str) -> str:
        question = catalogue()[name]
        return picture(question, question.run(corpus, **values)).title

    assert title("landmark-survival") == "Survival at a landmark: 1 year = 12 months"
    # papayannidis-2025, Figure 1: 2-year survival under inotuzumab ozogamicin
    two_years = title("landmark-survival", study="ino-cd22", days="730")
    assert two_years == "Survival at a landmark: inotuzumab ozogamicin, 2 years"
    assert title("response-by-regimen") == "Response by dose regimen: inotuzumab ozogamicin"
    assert title("response-rates") == "Response rates"


def test_the_patients_of_a_landmark_stand_beside_it(corpus: EmbeddedStore) -> None:
    question = catalogue()["landmark-survival"]
    assert isinstance(question.header.plot, ForestPlot)
    forest = forest_of(question.header.plot, question.run(corpus, study="ino-cd22"))
    assert forest is not None
    assert (forest.count_heading, [row.total for row in forest.rows]) == ("N", [73])


@pytest.mark.parametrize(
    ("highs", "end"),
    [(("3", "4.9"), 5), (("3", "17"), 20), (("20", "1"), 20), (("20.1",), 40), (("59",), 60),
     (("61", "2"), 100), (("99",), 100)],
)  # fmt: skip
def test_an_axis_of_rare_events_is_short(highs: tuple[str, ...], end: float) -> None:
    plot = PLOT.validate_python(
        {"kind": "forest", "title": "T", "measure": "%", "label": ["a"], "estimate": "p",
         "low": "l", "high": "h", "percent": True}
    )  # fmt: skip
    assert isinstance(plot, ForestPlot)
    forest = forest_of(plot, answer(("a", "p", "l", "h"), [("x", "1", "0.5", h) for h in highs]))
    assert forest is not None
    assert forest.limits == (0, end)


@pytest.mark.parametrize("study", ["ino-cd22", "kr-pms", "phase4-lowdose"])
def test_the_grades_of_one_study_fit_a_page(study: str, corpus: EmbeddedStore) -> None:
    question = catalogue()["events-by-grade"]
    width, height = picture(question, question.run(corpus, study=study)).figure.get_size_inches()
    assert width <= 8.27  # A4, ISO 216: 210 by 297 mm
    assert height <= 11.69


def test_a_number_alone_is_listed_and_not_drawn(corpus: EmbeddedStore) -> None:
    # yoon-2026, line 53, of Badar 2020: one fatal VOD; papayannidis-2025: three of those after
    # transplantation with double-alkylating conditioning.
    question = catalogue()["events-by-grade"]
    found = words(rendered(picture(question, question.run(corpus)), ".svg"))
    assert "Badar 2020, all patients, AE, veno-occlusive disease, grade 5: 1 (patients)" in found
    assert "number of patients" in found
    # Alone in an answer it is drawn: there is nothing else.
    found = words(rendered(picture(question, question.run(corpus, study="badar-2020-us")), ".svg"))
    assert "Badar 2020, all patients, AE: patients" in found
    assert "Not drawn" not in found


def test_a_question_without_a_plot_names_those_with_one(tmp_path: Path) -> None:
    question = catalogue()["study-catalogue"]
    with pytest.raises(
        PictureError, match=r"study-catalogue makes no picture.*coverage, events-by"
    ):
        draw(question, Answer((), ()), tmp_path / "a.svg")


def test_an_empty_answer_and_another_format_are_refused(tmp_path: Path) -> None:
    question = catalogue()["faers-signals"]
    empty = Answer(tuple(column.name for column in question.header.columns), ())
    with pytest.raises(PictureError, match="faers-signals: the answer holds no number to draw"):
        draw(question, empty, tmp_path / "a.svg")
    with pytest.raises(ValueError, match=r"ends in \.svg"):
        draw(question, empty, tmp_path / "a.jpg")
    assert not list(tmp_path.iterdir())


STATES = """\
#+ summary: What is known?
#+ description: States.
#+ tags: [coverage]
#+ columns:
#+   - {name: s, description: study}
#+   - {name: v, description: variable}
#+   - {name: state, description: what is known}
#+ plot: {kind: coverage, title: Known, study: s, variable: v, state: state}
SELECT ?s ?v ?state
WHERE { ?s ?v ?state }
"""


def test_states_of_cells_are_drawn() -> None:
    question = Question("states", STATES)
    rows = [("a", "x", "reported"), ("a", "y", "reported without denominator"),
            ("b", "x", "not reported")]  # fmt: skip
    found = picture(question, answer(("s", "v", "state"), rows)).description
    assert "a (reported: x; reported without denominator: y)" in found
    assert "b (not reported: x; not curated: y)" in found
    with pytest.raises(PictureError, match="'perhaps' is no state of a cell"):
        picture(question, answer(("s", "v", "state"), [("a", "x", "perhaps")]))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("study: s, ", "study: t, ", "the plot takes no column t"),
        ("study: s, ", "study: 's {t}', ", "the plot takes no column t"),
        ("study: s, ", "", "study: Field required"),
        ("kind: coverage", "kind: pie", "the plot is malformed"),
        ("title: Known", "title: Known, colour: red", "colour: Extra inputs"),
        ("title: Known", "title: 3", "title: Input should be a valid string"),
    ],
)
def test_a_malformed_plot_is_named(old: str, new: str, fault: str) -> None:
    assert old in STATES
    with pytest.raises(QuestionError, match=rf"^bad\.rq: .*{fault}"):
        read_header("bad", STATES.replace(old, new))


def test_curves_are_drawn_with_their_medians() -> None:
    # Freireich 1963: medians 23 and 8 weeks; hazard ratio 1 / 4.817 (R: coxph, Efron).
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    mp = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    groups = {
        "6-MP": Observations(tuple(map(float, mp)), tuple(map(bool, relapse))),
        "Placebo": Observations(tuple(map(float, placebo)), (True,) * 21),
    }
    found = words(
        rendered(
            draw_survival(survival_of(groups, "Remission", "In remission", "weeks", every=5)),
            ".svg",
        )
    )
    for part in ["6-MP: median 23.0 weeks (95% CI 13.0–NE)", "Placebo: median 8.0 weeks",
                 "Hazard ratio, 6-MP vs Placebo:", "0.21 (95% CI 0.09–0.47); log-rank p < 0.001",
                 "takes hazards to be proportional", "Number at risk"]:  # fmt: skip
        assert part in found
