# Sourced by scripts/run, scripts/test and others: installs what is missing. Idempotent, and says what it does.
# usage: need_packages PACKAGE...

cd "$(dirname "${BASH_SOURCE[0]}")/.."

build_packages=(g++ cmake ninja-build pkg-config libeigen3-dev libnlopt-cxx-dev libtbb-dev libpcg-cpp-dev libhdf5-dev
  libboost-program-options-dev coinor-libclp-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev libssl-dev libxlsxwriter-dev doctest-dev python3)

need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "ballast: missing ${missing[*]} (this is no Debian or Ubuntu system); install their counterparts" >&2
    exit 69
  fi
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      root=(sudo)
    else
      echo "ballast: packages are missing, and installing them needs root. Please run" >&2
      echo "  sudo apt-get install -y ${missing[*]}" >&2
      exit 77
    fi
  fi
  echo "ballast: installing ${missing[*]}" >&2
  mkdir -p build
  if ! { "${root[@]}" apt-get update -qq &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >build/apt.log 2>&1; then
    tail -n 20 build/apt.log >&2
    echo "ballast: apt-get failed; the whole log is build/apt.log" >&2
    exit 69
  fi
}

# npm bundles the charts of report.html. It is wanted, not needed: without it the page has tables only.
want_npm() {
  command -v npm >/dev/null && return 0
  echo "ballast: installing npm, which bundles the charts of report.html (without it the page has tables only)" >&2
  (need_packages npm) || echo "ballast: going on without npm" >&2
}

# build PRESET [TARGET...]: configures (once) and builds quietly; shows the log when it fails.
build() {
  local preset=$1 log
  shift
  log=build/$preset.log
  mkdir -p build
  if [ ! -x "build/$preset/bin/ballast" ]; then
    echo "ballast: building build/$preset (a few minutes the first time)" >&2
  fi
  # ninja configures anew by itself when a CMakeLists.txt or the list of sources changes
  if ! { { [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset"; } && cmake --build "build/$preset" -j "$(nproc)" ${1:+--target "$@"}; } >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "ballast: the build failed; the whole log is $log" >&2
    exit 70
  fi
}
