"""The same question in other words is found; a changed number, sign or negation makes another question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.near_duplicates import Gist, are_near_duplicates, gist_of, say_the_same, token_set_ratio
from app.domain.question_draft import Answer, MediaRef, Option, QuestionDraft
from app.domain.wording import wording_of


def choice(stem: str, *options: str, right: int = 0) -> Gist:
    made = tuple(Option(id=str(n), html=text, weight=float(n == right)) for n, text in enumerate(options))
    return gist_of(QuestionDraft(type=QuestionType.SINGLE_CHOICE, stem=stem, options=made))


def short(stem: str, *answers: str) -> Gist:
    made = tuple(Answer(value=answer) for answer in answers)
    return gist_of(QuestionDraft(type=QuestionType.SHORT_ANSWER, stem=stem, answers=made))


WORDS = ["the", "of", "iron", "is", "7", "grams", "not", "heavy", "+", "two"]
CAPITALS = ("Paris", "Madrid", "Rome", "Berlin")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is the capital of France?", "what is the capital of france"),
        ("What is the capital of France?", "The capital of France is what?"),
        ("What is the capital of France?", "What is the <b>capital</b> of France (in Europe)?"),
        ("What's the capital city of France?", "What is the capital city of France?"),
        ("Which city isn't the capital of France?", "Which city is not the capital of France?"),
        ("Which element has 12 protons in its nucleus?", "Which element has twelve protons in its nucleus?"),
        ("Welche Stadt ist die Hauptstadt von Frankreich?", "Welche Stadt ist die Haupstadt von Frankreich?"),
        ("¿Cuál es la capital de Francia en 1900?", "Cuál es la capital de Francia en 1900"),
        ("Quelle est la capitale de l’Allemagne ?", "Quelle est la capitale de l'Allemagne?"),
    ],
)
def test_other_words_for_the_same_question(one: str, other: str) -> None:
    assert are_near_duplicates(choice(one, *CAPITALS), choice(other, *CAPITALS[:3], "Vienna"))
    assert are_near_duplicates(short(one, "Paris"), short(other, "paris"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "In which year after 1914 did the war in Europe begin?",
            "In which year after 1915 did the war in Europe begin?",
        ),
        ("What is 7 + 5 in the decimal system of numbers?", "What is 7 - 5 in the decimal system of numbers?"),
        ("What is 7−5 in the decimal system of numbers?", "What is 7+5 in the decimal system of numbers?"),
        ("What is 5 - 7 in the decimal system of numbers?", "What is 7 - 5 in the decimal system of numbers?"),
        ("What is the square of x<sup>2</sup> + 1 here?", "What is the square of x<sup>3</sup> + 1 here?"),
        ("How many of the two moons of Mars are visible?", "How many of the three moons of Mars are visible?"),
        ("Who was king of England when World War II began?", "Who was king of England when World War I began?"),
        ("Which of these cities is the capital of a state?", "Which of these cities is not the capital of a state?"),
        ("Which of these cities is the capital of a state?", "Which of these cities isn't the capital of a state?"),
        ("Which statement about the capital is correct?", "Which statement about the capital is incorrect?"),
        ("Which reaction of these gases is reversible?", "Which reaction of these gases is irreversible?"),
        ("Welche Aussage über die Stadt Paris ist wahr?", "Welche Aussage über die Stadt Paris ist nicht wahr?"),
        ("Welches Metall ist bei Raumtemperatur flüssig?", "Welches Metall ist bei Raumtemperatur nie flüssig?"),
        ("¿Qué ciudad es la capital de un país europeo?", "¿Qué ciudad no es la capital de un país europeo?"),
        ("Quelle ville est la capitale d'un pays ?", "Quelle ville n'est pas la capitale d'un pays ?"),
    ],
)
def test_a_changed_number_sign_or_negation_is_another_question(one: str, other: str) -> None:
    assert not are_near_duplicates(choice(one, *CAPITALS), choice(other, *CAPITALS))
    assert not are_near_duplicates(choice(one, *CAPITALS), choice(other, *CAPITALS), cosine=0.99)


def test_a_replaced_word_is_another_question_unless_the_answer_agrees() -> None:
    one, other = (f"Which of these cities is the capital of the country {name}?" for name in ("France", "Spain"))
    assert say_the_same(wording_of(one), wording_of(other))
    assert not are_near_duplicates(choice(one, *CAPITALS), choice(other, *CAPITALS, right=1))
    assert are_near_duplicates(choice(one, *CAPITALS), choice(other, *CAPITALS))


def test_with_a_cosine_of_the_meaning_a_replaced_word_is_no_matter() -> None:
    one = short("Name the largest planet that moves around the sun in our system", "Jupiter")
    other = short("Name the biggest planet that moves around the sun in our system", "the planet Jupiter")
    assert not are_near_duplicates(one, other)
    assert are_near_duplicates(one, other, cosine=0.95)
    assert not are_near_duplicates(one, other, cosine=0.9499)


def test_a_stem_that_fits_anything_is_known_by_its_options() -> None:
    stem = "Which of the following statements is correct?"
    assert not are_near_duplicates(
        choice(stem, "Iron rusts.", "Gold rusts."), choice(stem, "Ice floats.", "Ice sinks.")
    )
    assert not are_near_duplicates(choice(stem, "True", "Iron rusts."), choice(stem, "True", "Ice floats."))


def test_statements_with_the_same_truth_are_not_the_same() -> None:
    one, other = (
        f"The liquid metal {name} conducts electric current at room temperature." for name in ("mercury", "gallium")
    )
    assert not are_near_duplicates(choice(one, "True", "False"), choice(other, "True", "False"))


def test_two_pictures_make_two_questions() -> None:
    first, second = (
        gist_of(
            QuestionDraft(
                type=QuestionType.SHORT_ANSWER,
                stem='Name the bone in <img src="x.png" alt="a bone">',
                answers=(Answer(value="femur"),),
                media=(MediaRef(name="x.png", sha256=digit * 64),),
            )
        )
        for digit in "ab"
    )
    assert not are_near_duplicates(first, second)


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_comparison_has_no_side(one: str, other: str) -> None:
    first, second = wording_of(one), wording_of(other)
    assert say_the_same(first, second) == say_the_same(second, first)
    assert 0 <= token_set_ratio(first.folded, second.folded) <= 1


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_every_text_says_what_it_says_whatever_its_case_and_punctuation(words: list[str]) -> None:
    plain, loud = " ".join(["mass", *words]), "  ".join(["MASS", *words]).upper() + "?!"
    assert say_the_same(wording_of(plain), wording_of(loud))
