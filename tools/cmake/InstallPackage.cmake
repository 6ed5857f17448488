# What `cmake --install build/release --prefix P` gives:
#
#   bin/vmeter                     the program
#   include/vmeter.h               what a SystemC model includes; the rest under include/vmeter/
#   lib/lib*.a, lib/cmake/vmeter/  the libraries, and what find_package(vmeter) reads
#   share/vmeter/scenarios/        the scenarios, and the schemas of their language
#   share/doc/vmeter/              README.md
#   share/man, share/…             the manual page, and completion for bash, zsh and fish
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_include ${CMAKE_INSTALL_INCLUDEDIR}/vmeter)
set(package_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/vmeter)
set(package_libraries metrology models peripherals rv32 platform meter_module)

# Includes are written from the project's root, here and there.
foreach(library ${package_libraries})
  target_include_directories(${library} INTERFACE $<INSTALL_INTERFACE:${package_include}>)
  target_compile_features(${library} INTERFACE cxx_std_17)
  # Names of their own in a folder that others use too.
  set_target_properties(${library} PROPERTIES OUTPUT_NAME vmeter_${library})
endforeach()
target_include_directories(meter_module INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(meter_module PROPERTIES EXPORT_NAME meter)
set_target_properties(pro380_systemc PROPERTIES EXPORT_NAME systemc)

install(TARGETS ${package_libraries} pro380_systemc EXPORT vmeterTargets)
install(EXPORT vmeterTargets NAMESPACE vmeter:: DESTINATION ${package_cmake})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/vmeterConfig.cmake.in ${PROJECT_BINARY_DIR}/vmeterConfig.cmake
  INSTALL_DESTINATION ${package_cmake})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/vmeterConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/vmeterConfig.cmake
              ${PROJECT_BINARY_DIR}/vmeterConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/RequireSystemC.cmake
        DESTINATION ${package_cmake})

foreach(folder metrology models peripherals platform tools/embedding)
  get_filename_component(parent ${folder} DIRECTORY)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${package_include}/${parent}
          FILES_MATCHING PATTERN *.h PATTERN hal/rv32 EXCLUDE PATTERN vmeter.h EXCLUDE)
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/tools/embedding/vmeter.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

install(TARGETS vmeter)
# All that is installed and no more: the tests take longer to build.
add_custom_target(installable)
add_dependencies(installable vmeter documents ${package_libraries})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/vmeter)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/../vmeter)
