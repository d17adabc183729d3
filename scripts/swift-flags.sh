#!/bin/sh
# Prints the flags that SwiftPM needs to find Homebrew's headers and libraries; nothing on Linux.
if [ "$(uname -s)" = Darwin ] && prefix=$(brew --prefix 2>/dev/null); then
  printf '%s' "-Xcc -I$prefix/include -Xlinker -L$prefix/lib"
fi
