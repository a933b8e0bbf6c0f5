"""Parameters and heads as named arrays of numbers and text, the parts that every stored model shares."""

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionTable, SetTable, SkillTable
from app.ai.personalization.user_modeling.state import Population

Array: TypeAlias = NDArray[Any]
Arrays: TypeAlias = Mapping[str, Array]
Heads: TypeAlias = tuple[Standardiser, LogisticHead, NeuralHead | None]
NEURAL = "neural.inner"


class InvalidModelError(ValueError):
    """Stored arrays that are not a whole, finite model of this version of the code."""


def parameter_arrays(parameters: Parameters) -> dict[str, Array]:
    skills, sets, questions = parameters.skills, parameters.sets, parameters.questions
    sizes = [len(group) for group in sets.members]
    return {
        "population": np.array([*astuple(parameters.population), parameters.guess_scale]),
        "skills.ids": np.array(skills.skill_ids, dtype=np.str_),
        "skills.offsets": skills.offsets,
        "skills.errors": skills.errors,
        "sets.sizes": np.array(sizes, dtype=np.int64),
        "sets.members": np.array([skill for group in sets.members for skill in group], dtype=np.int64),
        "sets.difficulty": sets.difficulty,
        "sets.loadings": sets.loadings,
        "questions.ids": np.array(questions.question_ids, dtype=np.str_),
        "questions.difficulty": questions.difficulty,
        "questions.errors": questions.errors,
        "questions.answers": questions.answers,
        "questions.loadings": questions.loadings,
    }


def head_arrays(standardiser: Standardiser, logistic: LogisticHead, neural: NeuralHead | None) -> dict[str, Array]:
    arrays = {
        "standardiser.centre": standardiser.centre,
        "standardiser.spread": standardiser.spread,
        "logistic.weights": logistic.weights,
        "logistic.intercept": np.array([logistic.intercept]),
        "logistic.slope_ids": np.array(list(logistic.slopes), dtype=np.str_),
        "logistic.slopes": np.array(list(logistic.slopes.values()), dtype=np.float64).reshape(-1, 3),
    }
    if neural is not None:
        arrays[NEURAL] = neural.inner
        arrays["neural.inner_bias"] = neural.inner_bias
        arrays["neural.outer"] = neural.outer
        arrays["neural.outer_bias"] = np.array([neural.outer_bias])
    return arrays


def parameters_of(arrays: Arrays) -> Parameters:
    *constants, guess_scale = arrays["population"].tolist()
    if len(constants) != len(fields(Population)):
        raise InvalidModelError("The stored population has other constants than this code.")
    names = ("questions.difficulty", "questions.errors", "questions.answers", "questions.loadings")
    difficulty, errors, answers, loadings = sized(arrays, names, len(arrays["questions.ids"]))
    return Parameters(
        population=Population(*constants),
        skills=SkillTable(
            texts(arrays["skills.ids"]),
            *sized(arrays, ("skills.offsets", "skills.errors"), len(arrays["skills.ids"])),
        ),
        sets=_sets(arrays),
        questions=QuestionTable(texts(arrays["questions.ids"]), difficulty, errors, answers, loadings),
        guess_scale=guess_scale,
    )


def _sets(arrays: Arrays) -> SetTable:
    sizes, members = arrays["sets.sizes"], arrays["sets.members"]
    if sizes.sum() != len(members):
        raise InvalidModelError("The stored skill sets do not add up.")
    groups = np.split(members, np.cumsum(sizes)[:-1]) if len(sizes) else []
    difficulty, loadings = sized(arrays, ("sets.difficulty", "sets.loadings"), len(sizes))
    return SetTable(tuple(tuple(group.tolist()) for group in groups), difficulty, loadings)


def heads_of(arrays: Arrays, inputs: int) -> Heads:
    """The heads that `head_arrays` took apart; they must read so many inputs."""
    standardiser = Standardiser(*sized(arrays, ("standardiser.centre", "standardiser.spread"), inputs))
    return standardiser, _logistic(arrays, inputs), _neural(arrays, inputs) if NEURAL in arrays else None


def _logistic(arrays: Arrays, inputs: int) -> LogisticHead:
    (weights,) = sized(arrays, ("logistic.weights",), inputs)
    ids = texts(arrays["logistic.slope_ids"])
    (slopes,) = sized(arrays, ("logistic.slopes",), len(ids))
    by_skill = {name: (row[0], row[1], row[2]) for name, row in zip(ids, slopes.tolist(), strict=True)}
    return LogisticHead(weights, float(arrays["logistic.intercept"][0]), by_skill)


def _neural(arrays: Arrays, inputs: int) -> NeuralHead:
    (inner,) = sized(arrays, (NEURAL,), inputs)
    bias, outer = sized(arrays, ("neural.inner_bias", "neural.outer"), inner.shape[1])
    return NeuralHead(inner, bias, outer, float(arrays["neural.outer_bias"][0]))


def sized(arrays: Arrays, names: tuple[str, ...], size: int) -> list[Array]:
    """The named arrays, each with `size` rows."""
    for name in names:
        if len(arrays[name]) != size:
            raise InvalidModelError(f"The stored array {name} must have {size} rows.")
    return [arrays[name] for name in names]


def texts(array: Array) -> tuple[str, ...]:
    return tuple(str(text) for text in array.tolist())


def check_finite(arrays: Arrays) -> None:
    """Raises InvalidModelError for NaN, infinity, or anything that is neither number nor text."""
    for name, array in arrays.items():
        if array.dtype == np.object_:
            raise InvalidModelError(f"The array {name} must hold numbers or text.")
        if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
            raise InvalidModelError(f"The array {name} holds a value that is not finite.")
