# The commands of mutasi. `make` alone lists them.
.DEFAULT_GOAL := help
.SUFFIXES:
SHELL := /bin/bash

LOCKED := .venv/.locked-$(shell cat uv.lock requirements.lock | cksum | cut -d' ' -f1)
PY := .venv/bin/python
LOCAL := $(PY) -m deploy.local

.PHONY: help run test check stop clean doctor demo logs backup restore rebuild bench chaos test-wide fmt lock venv

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(LOCKED) ## start everything on this machine and play one transfer; Ctrl-C ends it
	@$(LOCAL).up

stop: $(LOCKED) ## end what `make run` started, from another terminal
	@$(LOCAL).down

demo: $(LOCKED) ## play one more transfer on the running system
	@$(LOCAL).demo

logs: $(LOCKED) ## show the logs; one service: make logs s=proposal
	@tail -n 100 -F .run/logs/$(or $(s),*).log

doctor: ## one table of what is there and what is missing
	@[ -x $(PY) ] || deploy/local/venv.sh only-check-python
	@$(firstword $(wildcard $(PY)) $(PYTHON) python3) -m deploy.local.doctor

backup: $(LOCKED) ## copy both servers' data: make backup FILE=mutasi.tar.gz
	@$(LOCAL).backup save "$(FILE)"

restore: $(LOCKED) ## put a copy back: make restore FILE=mutasi.tar.gz
	@$(LOCAL).backup restore "$(FILE)"

rebuild: $(LOCKED) ## build what the pages show anew from the topics, while everything runs
	@$(LOCAL).rebuild

clean: ## end everything and remove its data, logs and the virtual environment (the cache stays)
	@if [ -x $(PY) ]; then $(LOCAL).down; fi
	@rm -rf .run .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

test: $(LOCKED) ## everything that must be green; more arguments: make test ARGS="-k stack"
	@.venv/bin/pytest -n 2 --dist load $(ARGS)

test-wide: export MUTASI_SCREENSHOTS ?= $(CURDIR)/.run/pictures
test-wide: $(LOCKED) ## the slow and wide checks; results go to docs/wide.md, pictures of all pages to .run/pictures
	@.venv/bin/pytest -m wide --junitxml=.run/wide.xml $(ARGS); status=$$?; \
	  .venv/bin/python -m tests.wide .run/wide.xml docs/wide.md; exit $$status

chaos: $(LOCKED) ## transfers under load while everything is killed in turn
	@.venv/bin/pytest -m chaos -s $(ARGS)

bench: $(LOCKED) ## measure
	@.venv/bin/pytest -m bench -s $(ARGS)

check: $(LOCKED) ## style, types, imports, lock
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/uv lock --check
	@.venv/bin/uv export -q --locked --no-emit-project --no-header | diff -q - requirements.lock \
		|| { echo "✗ requirements.lock is not what uv.lock says. Run: make lock"; exit 1; }

fmt: $(LOCKED) ## format, and mend what can be mended by itself
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: ## make both lock files anew after a change of the dependencies
	.venv/bin/uv lock
	.venv/bin/uv export -q --locked --no-emit-project --no-header -o requirements.lock

venv: $(LOCKED)

$(LOCKED):
	@deploy/local/venv.sh
	@rm -f .venv/.locked-* && touch $@
