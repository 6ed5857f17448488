#include "tools/typetest/calibration.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tools/typetest/laboratory.h"

namespace tools::typetest {
namespace {

using models::pins::ps_per_s;

constexpr std::array<ConstantName, constants_per_phase> names = {{{"voltage gain", "ppm"},
                                                                  {"current gain", "ppm"},
                                                                  {"current delay", "ns"},
                                                                  {"current lead", "µrad"},
                                                                  {"voltage gain", "ppb/K"},
                                                                  {"current gain", "ppb/K"},
                                                                  {"change of the lead", "ppm/K"},
                                                                  {"active offset", "µW"},
                                                                  {"reactive offset", "µvar"}}};

constexpr double pi = 3.14159265358979323846;
constexpr double inductive_deg = 60;
constexpr double reference_C = 23;

/// Until every row shows a whole second of what has changed, constants included, which take effect
/// within two seconds.
constexpr Ps settled = 4 * ps_per_s;
/// Readings that are averaged. At Iref one second's reading scatters by about 2 ppm (20 codes of
/// noise against 250 000 of current), at Imin by 25 ppm: the goal of 200 ppm needs no more.
constexpr int readings = 3;
constexpr int low_readings = 6;
/// An offset of power is a twentieth as much of Iref as of Imin, where it is found, and lead and
/// gain act on each other in second order: twice round leaves a few millionths.
constexpr int rounds = 2;
/// The firmware stores within a few seconds, or never.
constexpr int store_patience_s = 20;

struct Reading {
  double voltage_V;
  double active_W;
  double reactive_var;
};
using Readings = std::array<Reading, phase_count>;

Readings read_phases(Laboratory& laboratory, int count) {
  constexpr std::uint32_t voltage_row = 0x2008;
  constexpr std::uint32_t active_row = 0x2088;
  constexpr std::uint32_t reactive_row = 0x20A8;
  Readings mean{};
  for (int n = 0; n < count; ++n) {
    laboratory.run_for(ps_per_s);
    for (std::size_t p = 0; p < phase_count; ++p) {
      const auto row = static_cast<std::uint32_t>(4 * p);
      mean[p].voltage_V += laboratory.raw(voltage_row + row) / count;
      mean[p].active_W += 1000 * laboratory.raw(active_row + row) / count;
      mean[p].reactive_var += 1000 * laboratory.raw(reactive_row + row) / count;
    }
  }
  return mean;
}

Condition load(double current_A, double lag_deg, double temperature_C = reference_C) {
  Condition condition;
  condition.current_A = current_A;
  condition.lag_deg = lag_deg;
  condition.temperature_C = temperature_C;
  return condition;
}

/// Amperes at the terminals as the rows show them: primary ones.
double primary(const Subject& subject) {
  constexpr double secondary_A = 5;
  const auto& page = subject.meter.page;
  return subject.ct() && page.ct_primary_A != 0 ? page.ct_primary_A / secondary_A : 1;
}

double true_W(const Subject& subject, const Condition& c) {
  return subject.ratings.Un * c.current_A * std::cos(c.lag_deg * pi / 180) * primary(subject);
}

double true_var(const Subject& subject, const Condition& c) {
  return subject.ratings.Un * c.current_A * std::sin(c.lag_deg * pi / 180) * primary(subject);
}

std::int32_t whole(double value) { return static_cast<std::int32_t>(std::lround(value)); }

/// 1 + ppm·10⁻⁶ times `factor`, in ppm.
std::int32_t corrected_ppm(std::int32_t ppm, double factor) {
  return whole(((1 + ppm * 1e-6) * factor - 1) * 1e6);
}

/// By how much the current leads, from P at PF 0.5 ind over P at PF 1, whatever the gain:
/// cos(60° − lead) / cos(lead).
double lead_of(double share) {
  const double lag = inductive_deg * pi / 180;
  return std::atan((share - std::cos(lag)) / std::sin(lag));
}

// --- the meter's factory rows
// ---------------------------------------------------------------------

void write(Laboratory& laboratory, const CalibrationConstants& constants,
           const std::vector<Constant>& which) {
  for (std::size_t p = 0; p < phase_count; ++p) {
    for (const Constant constant : which) {
      const std::int32_t value = constants.of(p, constant);
      try {
        laboratory.write_row_word(factory_row(p, constant), static_cast<std::uint32_t>(value));
      } catch (const std::runtime_error& error) {
        const ConstantName& name = name_of(constant);
        throw std::runtime_error(fmt::format("L{} needs a {} of {} {}: {}", p + 1, name.name, value,
                                             name.unit, error.what()));
      }
    }
  }
}

void wait_until_stored(Laboratory& laboratory) {
  for (int s = 0; s < store_patience_s; ++s) {
    laboratory.run_for(ps_per_s);
    if (laboratory.row_word(factory_pending_row) == 0) return;
  }
  throw std::runtime_error("the meter does not store its calibration");
}

// --- one meter
// ------------------------------------------------------------------------------------

class Factory {
 public:
  Factory(const Subject& subject, const CalibrationConstants& type)
      : subject_(subject),
        iref_(load(subject.ratings.Iref, 0)),
        inductive_(load(subject.ratings.Iref, inductive_deg)),
        low_(load(subject.ratings.Imin, 0)),
        low_reactive_(load(subject.ratings.Imin, 90)),
        laboratory_(subject, iref_) {
    meter_.constants = type;
  }

  CalibratedMeter run() {
    laboratory_.run_for(settled);
    write(laboratory_, meter_.constants,
          {Constant::voltage_ppm, Constant::current_ppm, Constant::current_delay_ns,
           Constant::current_lead_urad, Constant::voltage_ppb_per_K, Constant::current_ppb_per_K,
           Constant::lead_ppm_per_K, Constant::active_offset_uW, Constant::reactive_offset_uvar});
    for (int round = 0; round < rounds; ++round) {
      find_gains();
      find_leads();
      find_offsets();
    }
    wait_until_stored(laboratory_);
    meter_.residual_percent = residual(iref_);
    meter_.residual_inductive_percent = residual(inductive_);
    meter_.eeprom = laboratory_.eeprom();
    meter_.simulated_s = static_cast<double>(laboratory_.now()) * 1e-12;
    return std::move(meter_);
  }

 private:
  Readings read_at(const Condition& condition, int count = readings) {
    laboratory_.apply(condition);
    laboratory_.run_for(settled);
    return read_phases(laboratory_, count);
  }

  /// Of voltage by U; of current by what P says beyond that, so that it is energy which is right.
  void find_gains() {
    const Readings seen = read_at(iref_);
    for (std::size_t p = 0; p < phase_count; ++p) {
      const double voltage = subject_.ratings.Un / seen[p].voltage_V;
      const double power = true_W(subject_, iref_) / seen[p].active_W;
      std::int32_t& voltage_ppm = meter_.constants.of(p, Constant::voltage_ppm);
      std::int32_t& current_ppm = meter_.constants.of(p, Constant::current_ppm);
      voltage_ppm = corrected_ppm(voltage_ppm, voltage);
      current_ppm = corrected_ppm(current_ppm, power / voltage);
    }
    write(laboratory_, meter_.constants, {Constant::voltage_ppm, Constant::current_ppm});
  }

  void find_leads() {
    const Readings seen = read_at(inductive_);
    const double apparent_VA = true_W(subject_, iref_);
    for (std::size_t p = 0; p < phase_count; ++p) {
      const double lead_rad = lead_of(seen[p].active_W / apparent_VA);
      meter_.constants.of(p, Constant::current_lead_urad) += whole(lead_rad * 1e6);
    }
    write(laboratory_, meter_.constants, {Constant::current_lead_urad});
  }

  /// In power at the terminals.
  void find_offsets() {
    const Readings active = read_at(low_, low_readings);
    const Readings reactive = read_at(low_reactive_, low_readings);
    const double to_micro = 1e6 / primary(subject_);
    for (std::size_t p = 0; p < phase_count; ++p) {
      meter_.constants.of(p, Constant::active_offset_uW) +=
          whole((true_W(subject_, low_) - active[p].active_W) * to_micro);
      meter_.constants.of(p, Constant::reactive_offset_uvar) +=
          whole((true_var(subject_, low_reactive_) - reactive[p].reactive_var) * to_micro);
    }
    write(laboratory_, meter_.constants,
          {Constant::active_offset_uW, Constant::reactive_offset_uvar});
  }

  double residual(const Condition& condition) {
    const Readings seen = read_at(condition);
    double worst = 0;
    for (const Reading& phase : seen) {
      const double error = 100 * (phase.active_W / true_W(subject_, condition) - 1);
      if (std::abs(error) > std::abs(worst)) worst = error;
    }
    return worst;
  }

  const Subject& subject_;
  Condition iref_;
  Condition inductive_;
  Condition low_;
  Condition low_reactive_;
  Laboratory laboratory_;
  CalibratedMeter meter_;
};

// --- the type
// -------------------------------------------------------------------------------------

/// Of one phase at one temperature.
struct Sample {
  double temperature_C;  ///< as the firmware has it
  double voltage;        ///< reading over truth
  double current;        ///< P over truth, without what the voltage has
  double lead_rad;
};

nlohmann::json characterise(const Subject& sample, double temperature_C) {
  const Condition iref = load(sample.ratings.Iref, 0, temperature_C);
  const Condition inductive = load(sample.ratings.Iref, inductive_deg, temperature_C);
  Laboratory laboratory(sample, iref);
  laboratory.run_for(settled);
  const Readings straight = read_phases(laboratory, readings);
  const double shown_mC = static_cast<std::int32_t>(laboratory.row_word(factory_temperature_row));
  laboratory.apply(inductive);
  laboratory.run_for(settled);
  const Readings lagging = read_phases(laboratory, readings);
  nlohmann::json phases = nlohmann::json::array();
  for (std::size_t p = 0; p < phase_count; ++p) {
    const double voltage = straight[p].voltage_V / sample.ratings.Un;
    const double power = straight[p].active_W / true_W(sample, iref);
    phases.push_back(
        {{"temperature_C", shown_mC / 1000},
         {"voltage", voltage},
         {"current", power / voltage},
         // cos(60° − lead) / cos(lead), of which the lead itself takes next to nothing.
         {"lead_rad", lead_of(lagging[p].active_W / straight[p].active_W)}});
  }
  return phases;
}

/// The straight line through (temperature, value) with the least squares: value at 23 °C and slope.
struct Line {
  double at_reference;
  double per_K;
};

Line line_through(const std::vector<Sample>& samples, double Sample::*value) {
  double t = 0;
  double v = 0;
  for (const Sample& sample : samples) {
    t += (sample.temperature_C - reference_C) / static_cast<double>(samples.size());
    v += sample.*value / static_cast<double>(samples.size());
  }
  double tt = 0;
  double tv = 0;
  for (const Sample& sample : samples) {
    const double distance = sample.temperature_C - reference_C - t;
    tt += distance * distance;
    tv += distance * (sample.*value - v);
  }
  const double slope = tt > 0 ? tv / tt : 0;
  return {v - slope * t, slope};
}

}  // namespace

const ConstantName& name_of(Constant constant) { return names[static_cast<std::size_t>(constant)]; }

std::vector<Task> characterisation_tasks(const Subject& typical_sample) {
  std::vector<Task> tasks;
  for (const double temperature_C : chamber_C) {
    tasks.push_back(
        {fmt::format("characterise at {} °C", temperature_C),
         [typical_sample, temperature_C] { return characterise(typical_sample, temperature_C); },
         2 * (4 + readings)});
  }
  return tasks;
}

CalibrationConstants type_constants(const std::vector<TaskOutcome>& outcomes) {
  std::array<std::vector<Sample>, phase_count> samples;
  for (const TaskOutcome& outcome : outcomes) {
    if (!outcome.fault.empty()) throw std::runtime_error(outcome.fault);
    const nlohmann::json phases = nlohmann::json::parse(outcome.json);
    for (std::size_t p = 0; p < phase_count; ++p) {
      const nlohmann::json& phase = phases.at(p);
      samples[p].push_back(
          {phase["temperature_C"], phase["voltage"], phase["current"], phase["lead_rad"]});
    }
  }
  CalibrationConstants constants;
  for (std::size_t p = 0; p < phase_count; ++p) {
    const Line voltage = line_through(samples[p], &Sample::voltage);
    const Line current = line_through(samples[p], &Sample::current);
    const Line lead = line_through(samples[p], &Sample::lead_rad);
    constants.of(p, Constant::voltage_ppb_per_K) =
        whole(-voltage.per_K / voltage.at_reference * 1e9);
    constants.of(p, Constant::current_ppb_per_K) =
        whole(-current.per_K / current.at_reference * 1e9);
    // Without a lead there is nothing that could change.
    constexpr double least_lead_rad = 1e-5;
    if (std::abs(lead.at_reference) > least_lead_rad) {
      constants.of(p, Constant::lead_ppm_per_K) = whole(lead.per_K / lead.at_reference * 1e6);
    }
  }
  return constants;
}

CalibratedMeter calibrate(const Subject& subject, const CalibrationConstants& type) {
  return Factory(subject, type).run();
}

Task calibration_task(const Subject& subject, const CalibrationConstants& type) {
  return {"calibrate " + subject.meter.id,
          [subject, type]() -> nlohmann::json {
            const CalibratedMeter meter = calibrate(subject, type);
            return {{"constants", meter.constants.phase},
                    {"eeprom", meter.eeprom},
                    {"residual_percent", meter.residual_percent},
                    {"residual_inductive_percent", meter.residual_inductive_percent},
                    {"simulated_s", meter.simulated_s}};
          },
          100};
}

CalibratedMeter calibrated_meter(const TaskOutcome& outcome) {
  CalibratedMeter meter;
  meter.fault = outcome.fault;
  if (outcome.json.empty()) return meter;
  const nlohmann::json json = nlohmann::json::parse(outcome.json);
  meter.constants.phase = json["constants"];
  meter.eeprom = json["eeprom"].get<std::vector<std::uint8_t>>();
  meter.residual_percent = json["residual_percent"];
  meter.residual_inductive_percent = json["residual_inductive_percent"];
  meter.simulated_s = json["simulated_s"];
  return meter;
}

}  // namespace tools::typetest
