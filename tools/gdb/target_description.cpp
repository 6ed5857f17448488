#include "tools/gdb/target_description.h"

#include <fmt/format.h>

#include <cstdint>

#include "tools/gdb/target.h"

namespace tools::gdb {
namespace {

// gdb knows the integer registers by their names in the ABI (GDB manual, "RISC-V Features").
constexpr const char* integer_names[] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                         "fp",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                         "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                         "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

struct Csr {
  std::uint32_t number;
  const char* name;
};

constexpr Csr csrs[] = {{0x300, "mstatus"}, {0x301, "misa"},          {0x304, "mie"},
                        {0x305, "mtvec"},   {0x320, "mcountinhibit"}, {0x340, "mscratch"},
                        {0x341, "mepc"},    {0x342, "mcause"},        {0x343, "mtval"},
                        {0x344, "mip"},     {0xB00, "mcycle"},        {0xB02, "minstret"},
                        {0xB80, "mcycleh"}, {0xB82, "minstreth"},     {0xF11, "mvendorid"},
                        {0xF12, "marchid"}, {0xF13, "mimpid"},        {0xF14, "mhartid"}};

/// Of register number n of the ABI: pointers are shown as such.
const char* type_of(std::uint32_t number) {
  if (number == 1) return "code_ptr";
  return number >= 2 && number <= 4 ? "data_ptr" : "int";
}

}  // namespace

std::string target_description() {
  std::string text =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
      "<target version=\"1.0\">\n<architecture>riscv:rv32</architecture>\n"
      "<feature name=\"org.gnu.gdb.riscv.cpu\">\n";
  std::uint32_t number = 0;
  for (const char* name : integer_names) {
    text += fmt::format("<reg name=\"{}\" bitsize=\"32\" type=\"{}\" regnum=\"{}\"/>\n", name,
                        type_of(number), number);
    ++number;
  }
  text += fmt::format("<reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\" regnum=\"{}\"/>\n",
                      register_pc);
  text += "</feature>\n<feature name=\"org.gnu.gdb.riscv.csr\">\n";
  for (const Csr& csr : csrs) {
    text += fmt::format(
        "<reg name=\"{}\" bitsize=\"32\" type=\"int\" regnum=\"{}\" group=\"csr\" "
        "save-restore=\"no\"/>\n",
        csr.name, first_csr + csr.number);
  }
  return text + "</feature>\n</target>\n";
}

}  // namespace tools::gdb
