#!/bin/sh
# Reports Swift and C files over 400 lines and functions over 75; swift-format has no such rule.
# A function ends at the closing brace in the column of its first line.
set -eu
cd "$(dirname "$0")/.."

find Sources Tests \( -name '*.swift' -o -name '*.c' -o -name '*.h' \) -type f | sort |
  xargs awk -v file_limit=400 -v function_limit=75 '
    function report(text) { print text; bad = 1 }
    function finish() {
      if (lines > file_limit) report(name ": " lines " lines, at most " file_limit)
    }
    FNR == 1 { finish(); name = FILENAME; start = 0 }
    { lines = FNR }
    !start && (/^ *((public|package|private|fileprivate|internal|static|mutating|override|final|@[A-Za-z(]+\)?) )*(func |init[?(<]|deinit )/ ||
        (FILENAME ~ /\.[ch]$/ && /^[A-Za-z_].*\(/ && !/;[ \t]*$/ && !/^(typedef|struct|enum)/)) {
      match($0, /^ */); start = FNR; column = RLENGTH; header = $0
      if ($0 ~ /\}[ \t]*$/) start = 0
      next
    }
    start && match($0, /^ *\}/) && RLENGTH == column + 1 {
      if (FNR - start + 1 > function_limit) {
        sub(/^ */, "", header)
        report(FILENAME ":" start ": function of " FNR - start + 1 " lines, at most " \
               function_limit ": " substr(header, 1, 60))
      }
      start = 0
    }
    END { finish(); exit bad }'
