// TLM's debug transport: reads what reads without effects, takes no time, and writes RAM only.
#include <catch2/catch.hpp>
#include <string>

#include "metrology/hal/memory_map.h"
#include "peripherals/interrupt_controller/interrupt_controller.h"
#include "peripherals/memory/ram.h"
#include "peripherals/memory/read_only_memory.h"
#include "peripherals/system_control/system_control.h"
#include "tests/peripherals/support/probe.h"

namespace {

namespace hal = metrology::hal;
using test::Cycle;

/// A debugger's side of a socket.
struct Looker : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<Looker> socket{"socket"};

  explicit Looker(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("looker"))
      : sc_core::sc_module(name) {}

  unsigned move(tlm::tlm_command command, std::uint32_t address, std::string& bytes, Cycle at) {
    tlm::tlm_generic_payload payload;
    peripherals::Commit commit;
    commit.cycle = at;
    payload.set_extension(&commit);
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(bytes.data()));
    payload.set_data_length(static_cast<unsigned>(bytes.size()));
    const unsigned done = socket->transport_dbg(payload);
    payload.clear_extension(&commit);
    return done;
  }
  /// As much of `length` bytes as there is.
  std::string read(std::uint32_t address, unsigned length, Cycle at = 1000) {
    std::string bytes(length, '\xEE');
    bytes.resize(move(tlm::TLM_READ_COMMAND, address, bytes, at));
    return bytes;
  }
  unsigned write(std::uint32_t address, std::string bytes) {
    return move(tlm::TLM_WRITE_COMMAND, address, bytes, 1000);
  }
};

class NoReset : public peripherals::ResetRequest {
 public:
  void request(Cycle) override {}
};

struct ControlBench : sc_core::sc_module {
  test::Surroundings around;
  Looker looker;
  NoReset resets;
  peripherals::SystemControl control{"control", around.counter, resets};

  explicit ControlBench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    looker.socket.bind(control.socket);
  }
};

}  // namespace

TEST_CASE("debug transport: RAM is read and written at any place and ends where it ends") {
  Looker looker;
  peripherals::Ram ram("ram");
  looker.socket.bind(ram.socket);
  CHECK(looker.write(3, "abcdef") == 6);
  CHECK(looker.read(2, 8) == std::string("\0abcdef\0", 8));
  CHECK(looker.read(hal::ram_size - 2, 4).size() == 2);
  CHECK(looker.read(hal::ram_size, 4).empty());
}

TEST_CASE("debug transport: flash is read and not written and never written cells are ones") {
  Looker looker;
  peripherals::ReadOnlyMemory flash("flash", 16, {0x44332211});
  looker.socket.bind(flash.socket);
  CHECK(looker.read(1, 5) == "\x22\x33\x44\xFF\xFF");
  CHECK(looker.write(0, "x") == 0);
  CHECK(looker.read(0, 1) == "\x11");
  CHECK(looker.read(15, 4).size() == 1);
}

TEST_CASE("debug transport: the counter that latches is not read and its latch stays") {
  ControlBench bench;
  CHECK(bench.looker.read(hal::sysctrl::counter_lo, 4).empty());
  CHECK(bench.looker.read(hal::sysctrl::counter_hi, 4) == std::string(4, '\0'));
  // Up to the first that has effects or cannot be read, and within a word by its bytes.
  CHECK(bench.looker.read(hal::sysctrl::counter_hi + 2, 2) == std::string(2, '\0'));
  CHECK(bench.looker.write(hal::sysctrl::reset_request, "\x01\x00\xFE\x5A") == 0);
}

TEST_CASE("debug transport: an interrupt is not claimed by looking") {
  Looker looker;
  test::RecordedLine output;
  peripherals::InterruptController controller("controller", output);
  looker.socket.bind(controller.socket);
  CHECK(looker.read(hal::intc::claim, 4).empty());
  controller.line(hal::Irq::dma_block).set(true);
  const std::string pending = looker.read(hal::intc::pending, 4);
  REQUIRE(pending.size() == 4);
  CHECK(static_cast<unsigned char>(pending[0]) == 1U << static_cast<unsigned>(hal::Irq::dma_block));
}
