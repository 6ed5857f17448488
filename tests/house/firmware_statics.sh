#!/usr/bin/env bash
# The firmware keeps all of its state in one struct: no object file of it has a variable of its own.
set -u
variables=$(nm --demangle "$1" | grep -E ' [bBdDsS] ')
if [ -n "$variables" ]; then
  printf 'mutable statics in the firmware:\n%s\n' "$variables"
  exit 1
fi
