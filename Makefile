# `make` alone prints this list. Everything happens inside .venv; nothing needs root.

.DEFAULT_GOAL := help
.PHONY: help setup run demo test quick check format bench pagebench chaos screenshots lock clean

BIN := .venv/bin
READY := .venv/.ready

help: ## Print this list
	@echo "Handoff: the call-handoff layer for Twilio that you run yourself."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s%s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make .venv with everything in it (the other targets do it when needed)

run: $(READY) ## Start Handoff here, with its own Redis; Ctrl-C stops it
	@exec $(BIN)/handoff run

demo: $(READY) ## Play whole signed calls through the running routes and print where each went
	@exec $(BIN)/handoff demo

test: $(READY) ## Run every test that this machine can run
	@exec $(BIN)/python -m pytest

quick: $(READY) ## Run the tests without the long ones
	@exec $(BIN)/python -m pytest -m "not slow"

check: $(READY) ## Lint, formatting, types, and the table of allowed imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py

format: $(READY) ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Measure the voice path against plain Twilio apps, as ratios
	@exec $(BIN)/python -m bench

pagebench: $(READY) ## Measure the console's pages and changes at 1,000 rules and 100,000 calls; fail when one is over budget
	@exec $(BIN)/python -m tests.console.bench

chaos: $(READY) ## Break Redis, workers and disk under load, and count what callers notice
	@exec $(BIN)/python -m pytest tests/chaos

screenshots: $(READY) ## Photograph the console: every page and state, two widths, light and dark, into screenshots/
	@exec $(BIN)/python -m tests.console.screenshots $(only)

lock: $(READY) ## Write the lock files anew (needs uv)
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --output-file requirements.lock
	uv pip compile pyproject.toml $(LOCK_OPTIONS) --extra dev --output-file requirements-dev.lock

clean: ## Remove .venv and what tools have left; var/ with your data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --upgrade --quiet --no-config \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

# Done again only when one of these files has changed, so that the next `make run` starts at once.
$(READY): requirements-dev.lock pyproject.toml
	@set -e; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Handoff needs Python 3.11 or newer with its venv module." >&2; \
	  echo "Install it (apt-get install python3 python3-venv, brew install python) or name it: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	echo "1/3 $$($$found --version) makes .venv"; \
	$$found -m venv --clear .venv; \
	echo "2/3 Installing the locked packages, each checked against its hash"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock; \
	echo "3/3 Installing the handoff command"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	touch $@
