// What a meter must keep over a power cut, as the firmware has it and as an EEPROM's bytes have it.
// The bytes are decoded here by a reader of its own, from metrology/storage/record.h's and
// layout.h's text alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrology/app/state.h"

namespace end_to_end {

/// In the order of the record: T1, T2; L1, L2, L3, total; active, reactive; forward, reverse; then
/// the day counter's origin.
struct Kept {
  static constexpr std::size_t counters = 33;
  static constexpr std::size_t outputs = 4;
  std::array<std::int64_t, counters> uWh{};
  std::array<std::uint32_t, counters> residue_pWh{};
  std::array<std::uint64_t, outputs> fraction{};
  std::array<std::int64_t, outputs> owed{};
  bool saved_t2 = false;
  bool input_on = false;
  std::uint32_t power_downs = 0;
};

/// All that is booked, with every window played: what a save at this instant has to contain.
Kept kept_of(const metrology::app::State& state);

/// The newest whole counter record of an EEPROM.
std::optional<Kept> newest_record(const std::vector<std::uint8_t>& image);
/// The meter number in its newest whole settings record.
std::optional<std::uint16_t> newest_meter_id(const std::vector<std::uint8_t>& image);

/// What differs, for a message; empty if nothing does.
std::string counters_differ(const Kept& found, const Kept& expected);
std::string differ(const Kept& found, const Kept& expected);
/// A counter of `found` that is ahead of `booked`; empty if none is.
std::string ahead(const Kept& found, const Kept& booked);

/// Pulses seen at the terminals and pulses owed against the energy in the counters: exact, in
/// integers. `started` since the meter's first power-up; `rate_centi` of each output, never
/// changed.
std::string pulses_disagree(const Kept& kept, const std::array<std::int64_t, 4>& started,
                            const std::array<std::uint32_t, 4>& rate_centi);

}  // namespace end_to_end
