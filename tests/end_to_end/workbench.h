// A workbench with one meter on it: grid, wiring, ideal sensors, pulse receivers and the meter, all
// as the scenario engine joins them, for tests in C++. One a process.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/grid/grid.h"
#include "models/receivers/led_observer.h"
#include "models/receivers/s0_receiver.h"
#include "models/sensors/front_end.h"
#include "models/thermal/ambient.h"
#include "models/truth/truth.h"
#include "models/wiring/wiring.h"
#include "platform/meter.h"

namespace end_to_end {

using metrology::hal::Connection;
using metrology::hal::MeterVariant;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;

/// One pulse as it came out of a terminal.
struct Pulse {
  Ps start;
  Ps end;  ///< 0 while it lasts
};

/// Collects the edges of every instance, and counts the other events by "instance event".
class EdgeCollector : public models::pins::EventSink {
 public:
  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;
  const std::vector<Pulse>& pulses(const std::string& instance) { return pulses_[instance]; }
  int count(const std::string& event) const;

 private:
  std::map<std::string, std::vector<Pulse>, std::less<>> pulses_;
  std::map<std::string, int> counts_;
};

/// A meter's unrounded energy and the world's instant up to which it is booked.
struct BookedEnergy {
  double Wh;  ///< both parts together
  std::int64_t uWh;
  std::uint32_t residue_pWh;
  Ps until;
};

/// A row as a port shows it, and the unrounded value behind it at the same instant.
struct ShownValue {
  double raw;
  float shown;
};
struct ShownEnergy {
  std::int64_t uWh;
  float shown;
};

struct Setup {
  MeterVariant variant = MeterVariant::mod;
  Connection connection = Connection::three_phase_four_wire;
  std::uint32_t ct_primary_A = 5;  ///< CT variants only
  std::uint32_t s0_rate_centi = 100'000;
  std::int32_t crystal_ppb = 0;
  models::sensors::FrontEndSpec sensors{};
  std::array<metrology::hal::PhaseCalibration, 3> calibration{};
};

/// The same voltage on every phase, the same current on every phase of `phases`.
struct Load {
  double voltage_V = 230;
  double current_A = 0;
  double lag_deg = 0;
  std::array<bool, 3> phases{true, true, true};
};
void schedule(models::grid::Grid& grid, Ps at, const Load& load);

class Workbench : private models::pins::WorldSchedule {
 public:
  explicit Workbench(const Setup& setup);
  ~Workbench() override;

  models::grid::Grid& grid() { return grid_; }
  models::thermal::Ambient& air() { return air_; }
  EdgeCollector& edges() { return edges_; }
  platform::Meter& meter() { return *meter_; }
  Ps now() const;

  using Load = end_to_end::Load;
  void schedule(Ps at, const Load& load) { end_to_end::schedule(grid_, at, load); }

  void run_until(Ps t);

  /// Each asks through the debug port and runs until the answers are there. Rows asked for together
  /// are answered one right after the other.
  double raw(std::uint32_t row);
  std::vector<double> raws(const std::vector<std::uint32_t>& rows);
  BookedEnergy raw_energy(std::uint32_t row);
  std::vector<BookedEnergy> raw_energies(const std::vector<std::uint32_t>& rows);
  std::uint32_t row_integer(std::uint32_t row);
  std::vector<platform::DebugReply> read_rows(const std::vector<std::uint32_t>& rows);
  /// Row and raw, asked for again until raw was the same before and after the row.
  ShownValue shown_value(std::uint32_t row);
  ShownEnergy shown_energy(std::uint32_t row);
  /// Returns when the answer was given.
  Ps write_rate(float imp_per_kWh);

  /// The answer, a refusal as well.
  platform::DebugReply write_two_bytes(std::uint32_t row, std::uint16_t value);
  platform::DebugReply write_four_bytes(std::uint32_t row, std::int32_t value);

  /// The truth at the terminals of phase 0…2; `total` sums them (Aron: the two elements).
  const models::truth::EnergyTruth& truth(int phase) const {
    return *phase_truth_.at(static_cast<std::size_t>(phase));
  }
  const models::truth::EnergyTruth& total_truth() const { return *total_truth_; }
  models::truth::Quantities quantities(int phase, Ps t) const;

 private:
  Ps next_event() const override { return horizon_; }
  using Post = std::function<void(platform::DebugPort&, platform::DebugPort::Callback)>;
  static Post raw_of(std::uint32_t row);
  static Post row_of(std::uint32_t row);
  platform::DebugReply write(std::uint32_t row, std::uint32_t first_word);
  std::vector<platform::DebugReply> answers(const std::vector<Post>& posts);
  std::vector<platform::DebugReply> ask(const std::vector<Post>& posts);
  std::vector<platform::DebugReply> row_between_raws(std::uint32_t row);
  BookedEnergy booked_energy(const platform::DebugReply& reply) const;

  Ps horizon_ = 0;
  models::grid::Grid grid_;
  models::wiring::Terminals terminals_;
  models::thermal::Ambient air_;
  models::sensors::FrontEnd front_end_;
  EdgeCollector edges_;
  std::vector<std::unique_ptr<models::pins::DigitalInput>> outputs_;
  std::vector<std::unique_ptr<models::truth::EnergyTruth>> phase_truth_;
  std::unique_ptr<models::truth::EnergyTruth> total_truth_;
  std::unique_ptr<platform::Meter> meter_;
};

}  // namespace end_to_end
