#!/bin/sh
# Prints the commit that a build is made from, with + where what is built has been changed since; `make`
# hands it to the build in ASKEW_COMMIT. Prints nothing where nobody knows. An archive made by git has its
# commit in the place of the format below.
cd "$(dirname "$0")/.." || exit
commit='$Format:%h$'
case $commit in
  *Format*) ;;
  *) printf '%s\n' "$commit"; exit ;;
esac
# An unpacked archive may lie in a repository that is not ours.
prefix=$(git rev-parse --show-prefix 2>/dev/null) && [ -z "$prefix" ] || exit 0
commit=$(git rev-parse --short HEAD 2>/dev/null) || exit 0
[ -z "$(git status --porcelain -- Package.swift Sources 2>/dev/null)" ] || commit=$commit+
printf '%s\n' "$commit"
