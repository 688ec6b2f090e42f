"""`mutasi` and `python -m services.cli`.

Exit codes: 0 done; 1 refused by a rule; 2 wrong usage; 3 not signed in or not allowed; 4 not found; 5 a service or
server does not answer; 6 a history is broken or an evaluation does not repeat; 7 the clock did not get where it should.
"""

import sys
from collections.abc import Sequence

import typer

from services.cli import (
    agencies,
    audit,
    careers,
    cases,
    clock,
    corrections,
    decrees,
    desk,
    documents,
    emergency,
    events,
    groups,
    indicators,
    notices,
    outcomes,
    plans,
    quality,
    rankings,
    registry,
    remedies,
    reorganisations,
    reviews,
    rules,
    signals,
    tasks,
    trainings,
    voice,
)
from services.cli.client import Failure
from services.cli.output import Output
from services.cli.session import GLOBAL_FLAGS, Session

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, help=__doc__)
GROUPS = (
    registry,
    agencies,
    quality,
    corrections,
    signals,
    cases,
    careers,
    decrees,
    remedies,
    groups,
    reorganisations,
    emergency,
    voice,
    rules,
    outcomes,
    indicators,
    rankings,
    reviews,
    trainings,
    tasks,
    desk,
    documents,
    plans,
    notices,
    events,
    clock,
    audit,
)
for group in GROUPS:
    group.add_to(app)


@app.callback()
def start(
    context: typer.Context,
    as_json: bool = typer.Option(False, "--json", help="JSON, for programs."),
    login: str = typer.Option("", help="Demo account to act as; without it MUTASI_TOKEN, else MUTASI_ADMIN."),
) -> None:
    """Options that stand anywhere in the line."""
    context.obj = Session.here(login, Output(as_json=as_json))


def in_front(arguments: Sequence[str]) -> list[str]:
    """The options of `mutasi` itself may stand behind a command too: move them to where they are read."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word.partition("=")[0] in GLOBAL_FLAGS:
            front.append(word)
            if GLOBAL_FLAGS[word.partition("=")[0]] and "=" not in word:
                front += [next(words, "")]
        else:
            rest.append(word)
    return front + rest


def main() -> None:
    """Run the command; a failure is one readable message and its exit code."""
    try:
        app(in_front(sys.argv[1:]), prog_name="mutasi")
    except Failure as failure:
        failure.tell("--json" in sys.argv)
        sys.exit(failure.exit_code)


if __name__ == "__main__":
    main()
