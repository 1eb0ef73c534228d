# Every target sets itself up from a clean checkout: Python 3.11+ with venv, make and a shell are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE_VENV := .venv-bundle
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-chain run test check format bench bench-chain fuzz faults lock screenshots clean bundle \
  bench-bundle deb test-packaging

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "cashier-app needs Python 3.11 or newer. Try: make PYTHON=python3.11 <target>"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "This Python has no venv module. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 2; }

$(VENV)/.run-ready: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev-ready: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run-ready

# The bundle is built from what a shop needs and nothing else: nothing of the developers' can get into it.
$(BUNDLE_VENV)/.ready: requirements/bundle.txt | $(VENV)/bin/python
	@echo "Installing into $(BUNDLE_VENV) ..."
	@$(BIN)/python -m venv --clear $(BUNDLE_VENV)
	@$(BUNDLE_VENV)/bin/python -m pip install --quiet --require-hashes -r requirements/bundle.txt
	@touch $@

demo: $(VENV)/.run-ready ## open the demo shop (without a display: play the tour and write its screenshots to tour/)
	@$(BIN)/python scripts/demo.py

demo-chain: $(VENV)/.dev-ready ## let 3 stores with 4 tills each tell one PostgreSQL ledger, and show the chain's days
	@$(BIN)/python scripts/demo_chain.py

test: $(VENV)/.dev-ready ## run all tests
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/system_libraries.py
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/.dev-ready ## lint, format check, types, import directions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy --no-error-summary installer
	@$(BIN)/lint-imports

format: $(VENV)/.dev-ready ## let ruff mend what it can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev-ready ## measure start-up, scan to member, memory; prints ratios
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/system_libraries.py
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks

bench-chain: $(VENV)/.dev-ready ## fill a PostgreSQL ledger with 12 million sales and measure a month of the chain (11 minutes)
	@$(BIN)/python -m tests.benchmarks.chain_figures $(ARGS)

# ARGS are the bundle's only where it is what was asked for: of `make deb` they are the package's.
bundle: $(BUNDLE_VENV)/.ready ## build the program a shop installs, both commands in one folder, into dist/cashier-app
	@QT_QPA_PLATFORM=offscreen $(BUNDLE_VENV)/bin/python scripts/system_libraries.py
	@$(BUNDLE_VENV)/bin/python installer/build.py $(if $(filter bundle,$(MAKECMDGOALS)),$(ARGS))

bench-bundle: $(VENV)/.dev-ready bundle ## measure the bundle: its size against a bare frozen program, its start against source
	@$(BIN)/python -m tests.benchmarks.frozen

deb: bundle ## build the Debian package from the bundle, into dist/ (needs dpkg-deb)
	@QT_QPA_PLATFORM=offscreen $(BUNDLE_VENV)/bin/python installer/linux/build_deb.py $(ARGS)

# Loud where it cannot be tried: -ra lists what was skipped, and why, at the end.
test-packaging: $(VENV)/.dev-ready bundle ## install, upgrade, cut off and remove the package in a clean Debian (root; 10 minutes)
	@CASHIER_TEST_PACKAGING=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --timeout 600 tests/packaging $(ARGS)

fuzz: $(VENV)/.dev-ready ## read a million made-up codes and count what goes wrong (2 minutes)
	@$(BIN)/python -m tests.fuzz $(ARGS)

faults: $(VENV)/.dev-ready ## break the till in every way we know and count what was lost or doubled (11 minutes)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/system_libraries.py
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.faults $(ARGS)

screenshots: $(VENV)/.dev-ready ## render every state of the till into docs/screenshots
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/screenshots.py docs/screenshots

lock: $(VENV)/bin/python ## pin the requirements again (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate pyproject.toml --group build -o requirements/run.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate pyproject.toml --group bundle -o requirements/bundle.txt

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) $(BUNDLE_VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist tour
