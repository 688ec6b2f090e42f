"""A plan's figures in plain words, Indonesian or English, made at the edge from codes; called by the API."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services.evaluation.plan.outcome import Outcome
from shared.contracts.scenario import (
    LevelValue,
)

Words = Mapping[str, Mapping[str, Mapping[str, str]]]


@cache
def _words() -> Words:
    read: Words = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return read


def levels_said(levels: Iterable[LevelValue], lang: str) -> list[dict[str, object]]:
    """Each level with its value, bound, gap and what it means."""
    named = _words()["levels"]
    return [
        {**level.model_dump(), "gap": level.value - level.bound, "text": named[level.level][lang]} for level in levels
    ]


def faults_said(faults: Iterable[str], lang: str) -> list[str]:
    """Each fault ("CODE where") as a sentence; a code without one is shown as it is."""
    named = _words()["faults"]
    said = ((fault.partition(" "), fault) for fault in faults)
    return [named[code][lang].format(where=where) if code in named else fault for (code, _, where), fault in said]


def conflict_said(conflict: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    """What cannot be met together, part by part."""
    return [_part(part, lang) for part in conflict["parts"]]


def outcome_said(found: Outcome, lang: str) -> str:
    """What is known of the effect, in one or two sentences; shares are of the figure before."""
    said = {"due": str(found.due), "missing": ", ".join(found.missing)}
    if found.change is not None and found.others is not None:
        parts = {"change": found.change, "others": found.others, "effect": found.change - found.others}
        said |= {name: _share(part, found.baseline) for name, part in parts.items()}
    return _words()["outcomes"][found.waits or "JUDGED"][lang].format(**said)


def _share(part: float, baseline: float | None) -> str:
    return f"{100 * part / baseline:+.1f}%" if baseline else f"{part:+.1f}"


def _part(part: Mapping[str, str], lang: str) -> dict[str, str]:
    return {**part, "text": _words()["parts"][part["kind"]][lang].format(where=part["where"])}


def difference_said(answer: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """An explanation with a sentence for each verdict in it, and the words of each constraint."""
    said = dict(answer)
    if "why" in said:
        found = said["why"]
        said["why"] = {**found, **{name: _verdict(found[name], lang) for name in ("stay", "second")}}
    if "why_not" in said:
        said["why_not"] = _verdict(said["why_not"], lang)
    if "gains" in said:
        said["gains"] = [
            {**gain, "part": _part(gain["part"], lang), "differences": _differences(gain["differences"], lang)}
            for gain in said["gains"]
        ]
    return said


def _differences(differences: Iterable[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    return [{**one, "text": _words()["levels"][one["level"]][lang]} for one in differences]


def _verdict(answer: Mapping[str, Any], lang: str) -> dict[str, Any]:
    differences, against = _differences(answer["differences"], lang), [_part(p, lang) for p in answer["conflict"]]
    first = f"{differences[0]['text']} {differences[0]['by']:+d}" if differences else ""
    sentence = _words()["verdicts"][answer["verdict"]][lang]
    text = sentence.format(first=first, against="; ".join(part["text"] for part in against) or "-")
    return {**answer, "differences": differences, "conflict": against, "text": text}
