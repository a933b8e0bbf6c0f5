"""Misspellings within a small number of edits."""


def edit_distance(source: str, target: str, limit: int) -> int | None:
    """Damerau-Levenshtein distance if it is at most ``limit`` (0 to 2), else None.

    Insertions, deletions, substitutions and swaps of neighbours cost one each; other signs may come between two that
    are swapped (Lowrance and Wagner 1975). Takes linear time.
    """
    if abs(len(source) - len(target)) > limit:
        return None
    return next((distance for distance in range(limit + 1) if _within(source, target, distance)), None)


def _within(source: str, target: str, edits: int) -> bool:
    start = _common_prefix(source, target)
    source, target = source[start:], target[start:]
    if edits == 0 or not source or not target:
        return max(len(source), len(target)) <= edits
    if abs(len(source) - len(target)) > edits:
        return False
    return (
        _within(source[1:], target, edits - 1)
        or _within(source, target[1:], edits - 1)
        or _within(source[1:], target[1:], edits - 1)
        or _swapped(source, target, edits)
    )


def _swapped(source: str, target: str, edits: int) -> bool:
    """Swaps of the first sign with the next, and, at two edits, across one inserted or deleted sign."""
    if source[:2] == target[1::-1] and _within(source[2:], target[2:], edits - 1):
        return True
    if edits == 1:
        return False
    inserted = source[:2] == target[2::-2] and source[2:] == target[3:]
    deleted = target[:2] == source[2::-2] and source[3:] == target[2:]
    return inserted or deleted


def _common_prefix(source: str, target: str) -> int:
    if source == target:
        return len(source)
    pairs = zip(source, target, strict=False)
    return next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(source), len(target)))
