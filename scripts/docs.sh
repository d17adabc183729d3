#!/bin/sh
# Writes one DocC archive per module into FOLDER, warnings as errors. What modules show each other is documented:
# the package offers no library.
#
#   ASKEW_DOCS=1 scripts/docs.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
folder=$1
mkdir -p "$folder"
# All Swift modules but the command; those of C begin with C and another capital.
for module in $(ls Sources | grep '^[A-Z][a-z]'); do
  # shellcheck disable=SC2046 # the flags are meant to be split
  swift package $(scripts/swift-flags.sh) --allow-writing-to-directory "$folder" \
    generate-documentation --target "$module" --output-path "$folder/$module" \
    --symbol-graph-minimum-access-level package --warnings-as-errors --disable-indexing --transform-for-static-hosting \
    --hosting-base-path "$module"
done
echo "documentation: $folder"
