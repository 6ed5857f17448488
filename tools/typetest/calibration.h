// Calibration as a factory does it. Of a type, once: one typical sample in a climatic chamber tells
// how gains and the transformers' lead go with temperature. Of each meter, at 23 °C: a few loads
// tell its own gains, lead and offsets. The constants go through the meter's debug port into its
// factory rows, the firmware stores them, and its EEPROM's image is what leaves the bench.
//
// The factory's reference standard is exact: it knows the load at the terminals. The meter's own
// rows are its readings, each over one second of whole cycles.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/typetest/subject.h"
#include "tools/typetest/task_pool.h"

namespace tools::typetest {

/// Of one phase, in the order of the factory rows; 0 corrects nothing.
enum class Constant : std::uint8_t {
  voltage_ppm,
  current_ppm,
  current_delay_ns,
  current_lead_urad,  ///< of the transformer, at 50 Hz and 23 °C
  voltage_ppb_per_K,
  current_ppb_per_K,
  lead_ppm_per_K,    ///< of the lead itself
  active_offset_uW,  ///< added to what is measured
  reactive_offset_uvar,
};
inline constexpr std::size_t constants_per_phase = 9;

/// "voltage", "lead", … and the unit, for people.
struct ConstantName {
  const char* name;
  const char* unit;
};
const ConstantName& name_of(Constant constant);

using PhaseConstants = std::array<std::int32_t, constants_per_phase>;

struct CalibrationConstants {
  std::array<PhaseConstants, phase_count> phase{};

  std::int32_t& of(std::size_t p, Constant constant) {
    return phase[p][static_cast<std::size_t>(constant)];
  }
  std::int32_t of(std::size_t p, Constant constant) const {
    return phase[p][static_cast<std::size_t>(constant)];
  }
};

/// The factory row of a constant.
constexpr std::uint32_t factory_row(std::size_t phase, Constant constant) {
  return 0xF100 + 0x40 * static_cast<std::uint32_t>(phase) +
         4 * static_cast<std::uint32_t>(constant);
}
inline constexpr std::uint32_t factory_temperature_row = 0xF1C0;  ///< in m°C
inline constexpr std::uint32_t factory_pending_row = 0xF1C4;      ///< 1: not yet in the EEPROM

/// What leaves the bench.
struct CalibratedMeter {
  CalibrationConstants constants;
  std::vector<std::uint8_t> eeprom;
  /// What is left at Iref, of the phases' active power, the worst of them: at PF 1 and PF 0.5 ind.
  double residual_percent = 0;
  double residual_inductive_percent = 0;
  double simulated_s = 0;
  std::string fault;  ///< not empty: the meter cannot be calibrated
};

/// The temperatures of the chamber.
inline constexpr std::array chamber_C = {-5.0, 23.0, 50.0};

/// What a typical sample, whose constants are all 0, shows at one temperature of the chamber, one
/// task each; all are to be run and given to the next function in this order.
std::vector<Task> characterisation_tasks(const Subject& typical_sample);
/// The constants of a type: those that go with temperature, the others 0. Throws std::runtime_error
/// with the fault of a task that has one.
CalibrationConstants type_constants(const std::vector<TaskOutcome>& outcomes);

/// Finds a meter's own constants beside those of its type, and stores them in it.
Task calibration_task(const Subject& subject, const CalibrationConstants& type);
CalibratedMeter calibrated_meter(const TaskOutcome& outcome);

/// The same here and now, in a process of its own.
CalibratedMeter calibrate(const Subject& subject, const CalibrationConstants& type);

}  // namespace tools::typetest
