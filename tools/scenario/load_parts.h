// The loader's parts, one per file.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "tools/scenario/reader.h"
#include "tools/scenario/scenario.h"

namespace tools {

// load_grid.cpp
GridChange load_grid(const TreeNode& node);
/// What `set` says: of the grid, and of the air.
GridChange load_change(const TreeNode& node);
double load_temperature(const TreeNode& node);
Ramp load_ramp(const TreeNode& node);
Sag load_sag(const TreeNode& node, std::string_view key);
std::array<bool, phase_count> load_phases(const TreeNode& node, std::string_view key);

// load_recording.cpp
/// Reads the file as well. Throws InputError for whatever is wrong with it.
RecordingChange load_recording(const TreeNode& node);

// load_profile.cpp
/// Reads the file as well. Throws InputError for whatever is wrong with it.
std::shared_ptr<const Profile> load_profile(const TreeNode& node, Ps duration);

// load_meter.cpp
/// `seed`: of the run, by which parts are drawn.
std::vector<MeterSpec> load_meters(const SectionReader& root, std::uint64_t seed, Ps duration);
ReceiversChange load_receivers(const TreeNode& node);
std::int32_t load_crystal(const TreeNode& node);

// load_front_end.cpp
/// The front end of the meter `id`: its parts, and on them the errors that the scenario names for
/// every meter and those that it names for this one; either may be null.
models::sensors::FrontEndSpec load_front_end(const TreeNode* of_all, const TreeNode* own, bool ct,
                                             std::uint64_t seed, const std::string& id);

// load_factory.cpp
/// What production leaves in a meter: settings beyond the parameter page, counters, EEPROM, supply.
void load_factory_settings(const SectionReader& settings, MeterSpec& meter);
void load_factory(const SectionReader& reader, MeterSpec& meter);

// load_panel.cpp
Press load_press(const TreeNode& node);
TariffVoltage load_tariff_voltage(const TreeNode& node);
Ps load_supply_cut(const TreeNode& node);
Fault load_fault(const TreeNode& node);
ExpectDisplay load_display(const SectionReader& reader);
ExpectDisplay load_symbols(const SectionReader& reader);
ExpectPage load_page(const SectionReader& reader);
ExpectBacklight load_backlight(const SectionReader& reader);
/// P01 … P67 as its number.
int load_page_number(const TreeNode& node, std::string_view key);

// load_bus.cpp
BusSpec load_bus(const TreeNode& node);
BusEnd load_bus_end(const TreeNode& node);
/// What production leaves in a meter that its bus needs.
void load_bus_settings(const SectionReader& settings, MeterSpec& meter);
std::uint32_t load_baud(const TreeNode& node);
models::lines::NoiseSpec load_noise(const TreeNode& node);
/// Whether a meter's terminals 22 and 23 are on the bus.
bool on_bus(const MeterSpec& meter);
/// Refuses what the bus, its meters and those who use it cannot be together.
void check_bus(const Scenario& scenario);

// load_modbus.cpp
ModbusEntry load_modbus(const TreeNode& node);
ExpectAnswer load_modbus_answer(const SectionReader& reader, const ModbusEntry& asked);

// load_mbus_line.cpp
MbusLineSpec load_mbus_line(const TreeNode& node);
/// Whether a meter's terminals 22 and 23 are on the M-Bus.
bool on_mbus(const MeterSpec& meter);
/// The primary address that a meter begins with.
std::uint8_t mbus_address(const MeterSpec& meter);
/// The rate that an Mb meter begins with.
std::uint32_t mbus_baud(const MeterSpec& meter);
/// Refuses what the M-Bus, its meters and those who use it cannot be together.
void check_mbus(const Scenario& scenario);

// load_mbus.cpp
MbusEntry load_mbus(const TreeNode& node);
ExpectMbusAnswer load_mbus_answer(const SectionReader& reader, const MbusEntry& asked);
ExpectFound load_found(const SectionReader& reader, const std::vector<TimelineEntry>& timeline);

// load_exchanges.cpp
/// Bytes of two hexadecimal digits, with or without blanks between them.
std::vector<std::uint8_t> load_bytes(const TreeNode& node, std::string_view key);
/// Bytes and times that are expected of an answer.
void load_answer_limits(const SectionReader& reader, ExpectOfAnswers& out);
/// equals, or at_least and at_most, as a number of exchanges.
void load_exchange_count(const SectionReader& reader, std::uint64_t& at_least,
                         std::uint64_t& at_most);
models::masters::Parity load_parity(const TreeNode& node);
/// gap, parity_error and no_stop of a frame of `length` bytes.
void load_frame_faults(const SectionReader& reader, std::size_t length, FrameFaults& out);
/// "answer" and "exchanges", of whatever entry they name.
ExpectationKind load_answer(const SectionReader& reader, const std::vector<TimelineEntry>& timeline,
                            const std::vector<MeterSpec>& meters);
ExpectationKind load_exchanges(const SectionReader& reader,
                               const std::vector<TimelineEntry>& timeline,
                               const std::vector<MeterSpec>& meters);
/// Refuses the first of these keys that is there: it is of another protocol.
void refuse_keys(const SectionReader& reader, std::initializer_list<std::string_view> keys,
                 const std::string& expected);

// load_ir.cpp
IrSpec load_ir_head(const TreeNode& node, const std::vector<MeterSpec>& meters);
IrEntry load_ir(const TreeNode& node);
IrItem load_ir_item(const TreeNode& node, std::string_view key);
models::masters::IrStep load_ir_step(const TreeNode& node, std::string_view key);
/// Finds the meter of every ir entry that names none; refuses where there is no telling.
void check_ir(Scenario& scenario);

// load_ir_answer.cpp
/// The ir entry of the timeline that `node` names.
std::optional<std::size_t> find_ir_entry(const TreeNode& node,
                                         const std::vector<TimelineEntry>& timeline);
ExpectIrAnswer load_ir_answer(const SectionReader& reader, std::size_t entry,
                              const std::vector<TimelineEntry>& timeline);
ExpectIrExchanges load_ir_exchanges(const SectionReader& reader, std::size_t entry);
/// Of an expectation that speaks of another line.
void refuse_ir_keys(const SectionReader& reader, const std::vector<std::string_view>& keys);

// load_timeline.cpp
std::vector<TimelineEntry> load_timeline(const TreeNode& node, const std::vector<MeterSpec>& meters,
                                         Ps duration);
/// Index of the meter that `meter:` names.
int load_meter_name(const TreeNode& node, const std::vector<MeterSpec>& meters);

// load_expectations.cpp
std::vector<Expectation> load_expectations(const TreeNode& node,
                                           const std::vector<MeterSpec>& meters,
                                           const std::vector<TimelineEntry>& timeline, Ps duration);
/// What is expected of a row's value: equals with tolerance, or limits.
void load_row_limits(const SectionReader& reader, ExpectRow& out);

// load_register.cpp
/// The row of the table that an address (0x2008) or a name (U L1) means.
const metrology::registers::Row& load_register(const TreeNode& node, std::string_view key);
RowValue load_row_value(const TreeNode& node, std::string_view key,
                        const metrology::registers::Row& row);
/// A tolerance: a percentage of the expected value, or absolute in the row's own unit.
Band load_row_tolerance(const TreeNode& node, std::string_view key,
                        const metrology::registers::Row& row);
RegisterWrite load_register_write(const TreeNode& node);
/// What `node` says of the row's value, as it is to be written.
RegisterWrite load_write_value(const TreeNode& node, const metrology::registers::Row& row);

// warnings_mbus.cpp
/// Adds what can hardly be meant of the M-Bus.
void warn_of_mbus(const Scenario& scenario, std::vector<std::string>& out);

// warnings_profile.cpp
/// Adds what of a load profile is not used, or not enough.
void warn_of_profiles(const Scenario& scenario, std::vector<std::string>& out);

// warnings_capacity.cpp
/// Adds CT ratios with which the energy registers do not last as long as they must.
void warn_of_capacity(const Scenario& scenario, std::vector<std::string>& out);

// overlap.cpp
/// Refuses entries that want the same quantity at the same time.
void refuse_overlaps(const Scenario& scenario);

}  // namespace tools
