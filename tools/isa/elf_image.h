// A linked 32-bit little-endian RISC-V program as its ELF file has it, read by libelf.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tools {

/// What is to be in memory before the program starts.
struct ElfSegment {
  std::uint32_t virtual_address;   ///< where the program finds it
  std::uint32_t physical_address;  ///< where it is loaded: .data lies in flash behind the code
  std::uint32_t memory_size;       ///< bytes; beyond `bytes` they are zero
  std::vector<unsigned char> bytes;
};

enum class SymbolKind { none, object, function };

struct ElfSymbol {
  std::string name;
  std::uint32_t value;
  std::uint32_t size;  ///< bytes; 0 where the file does not say
  SymbolKind kind;
};

struct ElfImage {
  std::string path;
  std::uint32_t entry;
  std::vector<ElfSegment> segments;  ///< in the file's order, none empty
  std::vector<ElfSymbol> symbols;    ///< in the file's order, sections and files left out
};

/// All bytes of a file. Throws InputError: it cannot be read.
std::vector<unsigned char> read_program_file(const std::string& path);

/// Whether a file's first bytes are those of an ELF file.
bool is_elf(const std::vector<unsigned char>& file);

/// Takes `file`, the content of `path`, apart. Throws InputError, whose sentence names `path` and
/// says what the file is or lacks, unless it is a whole executable that an RV32IMC core with
/// integer registers for floating point can run.
ElfImage parse_elf(const std::string& path, std::vector<unsigned char> file);

ElfImage read_elf(const std::string& path);

/// Null: there is none of that name.
const ElfSymbol* find_symbol(const ElfImage& image, const std::string& name);

}  // namespace tools
