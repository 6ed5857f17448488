#!/usr/bin/env bash
# A SystemC library that was built for another C++ standard is found at configure time and said in
# one sentence. Debian's is built for C++17; a project that asks for C++14 must be refused.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.25)
project(other_standard LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 14)
include($PWD/tools/cmake/RequireSystemC.cmake)
CMAKE
if output=$(cmake -S "$folder" -B "$folder/build" 2>&1); then
  echo "configuring for C++14 succeeded"
  exit 1
fi
if ! tr -s ' \n' '  ' <<< "$output" | grep -q 'does not link with C++14 programs: it was built for another C++ standard'; then
  printf 'the sentence is missing in:\n%s\n' "$output"
  exit 1
fi
