#!/bin/sh
# The page of results in headless Chromium.
# usage: run_browser.sh BALLAST FOLDER     npm and the pages work in FOLDER; screenshots stay in FOLDER/shots to be looked at
set -eu
source=$(cd "$(dirname "$0")" && pwd)
ballast=$(realpath "$1") folder=$2
mkdir -p "$folder"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$source"/*.mjs "$folder/"
cd "$folder"
[ -d node_modules/playwright-core ] || npm ci --ignore-scripts >npm.log 2>&1 || { cat npm.log; exit 1; }
exec node browser_test.mjs "$ballast" "$source/../.."
