#!/usr/bin/env bash
# Makes .venv from the committed lock: with uv where it is found, else with pip. Called by the Makefile.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
fail() { printf '✗ %s\n  %s\n' "$1" "$2" >&2; exit 10; }

check_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Python 3.11 or newer was not found." "Install it, or name it:  PYTHON=python3.12 make run"
}

with_uv() {
    echo "… making .venv with uv"
    UV_PROJECT_ENVIRONMENT=.venv uv sync --quiet --locked  # whatever the caller has set
}

with_pip() {
    check_python
    echo "… making .venv with pip: about 100 packages, a minute"
    "$python" -m venv --clear .venv >/dev/null ||
        fail "Python cannot make virtual environments." "Install it:  sudo apt-get install -y python3-venv"
    .venv/bin/pip install --disable-pip-version-check --require-hashes -r requirements.lock |
        awk '/^Collecting/ && ++n % 20 == 0 {print "  " n " packages found"; fflush()} /^Installing/ {print "  installing"; fflush()}'
    .venv/bin/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
}

if [ "${1:-}" = only-check-python ]; then
    check_python
elif command -v uv >/dev/null; then
    with_uv
else
    with_pip
fi
