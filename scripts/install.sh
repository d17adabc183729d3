#!/bin/sh
# Installs what Askew needs and this machine lacks: oneDNN, the headers of curl, OpenSSL, SQLite, zlib
# and Zstandard, Python's venv. Says nothing when all is there. Swift itself is not installed, only
# checked.
#
#   scripts/install.sh [further packages of Debian's]
set -eu

say() { printf 'askew: %s\n' "$*" >&2; }

check_swift() {
  if ! command -v swift >/dev/null 2>&1; then
    say 'Swift 6.0 or later is needed: https://www.swift.org/install'
    exit 1
  fi
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\).*/\1/p' | head -n 1)
  if [ "${version:-0}" -lt 6 ]; then
    say "Swift 6.0 or later is needed, found ${version:-an unknown version}: https://www.swift.org/install"
    exit 1
  fi
}

install_debian() {
  missing=''
  for package in libcurl4-openssl-dev libdnnl-dev libsqlite3-dev libssl-dev libzstd-dev python3-venv \
    zlib1g-dev "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing$missing"
  root=''
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "run as root: apt-get install$missing"
      exit 1
    fi
    root=sudo
  fi
  # shellcheck disable=SC2086 # the lists are meant to be split
  if ! $root apt-get install -y -qq $missing >/dev/null 2>&1; then
    $root apt-get update -qq
    $root apt-get install -y -qq $missing >/dev/null
  fi
}

install_mac() {
  if ! command -v brew >/dev/null 2>&1; then
    say 'Homebrew is needed to install oneDNN and Zstandard: https://brew.sh'
    exit 1
  fi
  for package in onednn zstd; do
    if ! brew list --versions "$package" >/dev/null 2>&1; then
      say "installing $package"
      brew install --quiet "$package" >&2
    fi
  done
}

check_swift
case $(uname -s) in
  Darwin) install_mac ;;
  Linux)
    if command -v dpkg-query >/dev/null 2>&1; then
      install_debian "$@"
    elif ! [ -e /usr/include/dnnl.h ] && ! [ -e /usr/include/oneapi/dnnl/dnnl.h ]; then
      say 'install oneDNN, curl, OpenSSL, SQLite, zlib, Zstandard and Python 3 with their headers (Debian:' \
        'libcurl4-openssl-dev libdnnl-dev libssl-dev libsqlite3-dev zlib1g-dev libzstd-dev python3-venv)'
      exit 1
    fi
    ;;
  *) say "$(uname -s) is not supported: Linux and macOS are"; exit 1 ;;
esac
