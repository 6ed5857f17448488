// A bus master for tests of one peripheral: accesses that commit at exactly the edge the test says,
// and the clock, agenda and recorders that the peripheral needs around it.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstring>
#include <optional>
#include <systemc>
#include <utility>
#include <vector>

#include "models/pins/digital_pin.h"
#include "peripherals/bus/commit.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/irq_line.h"
#include "platform/agenda.h"
#include "platform/clock_tree.h"

namespace test {

using models::pins::Ps;
using peripherals::Cycle;

/// Clock and agenda of a peripheral under test.
struct Surroundings {
  platform::ClockTree clock;
  peripherals::CoreCounter counter;
  platform::EventAgenda agenda{clock};

  /// Lets everything happen that happens at or before edge `n`.
  void run_to(Cycle n) { run_to_time(clock.edge(n) + 1); }
  void run_to_time(Ps t) {
    const Ps now = sc_core::sc_time_stamp().value();
    if (t > now) sc_core::sc_start(sc_core::sc_time::from_value(t - now));
  }
};

class Probe : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Probe> socket;

  explicit Probe(Surroundings& around, const sc_core::sc_module_name& name = "probe")
      : sc_core::sc_module(name), socket("socket"), around_(around) {
    payload_.set_extension(&commit_);
  }
  ~Probe() override { payload_.clear_extension(&commit_); }

  /// Runs to edge `at` and reads there; nothing for a bus error.
  std::optional<std::uint32_t> read(Cycle at, std::uint32_t address, unsigned length = 4) {
    std::uint32_t value = 0;
    if (!transfer(tlm::TLM_READ_COMMAND, at, address, length, &value)) return std::nullopt;
    return value;
  }
  /// Runs to edge `at` and writes there; false for a bus error.
  bool write(Cycle at, std::uint32_t address, std::uint32_t value, unsigned length = 4) {
    return transfer(tlm::TLM_WRITE_COMMAND, at, address, length, &value);
  }

 private:
  bool transfer(tlm::tlm_command command, Cycle at, std::uint32_t address, unsigned length,
                std::uint32_t* data) {
    around_.run_to(at);
    payload_.set_command(command);
    payload_.set_address(address);
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(data));
    payload_.set_data_length(length);
    payload_.set_streaming_width(length);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    commit_.cycle = at;
    sc_core::sc_time delay;
    socket->b_transport(payload_, delay);
    return payload_.is_response_ok();
  }

  Surroundings& around_;
  tlm::tlm_generic_payload payload_;
  peripherals::Commit commit_;
};

class RecordedLine : public peripherals::IrqLine {
 public:
  void set(bool now) override { level = now; }
  bool level = false;
};

/// Levels with the edge they came at.
class RecordedPin : public models::pins::DigitalInput {
 public:
  explicit RecordedPin(const platform::ClockTree& clock) : clock_(clock) {}
  void drive(Ps t, bool level) override {
    at_kernel_time = at_kernel_time && t == sc_core::sc_time_stamp().value();
    on_an_edge = on_an_edge && clock_.edge(clock_.at_or_after(t)) == t;
    edges.emplace_back(clock_.at_or_after(t), level);
  }
  std::vector<std::pair<Cycle, bool>> edges;
  bool at_kernel_time = true;
  bool on_an_edge = true;

 private:
  const platform::ClockTree& clock_;
};

using Edges = std::vector<std::pair<Cycle, bool>>;

}  // namespace test
