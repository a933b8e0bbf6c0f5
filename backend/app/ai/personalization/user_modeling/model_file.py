"""A served model as the bytes of an `.npz` file: arrays of numbers and text, read without running any code of it."""

import zipfile
from dataclasses import dataclass, fields
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.model_arrays import (
    Arrays,
    InvalidModelError,
    check_finite,
    head_arrays,
    heads_of,
    parameter_arrays,
    parameters_of,
    sized,
    texts,
)
from app.ai.personalization.user_modeling.served_head import SERVED_NAMES, ServedHead
from app.ai.personalization.user_modeling.served_model import ServedModel
from app.ai.personalization.user_modeling.state import Population

FORMAT = 1
INPUTS = "served.input_names"


@dataclass(frozen=True, slots=True)
class ItemTotals:
    """What the log had told of each question when the model was fitted: answers, and expected minus actual successes.

    Live calibration goes on from there.
    """

    question_ids: tuple[str, ...]
    answers: NDArray[np.int64]
    residuals: NDArray[np.float64]


def write_model(model: ServedModel, totals: ItemTotals) -> bytes:
    """Raises InvalidModelError if a number of the model is NaN or infinite."""
    arrays: dict[str, NDArray[Any]] = {
        "format": np.array([FORMAT]),
        **parameter_arrays(model.parameters),
        "totals.ids": np.array(totals.question_ids, dtype=np.str_),
        "totals.answers": totals.answers,
        "totals.residuals": totals.residuals,
    }
    if model.head is not None:
        heads = head_arrays(model.head.standardiser, model.head.logistic, model.head.neural)
        arrays |= {INPUTS: np.array(SERVED_NAMES), **heads}
    check_finite(arrays)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def read_model(content: bytes) -> tuple[ServedModel, ItemTotals]:
    """The model that `write_model` wrote.

    Raises:
        InvalidModelError: If the file is damaged, lacks an array, holds NaN, or comes from other code.
    """
    try:
        with np.load(BytesIO(content), allow_pickle=False) as stored:
            arrays = dict(stored)
        check_finite(arrays)
        if arrays["format"].tolist() != [FORMAT]:
            raise InvalidModelError("The model was stored in another format.")
        return ServedModel(parameters_of(arrays), _head(arrays)), _totals(arrays)
    except KeyError as error:
        raise InvalidModelError(f"The stored model lacks the array {error}.") from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        if isinstance(error, InvalidModelError):
            raise
        raise InvalidModelError("The stored model is damaged.") from error


def to_document(model: ServedModel) -> dict[str, Any]:
    """The part of a model that every process keeps at hand, as JSON values: all but the questions."""
    parameters = model.parameters
    return {
        "population": {field.name: getattr(parameters.population, field.name) for field in fields(Population)},
        "skill_offsets": dict(zip(parameters.skills.skill_ids, parameters.skills.offsets.tolist(), strict=True)),
        "guess_scale": parameters.guess_scale,
        "has_head": model.head is not None,
    }


def _head(arrays: Arrays) -> ServedHead | None:
    if INPUTS not in arrays:
        return None
    if texts(arrays[INPUTS]) != SERVED_NAMES:
        raise InvalidModelError("The model was fitted on other inputs than this code reads.")
    return ServedHead(*heads_of(arrays, len(SERVED_NAMES)))


def _totals(arrays: Arrays) -> ItemTotals:
    ids = texts(arrays["totals.ids"])
    answers, residuals = sized(arrays, ("totals.answers", "totals.residuals"), len(ids))
    return ItemTotals(ids, answers, residuals)
