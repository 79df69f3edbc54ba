# `make demo` and `make test` do all the set-up they need, in .venv, from pinned and hashed
# requirements. PYTHON names the interpreter: make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STORE := demo-graph
# Files are linked one by one into the environment: a new or removed one is linked anew.
FOLDERS := $(shell find ontology analysis figures graph loaders queries server cli evidence -type d -not -name __pycache__)

.PHONY: demo test lint requirements docs benchmark clean

demo: $(VENV)/.base
	@$(BIN)/evikg build --store $(STORE)
	@echo
	@echo "How many patients reached CR/CRi, by dose regimen?"
	@echo
	@$(BIN)/evikg ask response-by-regimen --store $(STORE)
	@echo
	@echo "How often does veno-occlusive disease follow transplantation?"
	@echo
	@$(BIN)/evikg ask vod-sos-after-transplant --store $(STORE)
	@echo
	@echo "How often is febrile neutropenia reported? (patients, events and reports are never added)"
	@echo
	@$(BIN)/evikg ask adverse-event --event febrile-neutropenia --store $(STORE)
	@echo
	@echo "What to try next:"
	@echo "  $(BIN)/evikg questions                                   everything that can be asked"
	@echo "  $(BIN)/evikg ask landmark-survival --store $(STORE)        alive after one year"
	@echo "  $(BIN)/evikg explain yoon-2026-l302-2 --store $(STORE)   from a number to its cell"

test: $(VENV)/.all
	@$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.all
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The catalogue of questions as a page, generated from the question files, and the picture of the README.
docs: $(VENV)/.all
	$(BIN)/python -m evikg.queries.page > docs/questions.md
	$(BIN)/evikg build --store $(STORE)
	$(BIN)/evikg pool response-by-regimen --by regimen --store $(STORE) \
	  --plot docs/pictures/response-by-regimen.svg

benchmark: $(VENV)/.all
	$(BIN)/python -m benchmarks.run

# Pins every dependency with its hashes, for Python 3.11 and newer, on every platform.
requirements: requirements/build.in pyproject.toml
	$(PYTHON) -m venv $(VENV)-pin
	$(VENV)-pin/bin/python -m pip --disable-pip-version-check --quiet install uv
	$(VENV)-pin/bin/uv pip compile pyproject.toml requirements/build.in --universal \
	  --generate-hashes --no-emit-index-url --python-version 3.11 --upgrade \
	  --custom-compile-command "make requirements" -q -o requirements/base.txt
	$(VENV)-pin/bin/uv pip compile pyproject.toml requirements/build.in --universal \
	  --generate-hashes --no-emit-index-url --python-version 3.11 --upgrade --extra all --group dev \
	  --custom-compile-command "make requirements" -q -c requirements/base.txt \
	  -o requirements/all.txt
	rm -rf $(VENV)-pin

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base-requirements: requirements/base.txt | $(VENV)/bin/python
	@echo "setting up $(VENV) …"
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/.all-requirements: requirements/all.txt | $(VENV)/bin/python
	@echo "setting up $(VENV) …"
	@$(PIP) install --require-hashes -r $<
	@touch $@ $(VENV)/.base-requirements

$(VENV)/.base: $(VENV)/.base-requirements pyproject.toml $(FOLDERS)
	@$(PIP) install --no-deps --no-build-isolation -e . --config-settings editable_mode=strict
	@touch $@

$(VENV)/.all: $(VENV)/.all-requirements $(VENV)/.base
	@touch $@

clean:
	rm -rf $(VENV) $(STORE) build dist *.egg-info
