"""Numbers with units."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.numbers import MAX_LENGTH, number_readings, readable
from app.domain.question_draft import Unit


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a text may stand for, in the base unit, and the unit it was written with."""

    readings: tuple[float, ...]
    unit: Unit | None = None


def read_quantity(text: str, units: Sequence[Unit], *, decimal_comma: bool) -> Quantity | None:
    """A number with a known unit before or behind it, or with none; None for anything else."""
    text = readable(text)
    if readings := number_readings(text, decimal_comma=decimal_comma):
        return Quantity(readings)
    if not units or len(text) > MAX_LENGTH:
        return None
    for number, name in _cuts(text):
        unit = _find(name, units)
        if unit and (readings := number_readings(number, decimal_comma=decimal_comma)):
            return _converted(readings, unit)
    return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """The text cut into number and unit in every way, long units first."""
    for place in range(1, len(text)):
        yield text[:place], text[place:]
    for place in range(len(text) - 1, 0, -1):
        yield text[place:], text[:place]


def _find(name: str, units: Sequence[Unit]) -> Unit | None:
    """By exact spelling, else regardless of case if that names one unit: mm is not MM, but KG is kg."""
    name = _form(name)
    exact = [unit for unit in units if _form(unit.name) == name]
    folded = [unit for unit in units if _form(unit.name).casefold() == name.casefold()]
    if exact:
        return exact[0]
    return folded[0] if len(folded) == 1 else None


def _form(name: str) -> str:
    """m², m^2 and m2 are one unit, as are N·m and N m."""
    return "".join(sign for sign in readable(name) if sign not in " ^·⋅*")


def _converted(readings: tuple[float, ...], unit: Unit) -> Quantity | None:
    values = tuple(value for reading in readings if math.isfinite(value := reading * unit.multiplier))
    return Quantity(values, unit) if values else None
