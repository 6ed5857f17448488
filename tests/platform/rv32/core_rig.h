// A hart on plain memory, with a bus whose waits, errors and interrupt lines the test writes down
// beforehand, and a record of all it did.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "platform/rv32/hart.h"
#include "tests/platform/rv32/assembler.h"

namespace test {

namespace rv = platform::rv32;
using rv::Cycle;

/// Everything that an observer is told.
struct Record : rv::Observer {
  struct Sleep {
    Cycle from, until;
  };
  struct DataAccess {
    rv::Access access;
    rv::AccessResult result;
  };
  std::vector<rv::Retirement> retirements;
  std::vector<rv::Trap> traps;
  std::vector<DataAccess> accesses;
  std::vector<Sleep> sleeps;
  rv::Hart* stops = nullptr;
  std::size_t stop_after = 0;

  void retired(const rv::Hart& /*hart*/, const rv::Retirement& retirement) override {
    retirements.push_back(retirement);
    if (retirements.size() >= stop_after) stops->stop();
  }
  void trapped(const rv::Hart& /*hart*/, const rv::Trap& trap) override { traps.push_back(trap); }
  void accessed(const rv::Hart& /*hart*/, const rv::Access& access,
                const rv::AccessResult& result) override {
    accesses.push_back({access, result});
  }
  void slept(const rv::Hart& /*hart*/, Cycle from, Cycle until) override {
    sleeps.push_back({from, until});
  }
};

class CoreRig : public rv::Environment {
 public:
  static constexpr std::uint32_t flash_base = 0, flash_size = 0x10000;
  static constexpr std::uint32_t ram_base = 0x2000'0000, ram_size = 0x1000;
  /// Storage behind the bus; never direct.
  static constexpr std::uint32_t bus_base = 0x4000'0000, bus_size = 0x100;
  /// Any write stops the hart.
  static constexpr std::uint32_t stop_register = 0x5000'0000;
  /// Where the first instruction of a test usually stands, and when it starts.
  static constexpr std::uint32_t origin = 0x1000;
  static constexpr Cycle epoch = 1000;

  struct Edge {
    Cycle at;
    bool level;
    rv::Interrupt line = rv::Interrupt::external;
  };

  std::vector<unsigned char> flash = std::vector<unsigned char>(flash_size);
  std::vector<unsigned char> ram = std::vector<unsigned char>(ram_size);
  std::vector<unsigned char> bus = std::vector<unsigned char>(bus_size);
  std::map<std::uint32_t, Cycle> waits;  ///< by word
  std::set<std::uint32_t> errors;        ///< words that answer with a bus error
  std::vector<Edge> edges;               ///< in order of time; see `line`
  bool is_direct = true;
  bool is_cycle_by_cycle = false;  ///< never a cycle ahead of the environment
  Record record;
  rv::Hart hart{*this};

  CoreRig() {
    hart.add_code(flash_base, flash_size, flash.data());
    hart.add_constants(flash_base, flash_size, flash.data());
    hart.add_code(ram_base, ram_size, ram.data());
    hart.add_data(ram_base, ram_size, ram.data());
    hart.reset(0, 0);
    hart.observe(&record);
    record.stops = &hart;
  }

  /// Puts instructions one behind the other; returns the address behind them.
  std::uint32_t place(std::uint32_t address, const std::vector<Code>& codes) {
    for (const Code& code : codes) {
      unsigned char* bytes = at(address);
      if (bytes == nullptr) throw std::logic_error("no code goes there");
      rv::store_bytes(bytes, code.length, code.bits);
      hart.code_changed(address, code.length);
      address += code.length;
    }
    return address;
  }

  void set(Reg reg, std::uint32_t value) { hart.set_register(reg, value); }
  std::uint32_t get(Reg reg) const { return hart.state().x[reg]; }
  void set_csr(std::uint32_t number, std::uint32_t value) {
    if (!hart.write_csr(number, value)) throw std::logic_error("no such CSR");
  }
  std::uint32_t csr(std::uint32_t number) const {
    std::uint32_t value = 0;
    if (!hart.read_csr(number, value)) throw std::logic_error("no such CSR");
    return value;
  }
  void enable_interrupts() {
    set_csr(rv::csr::mie, 1u << 11 | 1u << 7);
    set_csr(rv::csr::mstatus, 1u << 3);
  }
  /// A line is `level` from the edge on; in order of time.
  void line(Cycle edge, bool level, rv::Interrupt which = rv::Interrupt::external) {
    edges.push_back({edge, level, which});
  }

  /// Puts the hart before the instruction at `pc`, to start in cycle `now`; the record is empty.
  void start(std::uint32_t pc = origin, Cycle now = epoch) {
    rv::Hart::State state = hart.state();
    state.pc = pc;
    state.now = now;
    state.bubble_until = state.bubble_from = now;
    hart.restore(state);
    forget();
  }
  void forget() {
    record.retirements.clear();
    record.traps.clear();
    record.accesses.clear();
    record.sleeps.clear();
  }
  /// Runs until so many more have retired or trapped.
  void run(std::size_t count = 1) {
    record.stop_after = record.retirements.size() + count;
    hart.run();
  }
  const rv::Retirement& step() {
    run(1);
    return record.retirements.back();
  }

  rv::AccessResult access(const rv::Access& access, Cycle begin) override {
    const std::uint32_t word = access.address & ~3u;
    const auto wait = waits.find(word);
    const Cycle commit = begin + 1 + (wait == waits.end() ? 0 : wait->second);
    pass(commit);
    if (access.address == stop_register) {
      hart.stop();
      return {commit, 0, false};
    }
    unsigned char* bytes = at(access.address);
    if (bytes == nullptr || errors.count(word) != 0) return {commit, 0, true};
    if (!access.is_write) return {commit, rv::load_bytes(bytes, access.length), false};
    rv::store_bytes(bytes, access.length, access.value);
    hart.code_changed(access.address, access.length);
    return {commit, 0, false};
  }
  void reach(Cycle n) override { pass(n); }
  Cycle horizon() override {
    const Cycle edge = next_edge_ < edges.size() ? edges[next_edge_].at : cycle_never;
    return is_cycle_by_cycle ? std::min(edge, passed_ + 1) : edge;
  }
  Cycle direct_until(Cycle begin) override { return is_direct ? cycle_never : begin; }
  /// When nothing more comes the hart is stopped.
  Cycle sleep(Cycle from) override {
    pass(from);
    for (;;) {
      if (is_high_ && !is_told_) {
        is_told_ = true;
        return passed_;
      }
      if (next_edge_ == edges.size()) {
        hart.stop();
        return from;
      }
      pass(edges[next_edge_].at);
    }
  }

 private:
  static constexpr Cycle cycle_never = peripherals::cycle_never;

  unsigned char* at(std::uint32_t address) {
    if (address - flash_base < flash_size) return flash.data() + (address - flash_base);
    if (address - ram_base < ram_size) return ram.data() + (address - ram_base);
    if (address - bus_base < bus_size) return bus.data() + (address - bus_base);
    return nullptr;
  }
  void pass(Cycle n) {
    for (; next_edge_ < edges.size() && edges[next_edge_].at <= n; ++next_edge_) {
      const Edge& edge = edges[next_edge_];
      if (edge.line == rv::Interrupt::external) {
        is_high_ = edge.level;
        is_told_ = false;
        hart.set_external_interrupt(edge.level, edge.at);
      } else {
        hart.set_timer_interrupt(edge.level, edge.at);
      }
    }
    passed_ = std::max(passed_, n);
  }

  std::size_t next_edge_ = 0;
  Cycle passed_ = 0;
  bool is_high_ = false;
  bool is_told_ = false;  ///< `sleep` has returned for this rise
};

}  // namespace test
