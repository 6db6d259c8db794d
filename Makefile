# make demo, make test, make check, make docs, make bench: each installs what it needs.
PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python
export TF_CPP_MIN_LOG_LEVEL ?= 3
# Processes share the cores better than the threads of each would.
ONE_THREAD := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1
IN_PARALLEL := -m pytest -n logical --maxprocesses 4 --dist worksteal

.PHONY: help demo test slow check docs bench clean

help:
	@echo "make demo    simulate people, train, evaluate, write a report"
	@echo "make test    run the tests"
	@echo "make slow    run the tests that train longer"
	@echo "make check   lint, types, spelling, examples in docstrings"
	@echo "make docs    build the documentation"
	@echo "make bench   measure speed and accuracy beside rivals (SLOW=1 for all)"
	@echo "make clean   remove what the others made"

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("sensorhar needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed-dev
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[docs]"
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-dev
	$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt tsfel
	-$(RUN) -m pip install --quiet --disable-pip-version-check -c constraints.txt --only-binary :all: aeon  # not for all pandas
	@touch $@

demo: $(VENV)/installed
	$(RUN) -m sensorhar demo --out sensorhar-report --force

test: $(VENV)/installed-dev
	$(ONE_THREAD) $(RUN) $(IN_PARALLEL)

slow: $(VENV)/installed-dev
	$(RUN) -m pytest -m slow

check: $(VENV)/installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -m codespell_lib
	$(ONE_THREAD) $(RUN) $(IN_PARALLEL) -q --doctest-modules sensorhar

docs: $(VENV)/installed-docs
	$(RUN) -m sphinx -W -q -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

bench: $(VENV)/installed-bench
	$(RUN) -m tests.benchmarks $(if $(SLOW),--slow)

clean:
	rm -rf $(VENV) build dist docs/_build docs/tutorials sensorhar-report bench.json
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis sensorhar.egg-info
