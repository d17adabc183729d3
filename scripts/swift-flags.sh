#!/bin/sh
# Prints the flags that every build of the Makefile takes, so that `make demo`, `make test` and `make bench`
# share what one of them has compiled: tests look into modules, which must then be compiled for that
# (swift test would add the flag by itself, and swift build not). On macOS also where Homebrew's headers and
# libraries are.
printf '%s' '-Xswiftc -enable-testing'
if [ "$(uname -s)" = Darwin ] && prefix=$(brew --prefix 2>/dev/null); then
  printf '%s' " -Xcc -I$prefix/include -Xlinker -L$prefix/lib"
fi
