"""Arithmetic written by authors. It is parsed, checked against an allow-list and computed in floats; nothing is run."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

MAX_LENGTH = 500
MAX_DEPTH = 40
MAX_ROUND_DIGITS = 15

_CONSTANTS: Final[Mapping[str, float]] = {"pi": math.pi, "e": math.e}
_ALPHABET = re.compile(r"[A-Za-z0-9_.,+\-*/%()^ ]+")
_WIDE = Context(prec=400)  # a float has at most 309 digits before its point


class ExpressionError(ValueError):
    """The expression is not allowed, or has no finite real value."""


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """Value of an expression of + - * / // % **, parentheses, names and the functions of `FUNCTIONS`.

    Raises:
        ExpressionError: For all that is not allowed, unknown names, and values that are not finite.
    """
    tree = _parsed(expression)
    try:
        result = _value(tree, values)
    except ExpressionError:
        raise
    except (ArithmeticError, ValueError, TypeError) as error:
        raise ExpressionError(f"The expression has no value: {error}.") from error
    if not math.isfinite(result):
        raise ExpressionError("The expression has no finite value.")
    return result


def variable_names(expression: str) -> frozenset[str]:
    """Names that must be given values; raises `ExpressionError` as `evaluate` does."""
    names = {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}
    return frozenset(names - set(FUNCTIONS) - set(_CONSTANTS))


def round_half_up(value: float, digits: float = 0) -> float:
    """Rounding as taught in schools: 2.5 gives 3, 2.675 to two digits gives 2.68."""
    if abs(digits) > MAX_ROUND_DIGITS or digits != int(digits):
        raise ExpressionError(f"Digits are a whole number up to {MAX_ROUND_DIGITS}.")
    unit = Decimal(1).scaleb(-int(digits))
    return float(Decimal(repr(value)).quantize(unit, ROUND_HALF_UP, _WIDE))


FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "round": round_half_up,
    "floor": lambda value: float(math.floor(value)),
    "ceil": lambda value: float(math.ceil(value)),
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
}
_BINARY: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,  # the operator would make complex numbers of negative ones
}
_UNARY: Final[Mapping[type[ast.unaryop], Callable[[float], float]]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


@lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.expr:
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"The expression is longer than {MAX_LENGTH} characters.")
    if not _ALPHABET.fullmatch(expression):
        raise ExpressionError("The expression is empty or has signs that arithmetic does not use.")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("The expression is not well-formed.") from error
    _check(tree, depth=0)
    return tree


def _check(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError("The expression is nested too deeply.")
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return
        case ast.Name():
            return
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            _check(operand, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _check(left, depth + 1)
            _check(right, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            for argument in arguments:
                _check(argument, depth + 1)
        case ast.BinOp(op=ast.BitXor()):
            raise ExpressionError("Powers are written with **.")
        case _:
            raise ExpressionError(f"{type(node).__name__} is not allowed in an expression.")


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    """Of a checked tree; every number is a float, so that no power grows beyond 64 bits."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return _named(name, values)
        case ast.UnaryOp(op=op, operand=operand):
            return _UNARY[type(op)](_value(operand, values))
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise ExpressionError("The expression was not checked.")


def _named(name: str, values: Mapping[str, float]) -> float:
    if name in values:
        return float(values[name])
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    raise ExpressionError(f"{name} has no value.")
