"""How rows of the same id become one, by the rules of Braintrust's `_is_merge`."""

from typing import Any

Row = dict[str, Any]

KEPT_FROM_THE_FIRST = ("created", "span_id", "root_span_id", "span_parents")


def merge(old: Row | None, new: Row) -> Row:
    """The row after `new` arrived: a merge row is folded into the old one, others replace it.

    Identity and position in the trace stay as they were first sent; `tags` are united; paths in
    `_merge_paths` are replaced instead of merged deeper.
    """
    incoming = {key: value for key, value in new.items() if not key.startswith("_")}
    if old is None or not new.get("_is_merge"):
        return incoming
    paths = new.get("_merge_paths")
    listed = paths if isinstance(paths, list) else []
    replaced = {tuple(map(str, path)) for path in listed if isinstance(path, list)}
    merged = _fold(old, incoming, (), replaced)
    merged |= {key: old[key] for key in KEPT_FROM_THE_FIRST if key in old}
    return merged


def _fold(old: Row, new: Row, path: tuple[str, ...], replaced: set[tuple[str, ...]]) -> Row:
    folded = dict(old)
    for key, value in new.items():
        here = (*path, key)
        before = old.get(key)
        if here not in replaced and isinstance(before, dict) and isinstance(value, dict):
            folded[key] = _fold(before, value, here, replaced)
        elif here == ("tags",) and isinstance(before, list) and isinstance(value, list):
            folded[key] = [*before, *(tag for tag in value if tag not in before)]
        else:
            folded[key] = value
    return folded
