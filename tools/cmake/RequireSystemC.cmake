# Finds SystemC through pkg-config and proves that it links with our C++ standard: the library
# encodes the standard it was built for in a symbol, so another one fails only at link time,
# with an unreadable message. This says it in one sentence instead.
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc>=2.3.4)

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::SYSTEMC)
set(CMAKE_REQUIRED_FLAGS "-std=c++${CMAKE_CXX_STANDARD}")
check_cxx_source_compiles("#include <systemc>\nint sc_main(int, char**) { return 0; }\n"
                          PRO380_SYSTEMC_LINKS)
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT PRO380_SYSTEMC_LINKS)
  message(FATAL_ERROR "The SystemC library found in ${SYSTEMC_LIBDIR} does not link with "
                      "C++${CMAKE_CXX_STANDARD} programs: it was built for another C++ standard; "
                      "install Debian's libsystemc-dev, or rebuild SystemC with "
                      "-DCMAKE_CXX_STANDARD=${CMAKE_CXX_STANDARD}.")
endif()
