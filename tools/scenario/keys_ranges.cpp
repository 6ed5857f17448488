#include "tools/scenario/keys_ranges.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace tools {
namespace {

struct Range {
  std::string_view section;
  std::string_view key;
  std::string_view range;
};

// As the loader's refusals say it; tests/docs/ranges.py tries both ends and what lies beyond them.
constexpr Range ranges[] = {
    {"scenario", "duration", "above 0, up to 200 d"},
    {"scenario", "seed", "0 to 9223372036854775807"},
    {"scenario", "temperature", "-60 degC to 100 degC"},
    {"meter", "count", "1 to 256, and 256 meters in all"},
    {"meter", "temperature", "-60 degC to 100 degC"},
    {"meter", "holdup", "0 ms to 60 s"},
    {"settings", "meter_id", "Modbus 1 to 247, M-Bus 0 to 250"},
    {"settings", "baud", "9600, 4800, 2400, 1200, 600 or 300"},
    {"settings", "firmware", "1 to 2"},
    {"settings", "reply_delay", "1 ms to 10 s, in steps of 1 ms"},
    {"settings", "s0_rate", "10000, 2000, 1000, 100, 10, 1, 0.1 or 0.01 imp/kWh"},
    {"settings", "ct_ratio", "those of the meter: 5/5, 40/5 … 7500/5"},
    {"settings", "combined_code", "1, 4, 5, 6, 9 or 10"},
    {"settings", "lcd_time", "1 s to 30 s, in steps of 1 s"},
    {"settings", "time_scale", "0.1 % to 1000 %, in steps of 0.1 %"},
    {"settings", "crystal", "-1000 ppm to 1000 ppm"},
    {"calibration_phase", "voltage", "-100000 ppm to 100000 ppm, in steps of 1 ppm"},
    {"calibration_phase", "current", "-100000 ppm to 100000 ppm, in steps of 1 ppm"},
    {"calibration_phase", "delay", "-32 us to 32 us, in steps of 1 ns"},
    {"calibration_phase", "lead", "0 urad to 10 mrad, in steps of 1 urad"},
    {"calibration_phase", "voltage_drift", "-500 ppm/K to 500 ppm/K"},
    {"calibration_phase", "current_drift", "-500 ppm/K to 500 ppm/K"},
    {"calibration_phase", "lead_drift", "-2 %/K to 2 %/K"},
    {"calibration_phase", "active_offset", "-1 W to 1 W, in steps of 1 uW"},
    {"calibration_phase", "reactive_offset", "-1 var to 1 var, in steps of 1 uvar"},
    {"grid", "frequency", "1 Hz to 1 kHz"},
    {"change", "frequency", "1 Hz to 1 kHz"},
    {"change", "temperature", "-60 degC to 100 degC"},
    {"voltage_map", "rms", "0 V to 100 kV"},
    {"voltage_map", "angle", "-360 deg to 360 deg"},
    {"current_map", "rms", "0 A to 100 kA"},
    {"current_map", "pf", "0 to 1; below 1 with ind or cap"},
    {"current_map", "angle", "-360 deg to 360 deg"},
    {"current_map", "firing_angle", "0 deg to 179 deg"},
    {"current_map", "cycles_on", "1 to 1000"},
    {"current_map", "cycles_off", "1 to 1000"},
    {"harmonic", "order", "up to 2500, but not 1"},
    {"harmonic", "rms", "0 % to 1000 %"},
    {"harmonic", "angle", "-360 deg to 360 deg"},
    {"interharmonic", "frequency", "0.001 Hz to 150 kHz"},
    {"interharmonic", "rms", "0 % to 1000 %"},
    {"interharmonic", "angle", "-360 deg to 360 deg"},
    {"receiver", "supply", "0 V to 1 kV"},
    {"receiver", "resistor", "1 ohm to 1000000 kohm"},
    {"ramp_target", "frequency", "1 Hz to 1 kHz"},
    {"ramp_target", "voltage", "0 V to 100 kV"},
    {"ramp_target", "current", "0 A to 100 kA"},
    {"ramp_target", "temperature", "-60 degC to 100 degC"},
    {"ramp_phase", "voltage", "0 V to 100 kV"},
    {"ramp_phase", "current", "0 A to 100 kA"},
    {"timeline_entry", "crystal", "-1000 ppm to 1000 ppm"},
    {"dip", "to", "a dip's 0 % to 100 %, a swell's 100 % to 500 %"},
    {"tariff_voltage_map", "voltage", "0 V to 1 kV"},
    {"tariff_voltage_map", "frequency", "1 Hz to 1 kHz"},
    {"cable", "length", "0 m to 5 km"},
    {"cable", "bias", "10 ohm to 1000 kohm"},
    {"line_noise", "rate", "0 Hz to 100 kHz"},
    {"line_noise", "width", "up to 10 ms"},
    {"line_noise", "amplitude", "0 V to 100 V"},
    {"master", "baud", "110 to 1000000"},
    {"master", "position", "within the cable"},
    {"bus_end", "position", "within the cable"},
    {"modbus", "function", "to read 3 or 4, to write 6 or 16"},
    {"modbus", "registers", "0 to 65535"},
    {"modbus", "map", "1 to 2"},
    {"modbus", "to", "0 to 255"},
    {"modbus", "count", "1 to 100000000"},
    {"modbus", "baud", "110 to 1000000"},
    {"mbus_cable", "length", "0 m to 5 km"},
    {"mbus_cable", "resistance", "1 ohm to 1 kohm"},
    {"mbus_master", "baud", "110 to 1000000"},
    {"mbus_master", "mark_voltage", "24 V to 42 V"},
    {"mbus_master", "tries", "1 to 10"},
    {"mbus", "set_baud", "300, 600, 1200, 2400, 4800, 9600, 19200 or 38400"},
    {"mbus", "to", "0 to 255"},
    {"mbus", "fcb", "0 to 1"},
    {"mbus", "tries", "1 to 10"},
    {"mbus", "baud", "110 to 1000000"},
    {"mbus_mask", "version", "0 to 254"},
    {"mbus_mask", "medium", "0 to 254"},
    {"mbus_scan", "from", "0 to 250"},
    {"mbus_scan", "to", "from … 250"},
    {"ir_head", "speed", "300, 600, 1200, 2400, 4800 or 9600"},
    {"ir_head", "reaction", "10 ms to 10 s"},
    {"ir_head", "attenuation", "0 % to 100 %"},
    {"ir_head", "ambient", "0 V to 100 V"},
    {"ir", "speed", "300, 600, 1200, 2400, 4800 or 9600; of bytes 110 to 115200"},
    {"ir", "times", "1 to 1000"},
    {"ir", "nak", "1 to 100"},
    {"ir", "tries", "1 to 100"},
    {"recording", "frequency", "1 Hz to 1 kHz"},
    {"recording", "rate", "100 Hz to 10000 kHz"},
    {"recording_scale", "voltage", "-1000000 to 1000000"},
    {"recording_scale", "current", "-1000000 to 1000000"},
    {"recording_full_scale", "voltage", "0 V to 100 kV"},
    {"recording_full_scale", "current", "0 A to 100 kA"},
    {"profile", "header_line", "1 to 1000"},
    {"profile", "scale", "-1000000 to 1000000"},
    {"sensors", "reference", "-50 % to 50 %"},
    {"sensors", "reference_drift", "-0.1 %/K to 0.1 %/K"},
    {"sensors", "adc_noise", "0 to 100000"},
    {"sensors", "voltage_noise", "0 V to 10 V"},
    {"sensors", "current_noise", "0 A to 10 A"},
    {"sensors", "temperature_error", "-100 K to 100 K"},
    {"sensor_phase", "voltage_ratio", "-50 % to 50 %"},
    {"sensor_phase", "voltage_drift", "-1 %/K to 1 %/K"},
    {"sensor_phase", "voltage_offset", "-1 kV to 1 kV"},
    {"sensor_phase", "voltage_delay", "-1 ms to 1 ms"},
    {"sensor_phase", "current_ratio", "-50 % to 50 %"},
    {"sensor_phase", "current_drift", "-1 %/K to 1 %/K"},
    {"sensor_phase", "current_offset", "-1 kA to 1 kA"},
    {"sensor_phase", "current_delay", "-1 ms to 1 ms"},
    {"sensor_phase", "current_lead", "0 mrad to 200 mrad"},
    {"sensor_phase", "lead_drift", "-0.9 %/K to 0.9 %/K"},
    {"sensor_phase", "low_current_rise", "0 % to 1000 %"},
    {"sensor_phase", "low_current_knee", "1 uA to 1 kA"},
    {"sensor_phase", "saturation", "1 uA to 100 kA"},
    {"sensor_phase", "crosstalk", "-1000 mA/V to 1000 mA/V"},
    {"self_heating", "rise", "0 K to 200 K"},
    {"self_heating", "current", "1 mA to 1 kA"},
    {"self_heating", "time_constant", "1 s to 1000000 s"},
    {"crystal_part", "error", "-1000 ppm to 1000 ppm"},
    {"crystal_part", "curvature", "-1 ppm/K2 to 1 ppm/K2"},
    {"crystal_part", "turnover", "-60 degC to 100 degC"},
    {"expect_follows_truth", "within", "1 to 1000000000"},
    {"expect_answer", "exception", "0 to 255"},
    {"expect_answer", "error", "0 to 255, of an ir entry to 99"},
    {"expect_answer", "tries", "1 to 1000"},
};

template <typename T>
T& named(std::vector<T>& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [name](const T& row) { return row.name == name; });
  if (found == table.end()) {
    throw std::logic_error("a range of " + std::string(name) + ", which there is not");
  }
  return *found;
}

}  // namespace

void add_ranges(std::vector<Section>& sections) {
  for (const Range& row : ranges) {
    named(named(sections, row.section).keys, row.key).range = row.range;
  }
}

}  // namespace tools
