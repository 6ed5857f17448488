# Toolchain of the firmware image: Debian's bare-metal RISC-V GCC, picolibc, and the C++ headers of
# the Linux cross library, of which only the freestanding part is used.
#
# GCC 12 wants zicsr named to compile CSR instructions, but as a link option rv32imc_zicsr selects
# the 64-bit multilib; the link line therefore says rv32imc, which maps to rv32im/ilp32.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)

set(rv32_shim ${CMAKE_CURRENT_LIST_DIR}/../../metrology/hal/rv32/include)
set(rv32_cxx_headers /usr/riscv64-linux-gnu/include/c++/12)
set(rv32_picolibc /usr/lib/picolibc/riscv64-unknown-elf)

set(rv32_machine "-march=rv32imc_zicsr -mabi=ilp32")
set(CMAKE_ASM_FLAGS_INIT "${rv32_machine}")
string(JOIN " " CMAKE_CXX_FLAGS_INIT
       "${rv32_machine}" -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics
       -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections
       -ftls-model=local-exec -nostdinc++ -isystem ${rv32_shim} -isystem ${rv32_cxx_headers}
       -isystem ${rv32_cxx_headers}/riscv64-linux-gnu -isystem ${rv32_picolibc}/include)
string(JOIN " " CMAKE_EXE_LINKER_FLAGS_INIT
       -march=rv32imc -mabi=ilp32 -nostdlib -static -Wl,--gc-sections -Wl,--fatal-warnings
       -L${rv32_picolibc}/lib/rv32im/ilp32)
set(CMAKE_CXX_STANDARD_LIBRARIES "-lm -lc -lgcc")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
