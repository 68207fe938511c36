#!/bin/sh
# Bundles the page's script with ECharts, and their licences, into OUTPUT.
# usage: bundle.sh SOURCE FOLDER OUTPUT     npm works in FOLDER; nothing is written to SOURCE
# Without npm, or without a network the first time, OUTPUT is empty and the page has tables only.
set -eu
source=$1 folder=$2 output=$3
without_charts() {
  echo "warning: report.html will have tables but no charts: $1" >&2
  : >"$output"
  exit 0
}
command -v npm >/dev/null && command -v node >/dev/null || without_charts "npm is missing (apt-get install npm)"
mkdir -p "$folder"
cp -r "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$source/src" "$folder/"
cd "$folder"
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --ignore-scripts >npm.log 2>&1 || without_charts "npm ci failed; see $folder/npm.log"
  cp package-lock.json node_modules/.installed-lock
fi
node node_modules/esbuild/bin/esbuild src/main.js --bundle --minify --format=iife --target=es2020 \
  --legal-comments=none --log-level=warning --outfile=bundle.js || without_charts "esbuild failed"
{
  echo "/*! Apache ECharts and its parts, under the licences that follow."
  for package in echarts zrender tslib; do
    for text in LICENSE LICENSE.txt CopyrightNotice.txt NOTICE; do
      [ -f "node_modules/$package/$text" ] && { printf '\n== %s: %s\n\n' "$package" "$text"; sed 's,\*/,* /,g; s,</,< /,g' "node_modules/$package/$text"; }
    done
  done
  echo "*/"
  # Inside a script element nothing may read like its end; and a browser drops carriage returns before it checks the
  # script's hash.
  sed 's,</script,<\\/script,g; s,<!--,<\\!--,g' bundle.js
} | tr -d '\r' >"$output.part"
mv "$output.part" "$output"
