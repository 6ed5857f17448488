#!/usr/bin/env bash
# run.sh BUILD: installs the build into a folder of its own, builds the stranger's project against
# what is there, somewhere outside the tree, and runs it; then the installed program.
set -euo pipefail
build=$1
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# From outside a prefix nothing of the tree may be seen, so what was installed moves before use.
cmake --install "$build" --prefix "$folder/installed" >"$folder/install.txt"
mv "$folder/installed" "$folder/package"
if grep -rIl "$build" "$folder/package/lib/cmake" "$folder/package/include"; then
  echo "the files above name the build folder"
  exit 1
fi

cp -r "$source/stranger" "$folder/stranger"
cmake -S "$folder/stranger" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/package" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS="-Wall -Wextra" >"$folder/configure.txt" 2>&1 ||
  { cat "$folder/configure.txt"; exit 1; }
cmake --build "$folder/build" >"$folder/build.txt" 2>&1 || { cat "$folder/build.txt"; exit 1; }
if grep -q 'warning:' "$folder/build.txt"; then
  cat "$folder/build.txt"
  exit 1
fi
"$folder/build/stranger"

"$folder/package/bin/vmeter" run "$folder/package/share/vmeter/scenarios/load-step.yaml"
