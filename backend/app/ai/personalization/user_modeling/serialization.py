"""A fitted model as named arrays of numbers and text, fit for an `.npz` file read without pickle."""

from collections.abc import Mapping
from dataclasses import astuple, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.context import CONTEXT_NAMES, ContextEffects, Key
from app.ai.personalization.user_modeling.heads import LogisticHead, NeuralHead, Standardiser
from app.ai.personalization.user_modeling.parameters import Parameters, QuestionTable, SetTable, SkillTable
from app.ai.personalization.user_modeling.state import Population
from app.ai.personalization.user_modeling.student_model import INPUT_NAMES, StudentModel

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
FORMAT = 1
NEURAL = "neural.inner"


class InvalidModelError(ValueError):
    """Stored arrays that are not a whole, finite model of this version of the code."""


def to_document(model: StudentModel) -> dict[str, Any]:
    """The part of a model that people read: constants and skill difficulties, as JSON values."""
    parameters = model.parameters
    population = {field.name: getattr(parameters.population, field.name) for field in fields(Population)}
    offsets = dict(zip(parameters.skills.skill_ids, parameters.skills.offsets.tolist(), strict=True))
    return {
        "version": model.version,
        "population": population,
        "skill_offsets": offsets,
        "guess_scale": parameters.guess_scale,
    }


def to_arrays(model: StudentModel) -> dict[str, NDArray[Any]]:
    """Arrays of numbers and text only.

    Raises:
        InvalidModelError: If a number of the model is NaN or infinite.
    """
    arrays = {
        "format": np.array([FORMAT]),
        "version": np.array([model.version]),
        "input_names": np.array(INPUT_NAMES),
        **_parameter_arrays(model.parameters),
        **_effect_arrays(model.effects),
        **_head_arrays(model),
    }
    _check_finite(arrays)
    return arrays


def from_arrays(arrays: Arrays) -> StudentModel:
    """The model that `to_arrays` took apart.

    Raises:
        InvalidModelError: If an array is missing or misshapen, holds NaN, or comes from other code.
    """
    try:
        _check_origin(arrays)
        _check_finite(arrays)
        return StudentModel(
            version=str(arrays["version"][0]),
            parameters=_parameters(arrays),
            effects=_effects(arrays),
            standardiser=Standardiser(*_sized(arrays, ("standardiser.centre", "standardiser.spread"))),
            logistic=_logistic(arrays),
            neural=_neural(arrays) if NEURAL in arrays else None,
        )
    except KeyError as error:
        raise InvalidModelError(f"The stored model lacks the array {error}.") from error


def _parameter_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
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


def _effect_arrays(effects: ContextEffects) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, table in zip(CONTEXT_NAMES, effects.tables, strict=True):
        width = len(next(iter(table), ()))
        arrays[f"context.{name}.keys"] = np.array(list(table), dtype=np.int64).reshape(len(table), width)
        arrays[f"context.{name}.values"] = np.array(list(table.values()), dtype=np.float64)
    return arrays


def _head_arrays(model: StudentModel) -> dict[str, NDArray[Any]]:
    logistic, neural = model.logistic, model.neural
    arrays = {
        "standardiser.centre": model.standardiser.centre,
        "standardiser.spread": model.standardiser.spread,
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


def _parameters(arrays: Arrays) -> Parameters:
    *constants, guess_scale = arrays["population"].tolist()
    if len(constants) != len(fields(Population)):
        raise InvalidModelError("The stored population has other constants than this code.")
    names = ("questions.difficulty", "questions.errors", "questions.answers", "questions.loadings")
    difficulty, errors, answers, loadings = _sized(arrays, names, len(arrays["questions.ids"]))
    return Parameters(
        population=Population(*constants),
        skills=SkillTable(
            _texts(arrays["skills.ids"]),
            *_sized(arrays, ("skills.offsets", "skills.errors"), len(arrays["skills.ids"])),
        ),
        sets=_sets(arrays),
        questions=QuestionTable(_texts(arrays["questions.ids"]), difficulty, errors, answers, loadings),
        guess_scale=guess_scale,
    )


def _sets(arrays: Arrays) -> SetTable:
    sizes, members = arrays["sets.sizes"], arrays["sets.members"]
    if sizes.sum() != len(members):
        raise InvalidModelError("The stored skill sets do not add up.")
    groups = np.split(members, np.cumsum(sizes)[:-1]) if len(sizes) else []
    difficulty, loadings = _sized(arrays, ("sets.difficulty", "sets.loadings"), len(sizes))
    return SetTable(tuple(tuple(group.tolist()) for group in groups), difficulty, loadings)


def _effects(arrays: Arrays) -> ContextEffects:
    return ContextEffects(tuple(_table(arrays, name) for name in CONTEXT_NAMES))


def _table(arrays: Arrays, name: str) -> dict[Key, float]:
    keys, values = arrays[f"context.{name}.keys"], arrays[f"context.{name}.values"]
    if len(keys) != len(values):
        raise InvalidModelError(f"The stored context table {name} has keys without values.")
    return dict(zip(map(tuple, keys.tolist()), values.tolist(), strict=True))


def _logistic(arrays: Arrays) -> LogisticHead:
    (weights,) = _sized(arrays, ("logistic.weights",))
    ids = _texts(arrays["logistic.slope_ids"])
    (slopes,) = _sized(arrays, ("logistic.slopes",), len(ids))
    by_skill = {name: (row[0], row[1], row[2]) for name, row in zip(ids, slopes.tolist(), strict=True)}
    return LogisticHead(weights, float(arrays["logistic.intercept"][0]), by_skill)


def _neural(arrays: Arrays) -> NeuralHead:
    (inner,) = _sized(arrays, (NEURAL,))
    bias, outer = _sized(arrays, ("neural.inner_bias", "neural.outer"), inner.shape[1])
    return NeuralHead(inner, bias, outer, float(arrays["neural.outer_bias"][0]))


def _sized(arrays: Arrays, names: tuple[str, ...], size: int = len(INPUT_NAMES)) -> list[NDArray[Any]]:
    """The named arrays, each with `size` rows."""
    for name in names:
        if len(arrays[name]) != size:
            raise InvalidModelError(f"The stored array {name} must have {size} rows.")
    return [arrays[name] for name in names]


def _texts(array: NDArray[Any]) -> tuple[str, ...]:
    return tuple(str(text) for text in array.tolist())


def _check_origin(arrays: Arrays) -> None:
    if arrays["format"].tolist() != [FORMAT]:
        raise InvalidModelError("The model was stored in another format.")
    if _texts(arrays["input_names"]) != INPUT_NAMES:
        raise InvalidModelError("The model was fitted on other inputs than this code reads.")


def _check_finite(arrays: Arrays) -> None:
    for name, array in arrays.items():
        if array.dtype == np.object_:
            raise InvalidModelError(f"The array {name} must hold numbers or text.")
        if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
            raise InvalidModelError(f"The array {name} holds a value that is not finite.")
