#include "tools/isa/elf_image.h"

#include <elf.h>
#include <fmt/format.h>
#include <libelf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "tools/scenario/input_error.h"

namespace tools {
namespace {

/// Bytes of a file that are read at the most: a program with all its debug information has fewer.
constexpr std::uintmax_t largest_file = 256U << 20;

[[noreturn]] void refuse(const std::string& path, const std::string& found,
                         const std::string& expected) {
  throw InputError(fmt::format("{}: found {}, expected {}", path, found, expected));
}

struct ElfEnd {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfEnd>;

/// Of files that libelf does not read, or reads as something else.
void refuse_foreign(const std::string& path, const std::vector<unsigned char>& file) {
  if (!is_elf(file)) refuse(path, "no ELF file", "a program for RV32IMC");
  if (file.size() < EI_NIDENT) refuse(path, "a truncated ELF file", "a whole one");
  if (file[EI_CLASS] == ELFCLASS64) refuse(path, "a 64-bit ELF file", "a 32-bit one");
  if (file[EI_CLASS] != ELFCLASS32) refuse(path, "a damaged ELF file", "a 32-bit one");
  if (file[EI_DATA] == ELFDATA2MSB) refuse(path, "a big-endian ELF file", "a little-endian one");
  if (file[EI_DATA] != ELFDATA2LSB) refuse(path, "a damaged ELF file", "a little-endian one");
  if (file.size() < sizeof(Elf32_Ehdr)) refuse(path, "a truncated ELF file", "a whole one");
}

void refuse_other_programs(const std::string& path, const Elf32_Ehdr& header) {
  if (header.e_machine != EM_RISCV) {
    refuse(path, fmt::format("a program for machine {}", header.e_machine),
           fmt::format("one for RISC-V, machine {}", EM_RISCV));
  }
  if (header.e_type == ET_REL) refuse(path, "an object file", "a linked executable");
  if (header.e_type != ET_EXEC) {
    refuse(path, fmt::format("an ELF file of type {}", header.e_type),
           "an executable with fixed addresses");
  }
  if ((header.e_flags & EF_RISCV_RVE) != 0) {
    refuse(path, "a program for RV32E", "one for RV32I, which has 32 registers");
  }
  if ((header.e_flags & EF_RISCV_FLOAT_ABI) != EF_RISCV_FLOAT_ABI_SOFT) {
    refuse(path, "a program with floating-point registers", "one of the ABI ilp32");
  }
}

void take_segment(ElfImage& image, const std::vector<unsigned char>& file,
                  const Elf32_Phdr& header) {
  if (header.p_type != PT_LOAD || header.p_memsz == 0) return;
  const std::uint64_t end = std::uint64_t{header.p_offset} + header.p_filesz;
  if (end > file.size()) {
    refuse(image.path, fmt::format("a truncated ELF file, a segment of which ends at {}", end),
           fmt::format("no segment beyond its {} bytes", file.size()));
  }
  constexpr std::uint64_t address_space = std::uint64_t{1} << 32;
  const std::uint64_t highest = std::max(header.p_vaddr, header.p_paddr);
  if (header.p_filesz > header.p_memsz || highest + header.p_memsz > address_space) {
    refuse(image.path, fmt::format("a damaged segment at 0x{:08x}", header.p_vaddr),
           "one that fits its place in memory");
  }
  const auto first = file.begin() + header.p_offset;
  image.segments.push_back({header.p_vaddr, header.p_paddr, header.p_memsz,
                            std::vector<unsigned char>(first, first + header.p_filesz)});
}

void take_segments(ElfImage& image, Elf* elf, const Elf32_Ehdr& header,
                   const std::vector<unsigned char>& file) {
  std::size_t count = 0;
  const bool counted = elf_getphdrnum(elf, &count) == 0;
  const Elf32_Phdr* headers = count == 0 ? nullptr : elf32_getphdr(elf);
  // Of headers that are not all there libelf says that there are none.
  if (!counted || (headers == nullptr && header.e_phnum != 0)) {
    refuse(image.path, "a truncated ELF file, without its program headers", "a whole one");
  }
  for (std::size_t n = 0; n < count; ++n) take_segment(image, file, headers[n]);
  if (image.segments.empty()) {
    refuse(image.path, "an ELF file that loads nothing", "at least one segment");
  }
}

bool kind_of(const Elf32_Sym& symbol, SymbolKind& kind) {
  switch (ELF32_ST_TYPE(symbol.st_info)) {
    case STT_NOTYPE:
      kind = SymbolKind::none;
      return true;
    case STT_OBJECT:
      kind = SymbolKind::object;
      return true;
    case STT_FUNC:
      kind = SymbolKind::function;
      return true;
    default:
      return false;
  }
}

void take_symbols_of(ElfImage& image, Elf* elf, Elf_Scn* section, const Elf32_Shdr& header) {
  const Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr) refuse(image.path, "a damaged symbol table", "a whole one");
  const auto* symbols = static_cast<const Elf32_Sym*>(data->d_buf);
  for (std::size_t n = 0; n < data->d_size / sizeof(Elf32_Sym); ++n) {
    const Elf32_Sym& symbol = symbols[n];
    SymbolKind kind{};
    if (symbol.st_shndx == SHN_UNDEF || !kind_of(symbol, kind)) continue;
    const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name == nullptr) refuse(image.path, "a damaged symbol table", "a whole one");
    if (*name != '\0') image.symbols.push_back({name, symbol.st_value, symbol.st_size, kind});
  }
}

/// A stripped program has none.
void take_symbols(ElfImage& image, Elf* elf) {
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    const Elf32_Shdr* header = elf32_getshdr(section);
    if (header != nullptr && header->sh_type == SHT_SYMTAB) {
      take_symbols_of(image, elf, section, *header);
    }
  }
}

}  // namespace

std::vector<unsigned char> read_program_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw InputError(path + ": cannot be read: No such file or directory");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError(path + ": cannot be read: it is no file");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > largest_file) {
    refuse(path, fmt::format("a file of {} bytes", size),
           fmt::format("a program of at most {}", largest_file));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw InputError(path + ": cannot be read: " + std::generic_category().message(errno));
  }
  std::vector<unsigned char> file(static_cast<std::size_t>(size));
  in.read(reinterpret_cast<char*>(file.data()), static_cast<std::streamsize>(file.size()));
  if (static_cast<std::uintmax_t>(in.gcount()) != size) {
    throw InputError(path + ": cannot be read to its end");
  }
  return file;
}

bool is_elf(const std::vector<unsigned char>& file) {
  return file.size() >= SELFMAG && std::memcmp(file.data(), ELFMAG, SELFMAG) == 0;
}

ElfImage parse_elf(const std::string& path, std::vector<unsigned char> file) {
  refuse_foreign(path, file);
  elf_version(EV_CURRENT);
  const ElfHandle elf(elf_memory(reinterpret_cast<char*>(file.data()), file.size()));
  const Elf32_Ehdr* header = elf ? elf32_getehdr(elf.get()) : nullptr;
  if (header == nullptr) refuse(path, "a damaged ELF file", "a whole one");
  refuse_other_programs(path, *header);
  ElfImage image{path, header->e_entry, {}, {}};
  take_segments(image, elf.get(), *header, file);
  take_symbols(image, elf.get());
  return image;
}

ElfImage read_elf(const std::string& path) { return parse_elf(path, read_program_file(path)); }

const ElfSymbol* find_symbol(const ElfImage& image, const std::string& name) {
  const auto found = std::find_if(image.symbols.begin(), image.symbols.end(),
                                  [&](const ElfSymbol& symbol) { return symbol.name == name; });
  return found == image.symbols.end() ? nullptr : &*found;
}

}  // namespace tools
