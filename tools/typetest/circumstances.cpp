#include "tools/typetest/circumstances.h"

#include <cmath>
#include <stdexcept>

#include "metrology/registers/table.h"
#include "tools/scenario/load_parts.h"

namespace tools::typetest {
namespace {

namespace hal = metrology::hal;

using models::grid::BurstFired;
using models::grid::Flow;
using models::grid::HalfWave;
using models::grid::Harmonic;
using models::grid::PhaseFired;
using models::grid::RmsMeaning;
using models::grid::Switching;

constexpr double firing_deg = 90;
constexpr int burst_cycles = 2;

std::int64_t nHz(double hertz) { return std::llround(hertz * 1e9); }

Harmonic fifth(double percent) {
  Harmonic tone;
  tone.order_milli = 5'000;
  tone.percent = percent;
  return tone;
}

Switching switching_of(Recipe recipe) {
  switch (recipe) {
    case Recipe::half_wave_positive:
      return HalfWave::positive;
    case Recipe::half_wave_negative:
      return HalfWave::negative;
    case Recipe::phase_fired:
      return PhaseFired{firing_deg};
    case Recipe::burst_fired:
      return BurstFired{burst_cycles, burst_cycles};
    case Recipe::sine:
    case Recipe::fifth_harmonic:
    case Recipe::conducted:
      break;
  }
  return std::monostate{};
}

/// Only loads that fire say what their r.m.s. value means; a half-wave's is the whole wave's.
RmsMeaning meaning_of(const Condition& condition) {
  const bool fired =
      condition.recipe == Recipe::phase_fired || condition.recipe == Recipe::burst_fired;
  return fired && condition.rms_after_gating ? RmsMeaning::after_switching
                                             : RmsMeaning::before_switching;
}

/// A tone is given as a share of the fundamental, so there must be one.
Harmonic conducted_tone(const Condition& condition) {
  if (!(condition.current_A > 0)) {
    throw std::invalid_argument("a conducted tone needs a current beside which it flows");
  }
  Harmonic tone;
  tone.frequency_nHz = nHz(condition.conducted_Hz);
  tone.percent = 100 * condition.conducted_A / condition.current_A;
  return tone;
}

VoltageChange voltage_of(const Condition& condition, double Un, bool present) {
  VoltageChange change;
  change.rms_V = present ? condition.voltage * Un : 0;
  change.lead_deg = 0;
  change.harmonics.emplace();
  change.interharmonics.emplace();
  if (condition.recipe == Recipe::fifth_harmonic) change.harmonics->push_back(fifth(10));
  return change;
}

CurrentChange current_of(const Condition& condition, bool loaded) {
  CurrentChange change;
  change.rms_A = loaded ? condition.current_A : 0;
  change.lag_deg = condition.lag_deg;
  change.flow = condition.exports ? Flow::export_ : Flow::import;
  change.switching = switching_of(condition.recipe);
  change.meaning = meaning_of(condition);
  change.harmonics.emplace();
  change.interharmonics.emplace();
  if (!loaded) return change;
  if (condition.recipe == Recipe::fifth_harmonic) change.harmonics->push_back(fifth(40));
  if (condition.recipe == Recipe::conducted) {
    change.interharmonics->push_back(conducted_tone(condition));
  }
  return change;
}

// --- readers
// --------------------------------------------------------------------------------------

/// When the meter's bus is sure to be up.
constexpr Ps first_reading = models::pins::ps_per_s;
/// So many readings are planned ahead, which outlasts every point.
constexpr int readings = 10'000;

std::vector<Ps> every(Ps period) {
  std::vector<Ps> instants;
  instants.reserve(readings);
  for (int n = 0; n < readings; ++n) {
    instants.push_back(first_reading + static_cast<Ps>(n) * period);
  }
  return instants;
}

const metrology::registers::Row* row_at(std::uint32_t address) {
  for (const auto& row : metrology::registers::rows) {
    if (row.address == address) return &row;
  }
  throw std::logic_error("the register table lacks a row that is read");
}

TimelineEntry modbus_poll() {
  TimelineEntry entry;
  entry.at = {first_reading};
  ModbusEntry& poll = entry.modbus.emplace();
  poll.action = ModbusAction::poll;
  // What a building's controller reads: energy, power, voltages, currents.
  for (const std::uint32_t address :
       {0x3020u, 0x2080u, 0x2008u, 0x200Cu, 0x2010u, 0x2068u, 0x206Cu, 0x2070u}) {
    poll.rows.push_back(row_at(address));
  }
  return entry;
}

TimelineEntry mbus_readout() {
  TimelineEntry entry;
  entry.at = every(2 * models::pins::ps_per_s);
  MbusEntry& request = entry.mbus.emplace();
  request.action = MbusAction::service;
  request.control = models::masters::mbus_req_ud2;
  request.all_telegrams = true;
  return entry;
}

TimelineEntry ir_readout() {
  TimelineEntry entry;
  entry.at = every(30 * models::pins::ps_per_s);
  entry.meter = 0;
  entry.ir.emplace();
  return entry;
}

}  // namespace

GridChange mains_of(const Condition& condition, const Ratings& ratings) {
  GridChange change;
  change.frequency_nHz = nHz(condition.frequency_Hz);
  change.reversed_sequence = condition.reversed_sequence;
  for (std::size_t phase = 0; phase < phase_count; ++phase) {
    change.voltage[phase] = voltage_of(condition, ratings.Un, condition.voltage_present[phase]);
    change.current[phase] = current_of(condition, condition.loaded[phase]);
  }
  set_temperature(change, condition.temperature_C);
  return change;
}

void set_temperature(GridChange&, double) {}

TariffVoltage tariff_voltage_of(const Condition& condition, const Ratings& ratings) {
  TariffVoltage voltage;
  voltage.frequency_nHz = nHz(condition.frequency_Hz);
  if (condition.accessory == Accessory::tariff_input) voltage.rms_V = ratings.Un;
  return voltage;
}

void add_bus_traffic(Scenario& scenario) {
  const MeterSpec& meter = scenario.meters.front();
  if (hal::has_modbus(meter.page.variant)) {
    models::masters::SerialFormat& format = scenario.bus.emplace().format;
    format.baud = meter.settings.baud.value_or(static_cast<std::uint16_t>(format.baud));
    if (meter.settings.parity == metrology::registers::Parity::none) {
      format.parity = models::masters::Parity::none;
    }
    scenario.timeline.push_back(modbus_poll());
  } else if (hal::has_mbus(meter.page.variant)) {
    scenario.mbus.emplace().format.baud = mbus_baud(meter);
    scenario.timeline.push_back(mbus_readout());
  } else {
    scenario.timeline.push_back(ir_readout());
  }
}

}  // namespace tools::typetest
