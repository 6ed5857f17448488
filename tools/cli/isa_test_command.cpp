// One program on the bare CPU: what it puts out, how it ended, and if asked for every instruction.
#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <memory>
#include <optional>

#include "tools/cli/debug_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/output_claims.h"
#include "tools/isa/bare_machine.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace tools {
namespace {

namespace po = boost::program_options;

constexpr std::uint64_t cycles_highest = 1'000'000'000'000'000;

/// A 32-bit number, decimal or with 0x before hexadecimal digits.
bool parse_word(std::string_view text, std::uint32_t& value) {
  const bool is_hex = text.substr(0, 2) == "0x";
  if (is_hex) text.remove_prefix(2);
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value, is_hex ? 16 : 10);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

MemoryRange read_range(const std::string& option, const std::string& text) {
  const std::size_t colon = text.find(':');
  MemoryRange range{};
  if (colon != std::string::npos && parse_word(text.substr(0, colon), range.base) &&
      parse_word(text.substr(colon + 1), range.size)) {
    return range;
  }
  throw UsageError(
      fmt::format("--{}: found {}, expected BASE:SIZE in bytes, such as 0x80000000:0x10000", option,
                  in_quotes(text)));
}

/// What is given as a number or by a symbol's name.
std::uint32_t read_address(const ElfImage& image, const std::string& option,
                           const std::string& text) {
  std::uint32_t address = 0;
  if (parse_word(text, address)) return address;
  if (const ElfSymbol* symbol = find_symbol(image, text)) return symbol->value;
  throw UsageError(fmt::format("--{}: found {}, expected an address or a symbol of {}", option,
                               in_quotes(text), image.path));
}

/// The words between two symbols, as the public suites have them.
class Signature {
 public:
  Signature(const ElfImage& image, const std::string& path)
      : begin_(symbol(image, "begin_signature")),
        end_(symbol(image, "end_signature")),
        file_(path) {
    if (begin_ % 4 != 0 || end_ % 4 != 0 || begin_ > end_) {
      throw InputError(fmt::format(
          "{}: found a signature from 0x{:08x} to 0x{:08x}, expected whole words in between",
          image.path, begin_, end_));
    }
  }

  /// Before the run, so that it does not end in vain.
  void require_memory(const ElfImage& image, const BareMachine& machine) const {
    if (begin_ == end_ || (machine.word(begin_) && machine.word(end_ - 4))) return;
    throw InputError(fmt::format("{}: found a signature at 0x{:08x}, expected one in memory",
                                 image.path, begin_));
  }
  void write(const BareMachine& machine) {
    for (std::uint32_t address = begin_; address < end_; address += 4) {
      file_.write(fmt::format("{:08x}\n", machine.word(address).value_or(0)));
    }
    file_.commit();
  }

 private:
  static std::uint32_t symbol(const ElfImage& image, const std::string& name) {
    if (const ElfSymbol* found = find_symbol(image, name)) return found->value;
    throw InputError(
        fmt::format("{}: found no symbol {}, expected one, for --signature", image.path, name));
  }

  std::uint32_t begin_;
  std::uint32_t end_;
  OutputFile file_;
};

std::string ending_text(const Ending& ending) {
  switch (ending.kind) {
    case EndingKind::code:
      return fmt::format("ended with code {}", ending.value);
    case EndingKind::tohost:
      return ending.value == 1 ? "passed" : fmt::format("failed in test {}", ending.value >> 1);
    case EndingKind::host_request:
      return fmt::format("wrote 0x{:08x} to tohost, where nobody serves requests,", ending.value);
    case EndingKind::out_of_cycles:
      return fmt::format("had not ended at 0x{:08x}", ending.pc);
    case EndingKind::stopped:
      return fmt::format("was stopped before 0x{:08x}", ending.pc);
    case EndingKind::asleep:
      break;
  }
  return fmt::format("fell asleep before 0x{:08x}, for good,", ending.pc);
}

bool is_success(const Ending& ending) {
  return (ending.kind == EndingKind::code && ending.value == 0) ||
         (ending.kind == EndingKind::tohost && ending.value == 1);
}

/// The debugger at the machine, which ends with either's wish.
class Debugged : public platform::rv32::Observer {
 public:
  Debugged(gdb::Debugger& debugger, BareMachine& machine) : debugger_(debugger), machine_(machine) {
    debugger_.look_at(machine);
    machine_.attend(*this);
  }
  void before(platform::rv32::Hart& hart) override {
    debugger_.before(hart);
    if (debugger_.killed() || interrupt_wanted()) machine_.stop();
  }
  void trapped(const platform::rv32::Hart& hart, const platform::rv32::Trap& trap) override {
    debugger_.trapped(hart, trap);
  }
  void slept(const platform::rv32::Hart& hart, platform::rv32::Cycle from,
             platform::rv32::Cycle until) override {
    debugger_.slept(hart, from, until);
  }

 private:
  gdb::Debugger& debugger_;
  BareMachine& machine_;
};

int status_of(const Ending& ending) {
  if (ending.kind == EndingKind::stopped) return interrupted;
  return is_success(ending) ? all_hold : some_fail;
}

}  // namespace

CommandSpec isa_test_spec() {
  const auto text_option = [] { return po::value<std::string>(); };
  po::options_description machine;
  machine.add_options()(
      "ram", text_option(),
      "BASE:SIZE: more RAM without wait states, in bytes; the program starts at its entry")(
      "tohost", text_option(),
      "ADDR|SYMBOL: a word in RAM that ends the program: 1 is a pass, 2 n + 1 the failure of test "
      "n")("cycles", po::value<std::string>()->default_value("1000000000"),
           "N: what has not ended after so many cycles is stopped, and has failed");
  po::options_description outputs;
  outputs.add_options()("retire", text_option(),
                        "F: a line an instruction, traps included: the cycle it retires in, from "
                        "the reset on, and its address")(
      "signature", text_option(),
      "F: the words from begin_signature to end_signature, eight digits a line, when it has ended");
  CommandSpec spec;
  spec.name = "isa-test";
  spec.operands = "FILE";
  spec.operand = Operand::file;
  spec.purpose = "runs an ELF file on the bare CPU";
  spec.description = {
      "Runs a program for RV32IMC, cycle for cycle, on the meter's CPU with nothing around it but "
      "memory: flash at 0 (128 KiB), RAM at 0x20000000 (32 KiB), 64 words of storage behind two "
      "wait cycles from 0x40000000 on, and at 0x50000000 a control port. The first instruction is "
      "at 0x80, traps enter at 0.",
      "The control port takes words: +4 ends the program with that code, +8 reads the cycle, "
      "+0x10 raises the timer's interrupt so many cycles later, +0x14 takes it back, +0x18 is put "
      "out. Anything else is a bus error.",
      "Prints each word that is put out, eight hexadecimal digits a line, and at last how the "
      "program ended, with its instructions, as minstret has them, and cycles; the one that ends "
      "it does not "
      "count."};
  spec.add_options("The machine", machine);
  spec.add_options("Debugging", bare_debug_options());
  spec.add_options("Outputs", outputs);
  spec.examples = {
      {"isa-test program.elf --retire program.retire", "every instruction and its cycle"},
      {"isa-test rv32ui-p-add --ram 0x80000000:0x10000 --tohost tohost",
       "a test of one of the public suites"}};
  spec.status = "0 the program ended with code 0 or passed, 1 it did not, 2 wrong usage or input.";
  return spec;
}

int isa_test_command(const Arguments& arguments) {
  CommandOptions options(isa_test_spec());
  if (!options.parse(arguments, 1, 1)) return all_hold;
  BareMachineSetup setup;
  setup.cycles_max = static_cast<platform::rv32::Cycle>(
      read_number("cycles", options.text("cycles"), 1, cycles_highest));
  if (options.has("ram")) setup.ram = read_range("ram", options.text("ram"));
  const std::string& path = options.operands().front();
  OutputClaims claims;
  claims.take(path);
  for (const char* option : {"retire", "signature"}) claims.claim(option, options.text(option));

  const ElfImage image = read_elf(path);
  if (options.has("tohost")) setup.tohost = read_address(image, "tohost", options.text("tohost"));
  std::unique_ptr<OutputFile> retire;
  if (options.has("retire")) retire = std::make_unique<OutputFile>(options.text("retire"));
  std::unique_ptr<Signature> signature;
  if (options.has("signature")) {
    signature = std::make_unique<Signature>(image, options.text("signature"));
  }

  BareMachine::Retired retired;
  if (retire) {
    retired = [&retire](const platform::rv32::Retirement& retirement) {
      retire->write(fmt::format("{} {:08x}\n", retirement.stamp, retirement.pc));
    };
  }
  BareMachine machine(
      image, setup, [](std::uint32_t word) { std::cout << fmt::format("{:08x}\n", word); },
      retired);
  if (signature) signature->require_memory(image, machine);
  const auto debugging = DebugSession::open_bare(options, path);
  std::optional<Debugged> debugged;
  if (debugging) debugged.emplace(debugging->debugger(), machine);
  const Ending ending = machine.run();
  if (debugging) debugging->debugger().over(status_of(ending));
  if (retire) retire->commit();
  if (signature) signature->write(machine);

  std::cout << fmt::format("{}: {} after {} instructions, {} cycles\n", path, ending_text(ending),
                           ending.instructions, ending.cycle);
  return status_of(ending);
}

}  // namespace tools
