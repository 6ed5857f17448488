# Sourced by tools/vmeter and tools/test: brings a fresh Debian 12 to the point where the project
# builds, and builds it. Next to quiet while all goes well.

# is_installed PACKAGE
is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# What configuring and running a scenario need; CMake looks for the tests' libraries as well …
build_packages=(g++ cmake ninja-build ccache pkg-config libsystemc-dev libboost-program-options-dev
  libfmt-dev libyaml-cpp-dev nlohmann-json3-dev libpugixml-dev catch2 libbenchmark-dev
  libmodbus-dev libsndfile1-dev gnuplot-nox libcereal-dev libelf-dev)
# … the image for the microcontroller …
firmware_packages=(gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf
  libstdc++-12-dev-riscv64-cross)
# … and what the tests need besides.
test_packages=(python3 python3-jsonschema groff-base clang-format-14 clang-tidy-14 binutils
  "${firmware_packages[@]}" qemu-system-misc gdb-multiarch gcovr mbpoll python3-pymodbus
  python3-serial-asyncio make sigrok-cli gtkwave)
# A Node.js from elsewhere brings its own headers and npm, which keeps Debian's out.
if is_installed npm || ! command -v npm >/dev/null; then
  test_packages+=(nodejs npm libnode-dev)
fi

# install PACKAGE…: installs those that are missing; without root it says how and stops.
install() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Some Debian packages are missing; install them with:" >&2
    echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  echo "Installing ${missing[*]}" >&2
  quietly "apt-get could not install them" sh -c \
    'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"' \
    sh "${missing[@]}"
}

# quietly WHAT COMMAND…: runs it silently; if it fails, shows its output, says WHAT, and stops.
quietly() {
  local what=$1 output
  shift
  output=$(mktemp)
  if ! "$@" >"$output" 2>&1; then
    cat "$output" >&2
    rm -f "$output"
    echo "$what" >&2
    exit 3
  fi
  rm -f "$output"
}

# build PRESET [TARGET…]: configures if needed, with precompiled headers, because what is built here is
# mostly built from nothing, and builds what has changed. One at a time: whoever
# comes second waits, and finds it done.
build() {
  local preset=$1 targets=() lock
  shift
  mkdir -p build
  exec {lock}>build/.lock
  flock "$lock"
  [ $# -gt 0 ] && targets=(--target "$@")
  if [ ! -f "build/$preset/build.ninja" ]; then
    echo "Building build/$preset; the first time takes some minutes" >&2
    quietly "configuring build/$preset failed" cmake --preset "$preset" -DPRO380_PRECOMPILE=ON
  fi
  quietly "building build/$preset failed" cmake --build --preset "$preset" "${targets[@]}"
  exec {lock}>&-
}
