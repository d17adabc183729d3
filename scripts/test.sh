#!/bin/sh
# Builds and runs every test. ASKEW_PYTHON names a Python with the real counterparts, ASKEW_MLX_PYTHON
# one with mlx-lm, ASKEW_INSPECT_PYTHON one with inspect_ai, ASKEW_BROWSER_PYTHON one with Selenium,
# ASKEW_SKYPILOT_PYTHON one with SkyPilot; without them `.venv-test`, `.venv-mlx` and so on are made, and where that is impossible the
# tests that need them are skipped, except in continuous integration (CI=true).
#
#   scripts/test.sh [arguments of swift test]
set -eu
cd "$(dirname "$0")/.."

# shellcheck disable=SC2046 # the flags are meant to be split
build() { swift build -c release --build-tests $(scripts/swift-flags.sh); }
# Compiles while the environments are fetched: one waits for the processor, the others for the network.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
build >"$log" 2>&1 &
building=$!

# environment VARIABLE FOLDER LIST: exports the Python under the variable's name unless it is set.
environment() {
  eval "python=\${$1:-}"
  if [ -n "$python" ]; then return; fi
  if python=$(scripts/python-environment.sh "$PWD/$2" "$3"); then
    export "$1=$python"
  elif [ "${CI:-}" = true ]; then
    echo "askew: scripts/$3.txt could not be installed" >&2
    exit 1
  else
    unset "$1"
    echo "askew: PyPI cannot be reached; the checks against scripts/$3.txt are skipped" >&2
  fi
}

environment ASKEW_PYTHON .venv-test requirements
environment ASKEW_MLX_PYTHON .venv-mlx requirements-mlx
environment ASKEW_INSPECT_PYTHON .venv-inspect requirements-inspect
environment ASKEW_BROWSER_PYTHON .venv-browser requirements-browser
environment ASKEW_SKYPILOT_PYTHON .venv-skypilot requirements-skypilot
# Makes the certificates of the tests' own servers.
command -v openssl >/dev/null 2>&1 || scripts/install.sh openssl
# Reads the manual pages; elsewhere the test says that it is skipped.
# So is the page of `askew view`, which a browser reads.
if [ "${CI:-}" = true ] && [ "$(uname -s)" = Linux ]; then
  scripts/install.sh groff-base chromium chromium-driver
fi
# A cluster for the tests of askew submit; elsewhere they are skipped where it is not installed.
if [ "${CI:-}" = true ] && [ "$(uname -s)" = Linux ]; then
  scripts/install.sh munge slurm-client slurmctld slurmd
fi
wait "$building" || {
  cat "$log" >&2
  exit 1
}
# shellcheck disable=SC2046 # the flags are meant to be split
run() { swift test -c release --disable-testable-imports $(scripts/swift-flags.sh) "$@"; }

# Whatever multiplies gives other bytes on a lesser processor, and has to hold there too. First, so that
# the summary of all tests is the last.
if [ "${CI:-}" = true ] && [ $# -eq 0 ] && grep -qs avx512f /proc/cpuinfo; then
  echo 'askew: tests of all that multiplies, as on a processor with AVX2 alone' >&2
  (export ASKEW_ISA=avx2 && run --filter '^(EngineTests|EvaluationTests|TuningTests|LabTests\.ModelConformanceTests)[./]')
fi
run "$@"
