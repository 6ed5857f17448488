// What a run leaves behind for its expectations to be judged by.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "metrology/hal/memory_map.h"
#include "models/masters/ir_session.h"
#include "models/masters/modbus_master.h"
#include "peripherals/bus/core_clock.h"
#include "tools/checks/pulse_train.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// The exact answer at one meter's terminals. Energies are in W·s or var·s, primary where a CT
/// meter counts primary.
class MeterTruth {
 public:
  MeterTruth() = default;
  MeterTruth(const MeterTruth&) = delete;
  MeterTruth& operator=(const MeterTruth&) = delete;
  virtual ~MeterTruth() = default;

  /// Energy that an output pulses for, without the waveform's ripple.
  virtual double output_energy(Output output, Ps from, Ps to) const = 0;
  /// Energy of phase 0 … 2 or the total (3).
  virtual double energy(bool reactive, bool reverse, int phase, Ps from, Ps to) const = 0;
  /// V, A, W, var, VA or Hz around `t`; of a power also the total (3).
  virtual double value(Measured what, int phase, Ps t) const = 0;
  virtual double apparent_VA(int phase, Ps t) const = 0;
};

/// An answer of the debug port.
struct Reading {
  Ps at = 0;  ///< when the meter answered
  metrology::hal::MailboxReply status{};
  std::array<std::uint32_t, metrology::hal::mailbox::words> words{};
  /// Of an energy's raw value: the instant of the world up to which it is booked, in picoseconds
  /// and parts of one; may lie before 0.
  double booked_until_rest = 0;
  std::int64_t booked_until = 0;
};

/// A rate that holds from `from` on, in imp/kWh.
struct RateChange {
  Ps from;
  double rate;
};

/// From `t` on the glass shows this.
struct DisplayChange {
  Ps t = 0;
  std::string text;
  std::string symbols;
};

struct LevelChange {
  Ps t = 0;
  bool on = false;
};

struct MeterEvidence {
  std::array<PulseTrain, output_count> pulses;
  std::vector<RateChange> s0_rates;  ///< first one from 0
  std::map<std::string, std::vector<Ps>> diagnostics;
  std::vector<DisplayChange> display;  ///< by time; dark before the first
  std::vector<LevelChange> backlight;  ///< by time; off before the first
  const MeterTruth* truth = nullptr;
  const peripherals::CoreClock* clock = nullptr;
};

/// The readings made for one expectation: at its end and, of an energy, at its start.
struct ExpectationReadings {
  std::optional<Reading> first;
  std::optional<Reading> last;
  std::optional<std::string> page = {};  ///< "P05", or what the panel shows instead of a page
};

/// What came of one request of the scripted master.
struct ModbusResult {
  std::size_t entry = 0;  ///< of the timeline
  int meter = -1;         ///< that was asked; −1: none in particular
  models::masters::ModbusExchange exchange;
};

/// What came of one session of a scripted reader of an infra-red port.
struct IrSessionResult {
  std::size_t entry = 0;  ///< of the timeline
  models::masters::IrResult result;
};

/// What came of one request of the M-Bus master, or of one telegram.
struct MbusResult {
  std::size_t entry = 0;
  int meter = -1;
  models::masters::MbusExchange exchange;
};

/// … and of one search.
struct MbusFound {
  std::size_t entry = 0;
  models::masters::MbusFindings findings;
};

struct Evidence {
  Ps end = 0;  ///< how far the run came
  std::vector<MeterEvidence> meters;
  std::vector<ExpectationReadings> readings;  ///< one per expectation
  std::vector<ModbusResult> exchanges;        ///< in the order of their ends
  std::vector<IrSessionResult> ir_sessions;   ///< in the order of their ends
  std::vector<MbusResult> mbus_exchanges;     ///< the same
  std::vector<MbusFound> mbus_findings;
};

}  // namespace tools
