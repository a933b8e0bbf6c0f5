"""Formulas of other systems as the arithmetic of `domain.expressions`."""

import ast
from collections.abc import Mapping, Sequence

from app.domain.expressions import MAX_LENGTH, ExpressionError, variable_names

_RENAMED_FUNCTIONS = {"ln": "log", "ceiling": "ceil"}
_POWER_ARGUMENTS = 2


class FormulaError(ValueError):
    """The formula uses something that the arithmetic does not have."""


def expression_of(formulas: Sequence[str], names: Mapping[str, str]) -> str:
    """One expression for formulas of which all but the last may define what later ones use, like ``x=n*x``.

    ``names`` gives our name for each variable. Powers may be written as ``^``, ``**`` or ``pow(a, b)``.

    Raises:
        FormulaError: When there is no formula or one is not plain arithmetic over the variables.
    """
    try:
        expression = _joined(formulas, names)
    except RecursionError as error:
        raise FormulaError("The formula is nested too deeply.") from error
    _check(expression, set(names.values()))
    return expression


def _joined(formulas: Sequence[str], names: Mapping[str, str]) -> str:
    defined: dict[str, ast.expr] = {}
    expression = ""
    for formula in formulas:
        target, tree = _parsed(formula)
        result = _Translation(names, defined).visit(tree)
        expression = ast.unparse(result)
        if len(expression) > MAX_LENGTH:
            raise FormulaError("The formula is too long.")
        if target:
            defined[target] = result
    return expression


def _parsed(formula: str) -> tuple[str, ast.expr]:
    """The variable that the formula defines, or nothing, and its value."""
    if len(formula) > MAX_LENGTH:
        raise FormulaError("The formula is too long.")
    try:
        (statement,) = ast.parse(formula.strip().replace("^", "**")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError("The formula is not well-formed.") from error
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value
        case ast.Expr(value=value):
            return "", value
    raise FormulaError("The formula is not arithmetic.")


class _Translation(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str], defined: Mapping[str, ast.expr]) -> None:
        self._names = names
        self._defined = defined

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._defined:
            return self._defined[node.id]
        return ast.Name(id=self._names.get(node.id, node.id), ctx=ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id.lower() if isinstance(node.func, ast.Name) else ""
        arguments = [self.visit(argument) for argument in node.args]
        if name == "pi" and not arguments:
            return ast.Name(id="pi", ctx=ast.Load())
        if name == "pow" and len(arguments) == _POWER_ARGUMENTS:
            return ast.BinOp(left=arguments[0], op=ast.Pow(), right=arguments[1])
        function = ast.Name(id=_RENAMED_FUNCTIONS.get(name, name), ctx=ast.Load())
        return ast.Call(func=function, args=arguments, keywords=node.keywords)


def _check(expression: str, known: set[str]) -> None:
    try:
        unknown = variable_names(expression) - known
    except ExpressionError as error:
        raise FormulaError(str(error)) from error
    if unknown:
        raise FormulaError(f"{', '.join(sorted(unknown))} has no values.")
