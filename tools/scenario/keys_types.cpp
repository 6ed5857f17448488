// The types of the language's values: quantities, choices, texts, lists, and unions of them.
#include <string>

#include "tools/scenario/keys.h"

namespace tools {
namespace {
using D = Dimension;
}

const std::vector<QuantityType>& quantity_types() {
  static const std::vector<QuantityType> table = {
      {"time", {D::time}},
      {"voltage", {D::voltage}},
      {"current", {D::current}},
      {"frequency", {D::frequency}},
      {"angle", {D::angle}},
      {"ratio", {D::ratio}},
      {"resistance", {D::resistance}},
      {"pulse_rate", {D::pulse_rate}},
      {"length", {D::length}},
      {"temperature", {D::temperature}},
      {"temperature_difference", {D::temperature_difference}},
      {"drift", {D::per_kelvin}},
      {"curvature", {D::per_square_kelvin}},
      {"lead", {D::arc, D::radians}},
      {"crosstalk", {D::coupling}},
      {"active_power", {D::active_power}},
      {"reactive_power", {D::reactive_power}},
      {"active_energy", {D::active_energy}},
      {"reactive_energy", {D::reactive_energy}},
      {"number", {D::number}},
      {"count", {D::count}},
      {"band",
       {D::ratio, D::voltage, D::current, D::active_power, D::reactive_power, D::apparent_power,
        D::active_energy, D::reactive_energy, D::frequency, D::number}},
      {"measured_value",
       {D::voltage, D::current, D::active_power, D::reactive_power, D::apparent_power,
        D::active_energy, D::reactive_energy, D::frequency, D::pulse_rate, D::number}},
  };
  return table;
}

const std::vector<ChoiceType>& choice_types() {
  static const std::vector<ChoiceType> table = {
      {"variant",
       {"PRO380-S", "PRO380-Mb", "PRO380-Mod", "PRO380-S CT", "PRO380-Mb CT", "PRO380-Mod CT"}},
      {"connection", {"3p4w", "aron", "1p2w"}},
      {"cpu", {"native", "iss"}},
      {"sequence", {"L1-L2-L3", "L1-L3-L2"}},
      {"direction", {"import", "export"}},
      {"waveform",
       {"sine", "half_wave_positive", "half_wave_negative", "phase_fired", "burst_fired"}},
      {"rms_meaning", {"before_switching", "after_switching"}},
      {"neutral", {"connected", "missing"}},
      {"recording_side", {"as_recorded", "primary", "secondary"}},
      {"profile_stamps", {"begin", "end"}},
      {"profile_unit",
       {"V", "kV", "mA", "A", "kA", "W", "kW", "MW", "Wh", "kWh", "MWh", "var", "kvar", "Mvar"}},
      {"polarity", {"normal", "reversed"}},
      {"phase_name", {"L1", "L2", "L3"}},
      {"phase_or_total", {"L1", "L2", "L3", "total"}},
      {"energy_direction", {"forward", "reverse"}},
      {"measured",
       {"active_energy", "reactive_energy", "active_power", "reactive_power", "voltage", "current",
        "frequency"}},
      {"reference", {"truth", "apparent"}},
      {"output", {"s0_forward", "s0_reverse", "led_active", "led_reactive"}},
      {"truth_word", {"truth"}},
      {"backlight_mode", {"button", "off", "on"}},
      {"tariff_name", {"T1", "T2"}},
      {"button", {"left", "right", "both"}},
      {"on_or_off", {"on", "off"}},
      {"parts", {"ideal", "typical", "drawn"}},
      {"termination", {"both", "near", "far", "none"}},
      {"wires", {"normal", "swapped", "open"}},
      {"parity", {"even", "none"}},
      {"crc", {"right", "wrong", "none"}},
      {"outcome",
       {"answer", "exception", "no_answer", "bad_frame", "collision", "broadcast", "acknowledge",
        "error", "nak", "break"}},
      {"mbus_service", {"SND_NKE", "REQ_UD1", "REQ_UD2"}},
      {"mbus_readout", {"B1", "B4"}},
      {"telegrams", {"one", "all"}},
      {"record_state", {"missing", "overflow"}},
      {"all_meters", {"all"}},
      {"ir_sign_on", {"alone"}},
      {"ir_readout", {"all"}},
      {"ir_bcc", {"right", "wrong"}},
      {"ir_step", {"sign_on", "acknowledgement", "password", "command", "sign_off"}},
      {"fault",
       {"eeprom_dead", "eeprom_stuck", "eeprom_works", "settings_damaged", "calibration_damaged",
        "compensation_damaged", "counters_damaged", "storage_erased", "storage_lost",
        "program_damaged"}},
      {"diagnostic_name", {"s0_over_voltage", "s0_over_current"}},
  };
  return table;
}

const std::vector<TextType>& text_types() {
  static const std::vector<TextType> table = {
      {"text", "^.{1,200}$"},
      {"name", "^.{1,80}$"},
      {"id", "^[A-Za-z][A-Za-z0-9_]{0,31}$"},
      {"file", "^.+$"},
      {"channel", "^.{1,80}$"},
      {"ct_ratio", "^[0-9]{1,4}/5$"},
      {"serial", "^[0-9]{12}$"},
      {"power_factor", "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?( ?(ind|cap))?$"},
      {"register", "^(0x[0-9A-Fa-f]+|[A-Za-z].*)$"},
      {"register_text", "^.{1,32}$"},
      {"page", "^P[0-9]{2}$"},
      {"hex_bytes", "^ *[0-9A-Fa-f]{2}( *[0-9A-Fa-f]{2})* *$"},
      {"ir_item", "^(0x[0-9A-Fa-f]+|[A-Za-z].*|[0-9]+(\\.[0-9]+){1,2})$"},
      {"ir_command", "^[A-Z][0-9]( .+)?$"},
      {"ir_address", "^[ -~]{1,32}$"},
      {"ir_password", "^[ -~]{1,32}$"},
      {"ir_identification", "^[ -~]{1,32}$"},
      {"mbus_subcode", "^(none|0x[0-9A-Fa-f]{2})$"},
      {"mbus_id", "^[0-9F]{8}$"},
      {"mbus_letters", "^[A-Z]{3}$"},
      {"display_text", "^.{1,16}$"},
      {"symbol_names", "^[A-Za-z0-9 ]{1,80}$"},
  };
  return table;
}

const std::vector<ListType>& list_types() {
  static const std::vector<ListType> table = {
      {"file_list", "file", 1, 100},
      {"meter_list", "meter", 1, 256},
      {"harmonics", "harmonic", 0, 100},
      {"interharmonics", "interharmonic", 0, 100},
      {"phases", "phase_name", 1, 3},
      {"phase_order", "phase_name", 3, 3},
      {"page_list", "page", 1, 67},
      {"register_list", "register", 1, 256},
      {"ir_item_list", "ir_item", 1, 256},
      {"ir_command_list", "ir_command", 0, 256},
      {"mbus_id_list", "mbus_id", 0, 256},
      {"address_list", "count", 0, 256},
      {"timeline", "timeline_entry", 0, 10000},
      {"expectations", "expectation", 0, 10000},
  };
  return table;
}

const std::vector<UnionType>& union_types() {
  static const std::vector<UnionType> table = {
      {"files", {"file", "file_list"}},
      {"meters", {"meter_list"}},
      {"voltage_spec", {"voltage", "voltage_map"}},
      {"current_spec", {"current", "current_map"}},
      {"profile_column", {"channel", "profile_column_map"}},
      {"tariff_voltage", {"voltage", "tariff_voltage_map"}},
      {"pulse_count", {"count", "truth_word"}},
      {"register_value", {"measured_value", "register_text"}},
      {"ir_reads", {"ir_item", "ir_item_list"}},
      {"expectation",
       {"expect_register", "expect_raw", "expect_accuracy", "expect_count", "expect_follows_truth",
        "expect_width", "expect_interval", "expect_jitter", "expect_silent", "expect_diagnostic",
        "expect_display", "expect_symbols", "expect_page", "expect_backlight", "expect_answer",
        "expect_exchanges", "expect_found"}},
  };
  return table;
}

}  // namespace tools
