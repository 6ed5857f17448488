#!/usr/bin/env bash
# install_npm.sh FOLDER: installs what package-lock.json names into FOLDER, unless it is there. Two
# packages are compiled code: serialport brings its own compiled; node-mbus is compiled here, as it
# says itself, with the headers that stand beside this Node.js, and libmbus's tools from the same
# sources into FOLDER/libmbus/bin. No other script of a package is run.
set -euo pipefail
CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")"
sources=(package-lock.json install_npm.sh libmbus/CMakeLists.txt)
cmp -s <(cat "${sources[@]}") "$1/installed" && exit 0
mkdir -p "$1"
cp package.json package-lock.json .npmrc "$1"
node=$(node -p 'require("path").resolve(fs.realpathSync(process.execPath), "../..")')
cmake=(-G Ninja -DCMAKE_BUILD_TYPE=Release "-DLIBMBUS=$1/node_modules/node-mbus/libmbus")
(
  cd "$1"
  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
  npm rebuild node-mbus "--nodedir=$node" --loglevel=error
)
cmake -S libmbus -B "$1/libmbus" "${cmake[@]}"
cmake --build "$1/libmbus"
cat "${sources[@]}" >"$1/installed"
