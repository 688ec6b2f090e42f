#!/usr/bin/env bash
# Makes .venv from the committed lock: with uv where it is found, else with pip. Called by the Makefile.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
fail() { printf '✗ %s\n  %s\n' "$1" "$2" >&2; exit 10; }

if command -v uv >/dev/null; then
    echo "… making .venv with uv"
    uv sync --quiet --locked
else
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Python 3.11 or newer was not found." "Install it, or name it:  PYTHON=python3.12 make run"
    echo "… making .venv with pip"
    "$python" -m venv --clear .venv >/dev/null ||
        fail "Python cannot make virtual environments." "Install it:  sudo apt-get install -y python3-venv"
    .venv/bin/pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements.lock
    .venv/bin/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
fi
