#!/usr/bin/env bash
# install_npm.sh FOLDER: installs what package-lock.json names into FOLDER, unless it is there. No
# package's own scripts are run; serialport brings its compiled part along.
set -euo pipefail
CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")"
cmp -s package-lock.json "$1/installed" && exit 0
mkdir -p "$1"
cp package.json package-lock.json .npmrc "$1"
cd "$1"
npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
cp package-lock.json installed
