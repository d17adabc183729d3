# make demo      grow a model from nothing and show emergent misalignment (ARGS="--quick")
# make install   askew with completions and manual pages, into PREFIX=/usr/local; make uninstall takes it away
# make test      build and run every test; ARGS="--filter Engine" for some
# make lint      formatting and sizes, as CI checks them
# make format    format the Swift sources in place
# make bench     against PyTorch and Inspect, in turns (PYTHON= to use an environment of your own)
# make docs      the API documentation, into docs/html
# make fixtures  make Tests/Fixtures anew with the real libraries
# make clean     remove what was built

.PHONY: demo install uninstall test lint format bench docs fixtures clean help
.DEFAULT_GOAL := help

PREFIX ?= /usr/local

# Makes `askew --version` name what it was built from.
export ASKEW_COMMIT := $(shell scripts/commit.sh)
SWIFT_FLAGS = $(shell scripts/swift-flags.sh)

demo:
	@scripts/install.sh
	@swift build -c release $(SWIFT_FLAGS) --product askew
	@.build/release/askew demo $(ARGS)

install:
	@scripts/install.sh
	@swift build -c release $(SWIFT_FLAGS) --product askew
	@scripts/install-command.sh install "$(DESTDIR)$(PREFIX)" .build/release/askew

uninstall:
	@scripts/install-command.sh uninstall "$(DESTDIR)$(PREFIX)"

test:
	@scripts/install.sh
	@scripts/test.sh $(ARGS)

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
