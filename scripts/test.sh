#!/bin/sh
# Builds and runs every test. ASKEW_PYTHON names a Python with the real counterparts; without it
# `.venv-test` is made, and where that is impossible the tests that need it are skipped, except in
# continuous integration (CI=true).
#
#   scripts/test.sh [arguments of swift test]
set -eu
cd "$(dirname "$0")/.."

if [ -z "${ASKEW_PYTHON:-}" ]; then
  if ASKEW_PYTHON=$(scripts/python-environment.sh "$PWD/.venv-test"); then
    export ASKEW_PYTHON
  elif [ "${CI:-}" = true ]; then
    echo 'askew: the real counterparts could not be installed' >&2
    exit 1
  else
    unset ASKEW_PYTHON
    echo 'askew: PyPI cannot be reached; the checks against transformers are skipped' >&2
  fi
fi
# shellcheck disable=SC2046 # the flags are meant to be split
exec swift test -c release $(scripts/swift-flags.sh) "$@"
