# make run    install into a fresh virtual environment and simulate the first scenario
# make test   the same with the development tools, then the tests but the slow ones
#
# Needed: Python 3.11 or later with venv, and make. PYTHON=python3.12 picks another interpreter,
# VENV=DIR another place, PYTEST_ARGS="-k name" a part of the tests.

PYTHON = python3
VENV = .venv
PYTEST_ARGS =

.PHONY: run test clean

run: $(VENV)/run.stamp
	$(VENV)/bin/hasim run models/webdata --scenario start-alone

test: $(VENV)/test.stamp
	$(VENV)/bin/python -m pytest -n auto --dist loadfile $(PYTEST_ARGS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "hasim needs Python 3.11 or later; say: make PYTHON=python3.11 ..." >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run.stamp: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet -e .
	touch $@

$(VENV)/test.stamp: pyproject.toml | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet -e '.[dev]'
	touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
