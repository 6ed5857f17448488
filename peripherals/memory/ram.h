// RAM, 32 KiB, no wait cycle. Takes any bytes of one aligned word; the CPU splits other accesses.
// Its content survives every reset but power-on.
//
// A DMA that writes lazily is asked to catch up before each access, so nobody ever sees that it is
// lazy.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <systemc>
#include <tlm>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/core_clock.h"

namespace peripherals {

class LazyWriter {
 public:
  LazyWriter() = default;
  LazyWriter(const LazyWriter&) = delete;
  LazyWriter& operator=(const LazyWriter&) = delete;
  virtual ~LazyWriter() = default;

  /// Writes what should have been written by edge `at`.
  virtual void catch_up(Cycle at) = 0;
};

class Ram : public sc_core::sc_module {
 public:
  static constexpr std::size_t word_count = metrology::hal::ram_size / 4;
  struct State {
    std::array<std::int32_t, word_count> words;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  tlm_utils::simple_target_socket<Ram> socket;

  explicit Ram(const sc_core::sc_module_name& name);

  void set_lazy_writer(LazyWriter& writer) { lazy_writer_ = &writer; }
  /// The words themselves, for the DMA and for readers that have called `catch_up`.
  std::int32_t* words() { return state_.words.data(); }
  void catch_up(Cycle at);

  /// Power comes: all zero. [twin]
  void power_on() { state_ = State{}; }
  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);

  LazyWriter* lazy_writer_ = nullptr;
  State state_{};
};

}  // namespace peripherals
