# Everything runs in a virtual environment of its own; PYTHON and VENV may be set: make test PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
IMAGES ?=
BIN = $(VENV)/bin
# Where PYTHONDONTWRITEBYTECODE is set, every process of a scan would compile an editable install anew.
COMPILE = @$(BIN)/python -m compileall -q sanitize

.DELETE_ON_ERROR:
.PHONY: demo test test-workflows lint docs bench clean

# The scan of damaged samples must find errors: status 1 is the good end, 0 would be as wrong as 2 or 3.
demo: $(VENV)/installed
	@$(BIN)/sanitize scan corrupt_samples --labels corrupt_samples/train.txt; status=$$?; \
	if [ $$status -eq 1 ]; then \
		echo "The scan ended with status 1: it found what is wrong with corrupt_samples. The results are in sanitized/;"; \
		echo "open sanitized/report.html. The program itself is $(BIN)/sanitize: $(BIN)/sanitize explain embedded-payload"; \
	else \
		echo "The scan ended with status $$status; 1 was expected." >&2; exit 1; \
	fi

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto

# Each tool gets an environment of its own in $(VENV)-workflows, where it stays; a tool that is not to be had is skipped.
test-workflows: $(VENV)/installed-dev
	WORKFLOW_ENVIRONMENTS=$(VENV)-workflows $(BIN)/python -m pytest -rs workflows/tests

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: $(VENV)/installed
	$(BIN)/python docs/rules_table.py
	$(BIN)/python docs/picture.py

bench: $(VENV)/installed
	@test -n "$(IMAGES)" || { echo "Name a folder of images: make bench IMAGES=folder" >&2; exit 2; }
	$(BIN)/python -m benchmarks "$(IMAGES)"

clean:
	rm -rf $(VENV) $(VENV)-workflows build sanitized
	find sanitize -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	$(COMPILE)
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(COMPILE)
	@touch $@ $(VENV)/installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("sanitize needs Python 3.11 or later; name one: make demo PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
