# What README and CONTRIBUTING tell people to run.
PYTHON ?= python3
RUN := .venv
TEST := .venv-test
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run install test test-install check format bench stats stats-live clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN)/.installed ## install what is missing, watch the sample hub (ARGS="--target URL" watches yours)
	@exec $(RUN)/bin/hub-monitor $(ARGS)

install: $(RUN)/.installed ## install into .venv

test: $(TEST)/.installed browser $(RUN)/.installed ## install what tests need, Chromium included, and run them all (ARGS="tests/core": these)
ifdef ARGS
	$(TEST)/bin/python -m pytest $(ARGS)
else
	@# Those that drive Chromium mostly wait: they run beside the others, and say at the end what came of them.
	@$(TEST)/bin/python -m pytest -m browser -o cache_dir=.pytest_cache/browser >$(TEST)/browser.log 2>&1 & pages=$$!; \
	$(TEST)/bin/python -m pytest -m "not browser"; others=$$?; \
	wait $$pages; pages=$$?; cat $(TEST)/browser.log; \
	test $$others -eq 0 -a $$pages -eq 0
endif

check: $(TEST)/.installed ## format, lint, types, rooms
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/ruff check .
	$(TEST)/bin/mypy
	$(TEST)/bin/lint-imports

format: $(TEST)/.installed ## let the formatter have its way
	$(TEST)/bin/ruff format .
	$(TEST)/bin/ruff check --fix .

bench: $(TEST)/.installed browser $(RUN)/.installed ## measure what it costs; prints the table of docs/benchmarks.md
	$(TEST)/bin/python -m benchmarks $(ARGS)

stats: $(TEST)/.installed ## how often comparisons are wrong: the table of docs/statistics.md
	$(TEST)/bin/python -m benchmarks.stats $(ARGS)

stats-live: $(TEST)/.installed ## the same of the sample hub over HTTP, compared with itself (ARGS="--runs 20": all of them)
	$(TEST)/bin/python -m benchmarks.stats.live $(ARGS)

clean: ## remove both environments
	rm -rf $(RUN) $(TEST)

# Two environments: dash[testing] forces an old urllib3 on the one that it is installed in.
$(RUN)/.installed: pyproject.toml requirements/runtime.txt
	@sh requirements/venv.sh "$(PYTHON)" $(RUN)
	@$(RUN)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements/runtime.txt -e .
	@touch $@

$(TEST)/.installed: pyproject.toml requirements/test.txt
	@sh requirements/venv.sh "$(PYTHON)" $(TEST)
	@$(TEST)/bin/python -m pip install --quiet --disable-pip-version-check -c requirements/test.txt -e '.[test]'
	@touch $@

.PHONY: browser
browser:
	@sh requirements/browser.sh
