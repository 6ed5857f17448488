// The laboratory's bench: one meter with its front end, mains as a Condition says, and somebody who
// counts the flashes of its LEDs. One a process, inside the kernel.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "platform/debug_port.h"
#include "tools/typetest/condition.h"
#include "tools/typetest/subject.h"

namespace tools::typetest {

using models::pins::Ps;

class Laboratory {
 public:
  /// `first` holds from time 0 on, when the meter gets its voltages; `repetition` goes into the
  /// seeds of all noise. Throws std::invalid_argument for what the models refuse.
  Laboratory(const Subject& subject, const Condition& first, int repetition = 0);
  ~Laboratory();
  Laboratory(const Laboratory&) = delete;
  Laboratory& operator=(const Laboratory&) = delete;

  Ps now() const;
  /// The condition from the present instant on, until the next one. The meter's own temperature
  /// follows from now on as its model has it.
  void apply(const Condition& condition);
  /// The whole voltage of all phases is multiplied by `residual` from now on for `duration`.
  void dip(Ps duration, double residual);
  void run_for(Ps duration);

  /// Instants at which the LED went on, so far.
  const std::vector<Ps>& flashes(Kind kind) const;
  /// What flowed between two instants that have been simulated, both directions together, in Wh or
  /// varh at the terminals (secondary); without the ripple within a cycle, which LEDs do not show.
  double truth_Wh(Kind kind, Ps from, Ps to) const;

  /// Through the debug port; each runs until the answer is there.
  double raw(std::uint32_t row);
  /// An energy row's counter, unrounded, in Wh or varh.
  double raw_energy_Wh(std::uint32_t row);
  /// The row's first word as it is on the bus.
  std::uint32_t row_word(std::uint32_t row);
  /// Throws std::runtime_error when the meter refuses.
  void write_row_word(std::uint32_t row, std::uint32_t word);
  /// The EEPROM's bytes as they stand now.
  std::vector<std::uint8_t> eeprom() const;
  /// The meter's own temperature now, in °C.
  double inner_temperature_C() const;

 private:
  struct Bench;
  std::unique_ptr<Bench> bench_;
};

}  // namespace tools::typetest
