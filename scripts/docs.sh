#!/bin/sh
# Writes one DocC archive per module into FOLDER; a warning ends it. What modules show each other is documented: the
# package offers no library.
#
#   ASKEW_DOCS=1 scripts/docs.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
folder=$1
mkdir -p "$folder"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# All Swift modules but the command; those of C begin with C and another capital.
for module in $(ls Sources | grep '^[A-Z][a-z]'); do
  # shellcheck disable=SC2046 # the flags are meant to be split
  swift package $(scripts/swift-flags.sh) --allow-writing-to-directory "$folder" \
    generate-documentation --target "$module" --output-path "$folder/$module" \
    --symbol-graph-minimum-access-level package --disable-indexing \
    --transform-for-static-hosting --hosting-base-path "$module" > "$log" 2>&1 || {
    cat "$log"
    exit 1
  }
  # A parameter whose name says it all needs no line beside those of the others.
  if grep -A3 'warning:' "$log" | grep -v 'is missing documentation' | grep 'warning:'; then
    echo "documentation of $module: warnings" >&2
    exit 1
  fi
done
echo "documentation: $folder"
