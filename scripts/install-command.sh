#!/bin/sh
# Puts a built askew, completions for bash, zsh and fish and manual pages under PREFIX, or takes away
# what this script puts there.
#
#   scripts/install-command.sh install PREFIX BINARY
#   scripts/install-command.sh uninstall PREFIX
set -eu
scripts=$(cd "$(dirname "$0")" && pwd)
prefix=$2
pages=$prefix/share/man/man1

# complete SHELL FILE
complete() {
  mkdir -p "$(dirname "$prefix/share/$2")"
  "$binary" --generate-completion-script "$1" >"$prefix/share/$2"
}

remove() {
  rm -f "$prefix/bin/askew" "$prefix/share/bash-completion/completions/askew" \
    "$prefix/share/zsh/site-functions/_askew" "$prefix/share/fish/vendor_completions.d/askew.fish" \
    "$pages/askew.1" "$pages"/askew-*.1
}

case $1 in
  install)
    binary=$3
    if ! mkdir -p "$prefix/bin" 2>/dev/null || ! [ -w "$prefix/bin" ]; then
      echo "askew: $prefix/bin cannot be written; make install PREFIX=DIR takes another folder" >&2
      exit 1
    fi
    # Those of an earlier version may have other pages.
    remove
    install -m 755 "$binary" "$prefix/bin/askew"
    complete bash bash-completion/completions/askew
    complete zsh zsh/site-functions/_askew
    complete fish fish/vendor_completions.d/askew.fish
    python3 "$scripts/manual_pages.py" "$binary" "$pages"
    echo "askew: installed in $prefix" >&2
    ;;
  uninstall) remove ;;
  *) echo "askew: found \"$1\", expected install or uninstall" >&2; exit 64 ;;
esac
