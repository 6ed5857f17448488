// A scenario as it was meant: plain data, checked, in the units of the models.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "metrology/energy/accounts.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/registers/row.h"
#include "metrology/registers/settings.h"
#include "models/grid/grid.h"
#include "models/receivers/s0_receiver.h"
#include "models/sensors/front_end_spec.h"
#include "models/supply/supply.h"
#include "models/wiring/wiring.h"
#include "platform/firmware_image.h"
#include "tools/scenario/bus_spec.h"
#include "tools/scenario/input_error.h"
#include "tools/scenario/ir_spec.h"
#include "tools/scenario/mbus_spec.h"
#include "tools/scenario/profile.h"
#include "tools/scenario/units.h"

namespace tools {

inline constexpr int phase_count = models::grid::phase_count;
using Output = metrology::hal::PulseChannel;
inline constexpr int output_count = metrology::hal::pulse::channel_count;

/// "s0_forward" … as the language and the log call an output.
std::string_view name_of(Output output);

// --- the world ----------------------------------------------------------------------------------

/// What a `set` says of one phase's voltage; what it does not say stays.
struct VoltageChange {
  std::optional<double> rms_V;
  std::optional<double> lead_deg;
  std::optional<std::vector<models::grid::Harmonic>> harmonics;
  std::optional<std::vector<models::grid::Harmonic>> interharmonics;

  bool empty() const { return !rms_V && !lead_deg && !harmonics && !interharmonics; }
};

struct CurrentChange {
  std::optional<double> rms_A;
  std::optional<double> lag_deg;  ///< as if importing
  std::optional<models::grid::Flow> flow;
  std::optional<models::grid::Switching> switching;
  std::optional<models::grid::RmsMeaning> meaning;
  std::optional<std::vector<models::grid::Harmonic>> harmonics;
  std::optional<std::vector<models::grid::Harmonic>> interharmonics;

  bool empty() const {
    return !rms_A && !lag_deg && !flow && !switching && !meaning && !harmonics && !interharmonics;
  }
};

/// A recording that takes the place of voltages and currents.
struct RecordingChange {
  models::grid::RecordingSpec spec;
  std::vector<std::string> files;  ///< that it was read from
};

/// The mains, and the air around the meter.
struct GridChange {
  std::optional<std::int64_t> frequency_nHz;
  std::optional<bool> reversed_sequence;
  std::array<VoltageChange, phase_count> voltage;
  std::array<CurrentChange, phase_count> current;
  std::optional<double> temperature_C;
  std::optional<RecordingChange> recording;  ///< begins after all that
};

struct ReceiverChange {
  std::optional<double> supply_V;
  std::optional<bool> reversed;
  std::optional<double> series_ohm;
};

/// [0] forward, [1] reverse.
using ReceiversChange = std::array<ReceiverChange, 2>;

/// Settings as production leaves them where a scenario wants others than the manual's defaults.
struct SettingsChange {
  std::optional<metrology::registers::CombinedCode> combined_code;
  std::optional<std::uint8_t> lcd_cycle_s;
  std::optional<metrology::registers::BacklightMode> backlight;
  std::optional<metrology::energy::Tariff> saved_tariff;
  std::optional<std::uint16_t> meter_id;
  std::optional<std::uint16_t> baud;
  std::optional<metrology::registers::Parity> parity;
  std::optional<std::array<std::uint8_t, metrology::registers::scroll_mask_bytes>> scroll_mask;
};

/// The 230 V input of terminals 24 and 25; 0 V: nothing there.
struct TariffVoltage {
  double rms_V = 0;
  std::int64_t frequency_nHz = 50 * models::grid::nHz_per_Hz;
};

/// What runs a meter's firmware: the host, or an instruction-set simulator the flashed image.
enum class CpuKind : std::uint8_t { native, iss };

struct MeterSpec {
  std::string id = "m1";
  /// As the scenario says; nothing: what the command line says.
  std::optional<CpuKind> cpu;
  /// What came of it: the flashed image; null for the native firmware.
  platform::SharedImage image;
  /// Variant, connection, serial, ratio, S0 rate and calibration as production writes them.
  metrology::hal::ParameterPage page{};
  std::int32_t crystal_ppb = 0;
  std::vector<GridChange> grid;            ///< to be applied in this order at the start
  std::shared_ptr<const Profile> profile;  ///< null: none
  models::wiring::Wiring wiring;
  models::sensors::FrontEndSpec sensors;
  std::vector<ReceiversChange> receivers;
  SettingsChange settings;
  /// Preset counters; without Aron `total` is the phases' sum.
  metrology::energy::Accounts counters{};
  std::string eeprom_file;                 ///< empty: its EEPROM lives with the run
  std::vector<std::uint8_t> eeprom_bytes;  ///< what it begins with instead of a file; may be empty
  Ps holdup = models::supply::default_holdup_ps;
  TariffVoltage tariff_input;
  BusEnd bus;
  Position position;
};

// --- the timeline -------------------------------------------------------------------------------

struct Ramp {
  Ps over = 0;
  std::optional<std::int64_t> frequency_nHz;
  std::array<std::optional<double>, phase_count> voltage_V;
  std::array<std::optional<double>, phase_count> current_A;
  std::optional<double> temperature_C;
};

/// A dip, a swell or an interruption.
struct Sag {
  std::array<bool, phase_count> phases{};
  double residual = 0;
  Ps duration = 0;
};

/// A register and the bytes to be written, big endian, four a word.
struct RegisterWrite {
  const metrology::registers::Row* row = nullptr;
  std::array<std::uint32_t, metrology::hal::mailbox::words> words{};
  double number = 0;  ///< the value in the row's own unit, of a row that holds numbers
  std::string shown;
};

struct Press {
  bool left = false;
  bool right = false;
  Ps duration = 0;
};

/// What can be damaged inside a meter. Damaged records are the newest copies; what is lost or
/// erased is all of the EEPROM.
enum class Fault {
  eeprom_dead,
  eeprom_stuck,
  eeprom_works,
  settings_damaged,
  calibration_damaged,
  compensation_damaged,
  counters_damaged,
  storage_erased,
  storage_lost,
  program_damaged,
};

struct TimelineEntry {
  Position position;
  std::string name;
  std::optional<int> meter;  ///< index; none: every meter
  std::vector<Ps> at;        ///< every instant it happens at, rising
  bool endless = false;      ///< an `every` without `until`
  std::optional<GridChange> set;
  std::optional<Ramp> ramp;
  std::vector<Sag> sags;
  std::optional<std::int32_t> crystal_ppb;
  std::optional<ReceiversChange> receivers;
  std::optional<RegisterWrite> write;
  std::optional<Press> press;
  std::optional<TariffVoltage> tariff_input;
  std::optional<Ps> supply_cut;
  std::optional<Fault> fault;
  std::optional<ModbusEntry> modbus;
  std::optional<IrEntry> ir;
  std::optional<MbusEntry> mbus;
};

// --- expectations -------------------------------------------------------------------------------

/// A tolerance: of the expected value, or in its unit.
struct Band {
  double value = 0;
  bool relative = false;
  std::string shown;
};

/// A value of a row: a number in the row's own unit (V, A, kW, …), or a text.
struct RowValue {
  std::optional<double> number;
  std::string text;
  std::string shown;
};

struct ExpectRow {
  const metrology::registers::Row* row = nullptr;
  bool raw = false;
  Ps at = 0;
  std::optional<RowValue> equals;
  std::optional<Band> tolerance;  ///< of `equals`, in the row's own unit
  std::optional<RowValue> at_least;
  std::optional<RowValue> at_most;
};

enum class Measured {
  active_energy,
  reactive_energy,
  active_power,
  reactive_power,
  voltage,
  current,
  frequency
};

inline bool is_energy(Measured what) {
  return what == Measured::active_energy || what == Measured::reactive_energy;
}

struct ExpectAccuracy {
  Measured what = Measured::active_power;
  int phase = 3;  ///< 3: total
  bool reverse = false;
  Ps from = 0;
  Ps to = 0;
  Band within;
  bool of_apparent = false;
};

/// What is expected of the pulses of one output that start in [from, to).
struct ExpectPulses {
  Output output{};
  Ps from = 0;
  Ps to = 0;
};

struct ExpectCount : ExpectPulses {
  std::optional<std::int64_t> equals;  ///< none: what the truth owes
  std::int64_t tolerance = 0;
};

struct ExpectFollowsTruth : ExpectPulses {
  double within = 1;
};

struct ExpectWidth : ExpectPulses {
  Ps equals = 0;
  std::optional<Ps> tolerance;  ///< none: one core clock
};

struct ExpectInterval : ExpectPulses {
  Ps equals = 0;
  Ps tolerance = 0;
};

struct ExpectJitter : ExpectPulses {
  Ps within = 0;
};

struct ExpectSilent : ExpectPulses {};

struct ExpectDiagnostic {
  std::string event;
  Ps from = 0;
  Ps to = 0;
  std::int64_t equals = 0;
};

/// What the glass shows at an instant, changes of that instant included.
struct ExpectDisplay {
  std::optional<std::string> text;
  std::optional<std::string> symbols;  ///< as models::display::symbol_text() has them
  Ps at = 0;
};

/// The page, P01 … P67, that the panel shows at an instant.
struct ExpectPage {
  int page = 0;
  Ps at = 0;
};

struct ExpectBacklight {
  bool on = false;
  Ps at = 0;
};

struct ExpectAnswer : ExpectOfAnswers {
  std::optional<models::masters::ModbusOutcome> outcome;
  std::optional<ExpectRow> value;  ///< but for its instant
  std::optional<int> exception;
};

/// What is expected of a register's record in an M-Bus answer instead of a value.
enum class RecordState { missing, overflow };

struct ExpectMbusAnswer : ExpectOfAnswers {
  std::optional<models::masters::MbusOutcome> outcome;
  std::optional<ExpectRow> value;     ///< but for its instant; without limits beside `record`
  std::optional<RecordState> record;  ///< of the value's row
  std::optional<int> error;
};

struct ExpectExchanges : ExpectCountOfExchanges {
  models::masters::ModbusOutcome outcome{};
};

struct ExpectMbusExchanges : ExpectCountOfExchanges {
  models::masters::MbusOutcome outcome{};
};

/// What a search or a scan found, each time.
struct ExpectFound {
  std::size_t entry = 0;
  bool all_meters = false;
  std::optional<std::vector<std::uint32_t>> ids;  ///< rising
  std::optional<std::vector<std::uint8_t>> addresses;
  std::optional<std::uint64_t> count;
  std::uint64_t clashes = 0;
};

using ExpectationKind =
    std::variant<ExpectRow, ExpectAccuracy, ExpectCount, ExpectFollowsTruth, ExpectWidth,
                 ExpectInterval, ExpectJitter, ExpectSilent, ExpectDiagnostic, ExpectDisplay,
                 ExpectPage, ExpectBacklight, ExpectAnswer, ExpectExchanges, ExpectMbusAnswer,
                 ExpectMbusExchanges, ExpectFound, ExpectIrAnswer, ExpectIrExchanges>;

struct Expectation {
  std::string name;
  Position position;
  int meter = 0;
  ExpectationKind kind;
};

// --- the whole ----------------------------------------------------------------------------------

struct Scenario {
  std::string file;  ///< as given
  std::string name;  ///< the file's name without its ending, printable
  std::string title;
  Ps duration = 0;
  std::uint64_t seed = 0;
  std::vector<MeterSpec> meters;
  std::optional<BusSpec> bus;
  std::optional<IrSpec> ir;
  std::optional<MbusLineSpec> mbus;
  std::vector<TimelineEntry> timeline;
  std::vector<Expectation> expectations;
  std::vector<std::string> sources;  ///< the file and all that it includes
  /// What it says, all included, whatever its layout; and the files of recordings and profiles.
  std::string content;
  std::vector<std::string> data_files;
};

}  // namespace tools
