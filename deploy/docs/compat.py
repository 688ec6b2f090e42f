"""Could a consumer of yesterday read what is said tomorrow, and one of tomorrow what was said yesterday?

Events are kept for ever and services are deployed one after another, so both must hold: a type only ever grows by
optional fields. Everything else is a new version of the type.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
UNSAID = frozenset({"title", "description", "examples", "$defs", "$ref", "properties", "required"})
"""Words of a schema that change nothing, or that are looked into elsewhere."""


def breaks(old: Schema, new: Schema) -> list[str]:
    """What of the change an old or a new reader could not bear; nothing for a harmless one."""
    return list(_Change(old, new).between("", old, new))


class _Change:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old.get("$defs", {}), new.get("$defs", {})

    def between(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        """The faults of one schema, with the place of each."""
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        yield from self._fields(place, old, new)
        for word in sorted((old.keys() | new.keys()) - UNSAID):
            yield from self._word(place, word, old.get(word), new.get(word))

    def _fields(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(before.keys() - after.keys()):
            yield f"{place}/{name}: was removed, or has another name now"
        needed, was_needed = set(new.get("required", ())), set(old.get("required", ()))
        for name in sorted(needed - was_needed):
            yield f"{place}/{name}: is required now; what was said before does not have it"
        for name in sorted((was_needed - needed) & after.keys()):
            yield f"{place}/{name}: was always there, and may be missing now"
        for name in sorted(before.keys() & after.keys()):
            yield from self.between(f"{place}/{name}", before[name], after[name])

    def _word(self, place: str, word: str, before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
        match before, after:
            case dict(), dict() if word in ("items", "additionalProperties"):
                yield from self.between(f"{place}/*", before, after)
            case list(), list() if word in ("anyOf", "prefixItems") and len(before) == len(after):
                for number, (one, other) in enumerate(zip(before, after, strict=True)):
                    yield from self.between(f"{place}/{word}/{number}", one, other)
            case _ if before != after:
                yield f"{place or '/'}: {word} was {before!r} and is {after!r}"


def _resolved(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema itself where it only points to a definition; what stands beside the pointer counts."""
    pointer = schema.get("$ref", "")
    return {**definitions[pointer.rpartition("/")[2]], **schema} if pointer else schema
