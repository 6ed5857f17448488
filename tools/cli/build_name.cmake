# Writes OUTPUT, a header that names the commit of SOURCE, when the name has changed.
execute_process(COMMAND git describe --always --dirty --tags
                WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE NAME OUTPUT_STRIP_TRAILING_WHITESPACE
                RESULT_VARIABLE FAILED ERROR_QUIET)
if(FAILED)
  set(NAME "unversioned")
endif()
set(TEXT "#pragma once\n#define PRO380_BUILD_NAME \"${VERSION}-${NAME}\"\n")
set(OLD "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} OLD)
endif()
if(NOT OLD STREQUAL TEXT)
  file(WRITE ${OUTPUT} "${TEXT}")
endif()
