"""Whether the chains bring what their decrees need: asked when the service starts, said in words for a lawyer. Pure."""

from collections.abc import Iterator
from datetime import date

from services.approval.domain.chain import BadChains, Chain, Chains
from services.approval.domain.decrees.authority import Authorities, Authority, Unlawful
from services.approval.domain.letters import Issuer
from shared.contracts.stages import LetterKind

WITHOUT_DECREE = frozenset({"emergency"})
"""A letter of assignment is no decree: nobody's post changes."""


def agree(chains: Chains, authorities: Authorities) -> None:
    """Raises BadChains: a chain whose every case would end in a decree withheld (I3, I4)."""
    if problems := tuple(problem for chain in chains.chains for problem in _lacking(chain, authorities)):
        raise BadChains(problems)


def _lacking(chain: Chain, authorities: Authorities) -> Iterator[str]:
    if chain.kind in WITHOUT_DECREE:
        return
    starts = [entry.valid_from for entry in authorities.entries if entry.kind == chain.kind]
    for day in sorted({chain.valid_from, *(start for start in starts if chain.holds_on(start))}):
        try:
            entry = authorities.on(chain.kind, day)
        except Unlawful:
            yield _sentence(chain, day, "nobody may issue its decree: add an entry for this kind")
            continue
        yield from (_sentence(chain, day, found) for found in _against(chain, entry))


def _against(chain: Chain, entry: Authority) -> Iterator[str]:
    last = chain.stages[-1]
    if last.office != entry.office:
        yield f"the decree is for {entry.office}, but stage {last.id} is for {last.office}: mend one of both"
    brought = {(stage.letter.kind, stage.letter.issuer) for stage in chain.stages if stage.letter}
    needed: list[tuple[LetterKind, Issuer]] = [(one.kind, one.issuer) for one in entry.letters]
    if entry.consideration and entry.consideration.issuer:
        needed.append(("consideration", entry.consideration.issuer))
    for kind, issuer in needed:
        if (kind, issuer) not in brought:
            yield f"the decree needs the letter {kind} of {issuer}, but no stage brings it: add one"
    office = entry.consideration.office if entry.consideration else ""
    if office and office not in {stage.office for stage in chain.stages[:-1]}:
        yield f"the decree needs the consent of {office}, but no stage is for it: add one"


def _sentence(chain: Chain, day: date, what: str) -> str:
    return f"{chain.id} {chain.version} and authorities.yaml, on {day}, moves of kind {chain.kind}: {what}"
