"""What changed between two stored states, as the fields to set and to unset."""

from typing import Any

DEPTH, BIG = 2, 8


def delta(old: dict[str, Any], new: dict[str, Any], path: str, changed: dict[str, Any], unset: list[str]) -> None:
    """Add to `changed` and `unset` what turns `old` into `new` below `path`; big maps are not rewritten whole."""
    for key, value in new.items():
        before = old.get(key, _ABSENT)
        if before is _ABSENT or before != value:
            if _deep(before, value, path):
                delta(before, value, f"{path}.{key}", changed, unset)
            else:
                changed[f"{path}.{key}"] = value
    unset.extend(f"{path}.{key}" for key in old if key not in new)


_ABSENT = object()


def _deep(before: Any, value: Any, path: str) -> bool:
    return (
        isinstance(before, dict)
        and isinstance(value, dict)
        and len(before) > BIG
        and path.count(".") < DEPTH
        and all("." not in key and not key.startswith("$") and key for key in (*before, *value))
    )
