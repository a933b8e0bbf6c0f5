import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.user_modeling.cold_start import Basis
from app.ai.processing.bloom_verbs import bloom_level
from app.ai.processing.language_detection import detect_language
from app.ai.processing.metadata_extractor import (
    Evidence,
    Neighbour,
    QuestionText,
    SkillText,
    estimate_difficulty,
    extract_metadata,
    nearest_skills,
    topic_of,
)
from app.domain.enums import BloomLevel, QuestionType

SKILLS = (
    SkillText("Adding fractions", "Add fractions with unlike denominators"),
    SkillText("Linear equations", "Solve equations of the first degree"),
    SkillText("Angles in triangles"),
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What is the capital of France?"),
        ("de", "Welche Stadt ist die Hauptstadt von Frankreich?"),
        ("fr", "Quelle est la capitale de la France ?"),
        ("es", "¿Cuál es la capital de Francia?"),
        ("it", "Qual è la capitale della Francia?"),
        ("pt", "Qual é a capital da França?"),
        ("nl", "Wat is de hoofdstad van Frankrijk?"),
        ("sv", "Vad är huvudstaden i Frankrike?"),
        ("pl", "Jaka jest stolica Francji?"),
        ("cs", "Jaké je hlavní město Francie?"),
        ("ru", "Какой город является столицей Франции?"),
        ("uk", "Яке місто є столицею Франції?"),
        ("ja", "フランスの首都はどこですか？"),
        ("zh", "法国的首都是哪里？"),
        ("ko", "프랑스의 수도는 어디입니까?"),
        ("el", "Ποια είναι η πρωτεύουσα της Γαλλίας;"),
    ],
)
def test_the_language_of_one_question_is_told(code: str, text: str) -> None:
    found = detect_language(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "42", "x", "3/4 + 1/8 = ?", "\\(\\text{the of and is}\\)", "!!! ???"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    ("level", "language", "text"),
    [
        (BloomLevel.REMEMBER, "en", "Who wrote Hamlet?"),
        (BloomLevel.UNDERSTAND, "en", "Explain photosynthesis in your own words."),
        (BloomLevel.APPLY, "en", "Calculate the area of the circle."),
        (BloomLevel.APPLY, "en", "What is \\(3 \\cdot 4\\)?"),
        (BloomLevel.ANALYSE, "en", "Compare the two poems."),
        (BloomLevel.EVALUATE, "en", "Justify the decision of the court."),
        (BloomLevel.CREATE, "en", "Design an experiment that tests this."),
        (BloomLevel.APPLY, "de", "Berechne die Fläche des Kreises."),
        (BloomLevel.ANALYSE, "de", "Vergleiche die beiden Gedichte."),
        (BloomLevel.EVALUATE, "fr", "Justifiez votre réponse."),
        (BloomLevel.APPLY, "es", "Calcula el área del círculo."),
        (BloomLevel.UNDERSTAND, "nl", "Leg uit hoe fotosynthese werkt."),
        (BloomLevel.APPLY, "fi", "Solve it."),
    ],
)
def test_the_level_is_read_from_the_words(level: BloomLevel, language: str, text: str) -> None:
    assert bloom_level(text, language, QuestionType.SHORT_ANSWER) is level


def test_words_inside_of_words_are_no_sign() -> None:
    assert bloom_level("The nowhere man", "en", QuestionType.SHORT_ANSWER) is None


@pytest.mark.parametrize(
    ("skills", "text"),
    [
        (("Adding fractions",), "What is a half plus a fraction with denominator 3?"),
        (("Linear equations",), "Solve the equation 3x + 2 = 11"),
        (("Angles in triangles",), "Two angles of a triangle have 40 and 60 degrees. And the third?"),
        ((), "Who wrote Hamlet?"),
        ((), ""),
    ],
)
def test_the_nearest_skill_shares_words(skills: tuple[str, ...], text: str) -> None:
    assert nearest_skills(text, SKILLS) == skills


def test_without_skills_there_are_none_and_the_topic_is_a_word_of_the_question() -> None:
    found = extract_metadata(QuestionText("Which river flows through Vienna?"))
    assert (found.skills, found.topic, found.language) == ((), "Vienna", "en")
    assert topic_of("") == ""


def test_the_stated_language_stands() -> None:
    assert extract_metadata(QuestionText("Who wrote Hamlet?", language="fr")).language == "fr"


def test_neighbours_outweigh_words_and_a_statement_moves_the_estimate() -> None:
    question = QuestionText("Who wrote Hamlet?")
    words = estimate_difficulty(question, None, Evidence())
    near = estimate_difficulty(question, None, Evidence(neighbours=(Neighbour(0.97, 2.0, 0.1),) * 3))
    stated = estimate_difficulty(question, None, Evidence(stated_level=1.0))
    assert near.value > 0.8 > words.value
    assert dict(near.weights)[Basis.NEIGHBOURS] > dict(near.weights)[Basis.TEXT]
    assert near.standard_error < words.standard_error
    assert stated.value > words.value


def test_the_figures_follow_from_the_variances() -> None:
    """Four words: 0.3 * log2(4 / 16) = -0.6 with variance 0.9, and the bank's 0 with variance 1.5."""
    found = estimate_difficulty(QuestionText("one two three four"), None, Evidence())
    assert found.value == pytest.approx(-0.6 / 0.9 / (1 / 0.9 + 1 / 1.5))
    assert found.standard_error == pytest.approx((1 / (1 / 0.9 + 1 / 1.5)) ** 0.5)


@given(
    stem=st.text(max_size=300),
    options=st.lists(st.text(max_size=50), max_size=30),
    kind=st.sampled_from(QuestionType),
    levels=st.lists(st.tuples(st.floats(-1, 1), st.floats(-6, 6), st.floats(0, 3)), max_size=8),
    stated=st.none() | st.floats(0, 1),
)
def test_any_text_gives_a_finite_estimate(stem, options, kind, levels, stated) -> None:
    evidence = Evidence((), tuple(Neighbour(*each) for each in levels), stated)
    found = extract_metadata(QuestionText(stem, tuple(options), kind), SKILLS, evidence)
    assert abs(found.difficulty.value) <= 6
    assert 0 < found.difficulty.standard_error < 2


def test_a_long_text_is_read_in_part() -> None:
    found = extract_metadata(QuestionText("the equation " * 10_000, ("of",) * 10_000), SKILLS)
    assert found.skills == ("Linear equations",)
    assert found.language == "en"
