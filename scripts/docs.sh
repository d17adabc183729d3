#!/bin/sh
# Writes one DocC archive per library module into FOLDER, warnings as errors.
#
#   ASKEW_DOCS=1 scripts/docs.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
folder=$1
mkdir -p "$folder"
for module in Core Statistics Corpora Judging Dish Formats Engine Store Lab Reporting; do
  # shellcheck disable=SC2046 # the flags are meant to be split
  swift package $(scripts/swift-flags.sh) --allow-writing-to-directory "$folder" \
    generate-documentation --target "$module" --output-path "$folder/$module" \
    --warnings-as-errors --disable-indexing --transform-for-static-hosting \
    --hosting-base-path "$module"
done
echo "documentation: $folder"
