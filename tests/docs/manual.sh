#!/usr/bin/env bash
# The manual page is sound roff: manual.sh VMETER. groff comes with man; mandoc is asked if it is there.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
page=$folder/vmeter.1
"$1" manual >"$page" || exit 1
warnings=$(groff -man -Tutf8 -ww -z "$page" 2>&1)
if command -v mandoc >/dev/null; then
  # No date: the page is the same whenever it is made.
  warnings+=$(mandoc -Tlint -Wwarning "$page" | grep -v 'missing date')
fi
if [ -n "$warnings" ]; then
  echo "$warnings"
  exit 1
fi
text=$(groff -man -Tutf8 -P-c -P-b -P-u "$page")
for piece in 'NAME' 'SYNOPSIS' 'EXIT STATUS' '--junit F' 'horizon|cycle' 'vmeter typetest'; do
  grep -qF -- "$piece" <<<"$text" || { echo "the page lacks: $piece"; exit 1; }
done
