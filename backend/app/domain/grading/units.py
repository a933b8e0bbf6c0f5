"""Numbers with units."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.numbers import MAX_LENGTH, number_readings, readable
from app.domain.question_draft import Unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a text may stand for, in the base unit, and the unit it was written with."""

    readings: tuple[float, ...]
    unit: Unit | None = None


def read_quantity(text: str, units: tuple[Unit, ...], *, decimal_comma: bool) -> Quantity | None:
    """A number with a known unit before or behind it, or with none; None for anything else."""
    text = readable(text)
    if readings := number_readings(text, decimal_comma=decimal_comma):
        return Quantity(readings)
    if not units or len(text) > MAX_LENGTH:
        return None
    names = _by_name(units)
    for number, name in _cuts(text):
        unit = _find(name, names)
        if unit and (readings := number_readings(number, decimal_comma=decimal_comma)):
            return _converted(readings, unit)
    return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into number and unit in every way, long units first."""
    for place in range(1, len(text)):
        yield text[:place], text[place:]
    for place in range(len(text) - 1, 0, -1):
        yield text[place:], text[:place]


@lru_cache(maxsize=256)
def _by_name(units: tuple[Unit, ...]) -> dict[str, Unit]:
    """Units by exact spelling and, where that names one alone, regardless of case: mm is not MM, but KG is kg."""
    folded: dict[str, list[Unit]] = {}
    for unit in units:
        folded.setdefault(_form(unit.name).casefold(), []).append(unit)
    unique = {name: alike[0] for name, alike in folded.items() if len(alike) == 1}
    return unique | {_form(unit.name): unit for unit in reversed(units)}


def _find(name: str, names: Mapping[str, Unit]) -> Unit | None:
    form = _form(name)
    return names.get(form) or names.get(form.casefold())


def _form(name: str) -> str:
    """m², m^2 and m2 are one unit, as are N·m and N m."""
    return "".join(sign for sign in readable(name) if sign not in " ^·⋅*")


def _converted(readings: tuple[float, ...], unit: Unit) -> Quantity | None:
    values = tuple(value for reading in readings if math.isfinite(value := reading * unit.multiplier))
    return Quantity(values, unit) if values else None
