#include "tools/scenario/keys.h"

#include <stdexcept>
#include <string>

#include "tools/scenario/keys_ranges.h"

namespace tools {
namespace {

template <typename T>
const T& by_name(const std::vector<T>& table, std::string_view name) {
  for (const T& row : table) {
    if (row.name == name) return row;
  }
  throw std::logic_error("the language has no type " + std::string(name));
}

/// L1.forward.T1 … total.reactive_reverse.T2.
const std::vector<std::string>& counter_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const char* part : {"L1", "L2", "L3", "total"}) {
      for (const char* kind : {"forward", "reverse", "reactive_forward", "reactive_reverse"}) {
        for (const char* tariff : {"T1", "T2"}) {
          out.push_back(std::string(part) + "." + kind + "." + tariff);
        }
      }
    }
    return out;
  }();
  return names;
}

std::vector<Section> make_sections() {
  const Key expectation_name{"name", "name", false, "What the verdict table calls it."};
  const Key expectation_meter{"meter", "name", false,
                              "The meter it is about; without it, every meter."};
  const Key from{"from", "time", false, "Start of the interval; the run's start without it."};
  const Key to{"to", "time", false, "End of the interval; the run's end without it."};
  const Key interval_from{"from", "time", true, "Start of the interval."};
  const Key interval_to{"to", "time", true, "End of the interval, when the meter is read."};

  const std::vector<Key> grid = {
      {"frequency", "frequency", false, "Mains frequency; 50 Hz without it."},
      {"sequence", "sequence", false, "Order of the phases; L1-L2-L3 without it."},
      {"voltage", "voltage_spec", false, "Voltage of every phase to neutral; 230 V without it."},
      {"current", "current_spec", false, "Current of every phase; 0 A without it."},
      {"L1", "phase", false, "What differs on L1."},
      {"L2", "phase", false, "What differs on L2."},
      {"L3", "phase", false, "What differs on L3."},
      {"recording", "recording", false,
       "Plays a file in place of the voltages and currents that it has channels for."}};
  std::vector<Key> change = grid;
  // What a change does not name stays: there is no default.
  change[0].meaning = "Mains frequency.";
  change[1].meaning = "Order of the phases.";
  change[2].meaning = "Voltage of every phase to neutral.";
  change[3].meaning = "Current of every phase.";
  change.push_back({"temperature", "temperature", false, "Of the air around the meter."});

  std::vector<Key> counters;
  for (const std::string& name : counter_names()) {
    const bool reactive = name.find("reactive") != std::string::npos;
    counters.push_back({name, reactive ? "reactive_energy" : "active_energy", false,
                        reactive ? "In kvarh, exact to 1 uvarh." : "In kWh, exact to 1 uWh.",
                        reactive ? "0 to 1e8 kvarh" : "0 to 1e8 kWh"});
  }

  return {
      {"counters", counters},
      {"scenario",
       {{"title", "text", false, "What the scenario shows, in one line."},
        {"include", "files", false, "Files merged under this one, relative to it."},
        {"parameters", "parameters", false, "Values to be used as ${name}."},
        {"duration", "time", true, "Length of the run, at most 200 d."},
        {"seed", "count", false, "Seed of all randomness; 0 without it."},
        {"meter", "meter", false, "The one meter."},
        {"meters", "meters", false, "The meters, when there are more."},
        {"grid", "grid", false, "Voltages and currents at the start, for every meter."},
        {"profile", "profile", false, "What every meter's mains carry, from a table."},
        {"wiring", "wiring", false, "Faults between the mains and every meter."},
        {"temperature", "temperature", false,
         "Of the air around every meter at the start; 23 degC without it."},
        {"sensors", "sensors", false, "Errors of every meter's front end; ideal without it."},
        {"receivers", "receivers", false, "What reads every meter's S0 outputs."},
        {"bus", "bus", false, "The RS-485 line that joins the Mod meters to a master."},
        {"ir", "ir_head", false, "The optical head and the reader behind it."},
        {"mbus", "mbus_line", false, "The M-Bus line that joins the Mb meters to a master."},
        {"timeline", "timeline", false, "What happens when."},
        {"expect", "expectations", false, "What must come out."}}},
      {"meter",
       {{"id", "id", false, "Name in expectations and in the log; m1 without it."},
        {"count", "count", false, "Makes so many: m becomes m1, m2, …"},
        {"variant", "variant", true, "Model, exactly as on its nameplate."},
        {"connection", "connection", false, "How it is connected; 3p4w without it."},
        {"cpu", "cpu", false,
         "What runs its firmware: native, compiled for the host, or iss, the flashed image "
         "instruction by instruction; what --cpu says without it."},
        {"settings", "settings", false, "What was set before the run."},
        {"grid", "grid", false, "What differs at this meter from the grid of all."},
        {"profile", "profile", false, "What this meter's mains carry, from a table."},
        {"wiring", "wiring", false, "Faults at this meter only."},
        {"temperature", "temperature", false, "Of the air around this meter at the start."},
        {"sensors", "sensors", false, "Errors of this meter's front end."},
        {"receivers", "receivers", false, "What reads this meter's S0 outputs."},
        {"counters", "counters", false, "What its energy counters stand at before the run."},
        {"eeprom", "file", false,
         "File of its EEPROM's bytes: read if it exists, written at the end of the run."},
        {"holdup", "time", false,
         "How long its capacitor holds it up without mains; 500 ms without it, 0 ms: dried out."},
        {"tariff_input", "tariff_voltage", false,
         "Voltage at terminals 24 and 25 from the start; none without it."},
        {"bus", "bus_end", false, "How a Mod meter is on the bus, or an Mb meter on the M-Bus."}}},
      {"bus",
       {{"cable", "cable", false, "10 m, terminated at both ends, without it."},
        {"noise", "line_noise", false, "At every end that has none of its own; none without it."},
        {"master", "master", false, "9600 Bd, 8E1, where the cable begins, without it."}}},
      {"cable",
       {{"length", "length", false, "10 m without it; up to 5 km."},
        {"termination", "termination", false,
         "Where the cable has its 120 ohm: near is the master's end; both without it."},
        {"bias", "resistance", false,
         "Of each of two resistors at the near end that hold an idle line at a mark; none "
         "without it."}}},
      {"line_noise",
       {{"rate", "frequency", true, "Impulses a second, on average."},
        {"width", "time", true, "Of each, up to 10 ms."},
        {"amplitude", "voltage", true, "Of each, between the wires; either sign."}}},
      {"master",
       {{"baud", "count", false, "9600 without it."},
        {"parity", "parity", false, "even without it; none: 8N1."},
        {"position", "length", false, "Along the cable; 0 m without it."},
        {"wires", "wires", false, "normal without it, swapped, or open: not connected."},
        {"timeout", "time", false, "How long it waits for an answer; 1 s without it."},
        {"turnaround", "time", false, "Pause after a broadcast; 100 ms without it."}}},
      {"bus_end",
       {{"position", "length", false,
         "Along the cable; without it the meters share the cable evenly, the last at its end."},
        {"wires", "wires", false, "normal without it, swapped, or open: not connected."},
        {"noise", "line_noise", false, "At this meter, instead of that of every end."}}},
      {"settings",
       {{"meter_id", "count", false,
         "On the bus; 1 without it, 0 of an Mb meter with firmware: 2. With count it is the first "
         "one's, and the others count up."},
        {"baud", "count", false, "Of the bus; the manual's default without it."},
        {"parity", "parity", false, "Of the bus; even without it, or none with firmware: 2."},
        {"firmware", "count", false,
         "1 without it: the manual's registers; 2: the second map as well."},
        {"reply_delay", "time", false,
         "From a request to its answer; 20 ms without it. Never sooner than 3.5 characters and "
         "15.9 ms, which the meter needs: at 9600 Bd 19.91 ms. On an M-Bus it comes on top of 33 "
         "bit "
         "times; 10 ms without it."},
        {"legacy_exceptions", "on_or_off", false,
         "Exceptions of two bytes, as old firmware sends them; off without it."},
        {"s0_rate", "pulse_rate", false, "S0 output rate; 1000 imp/kWh without it."},
        {"ct_ratio", "ct_ratio", false,
         "Primary/secondary amperes of a CT meter; without it never set, which works as 5/5."},
        {"combined_code", "count", false, "What total means: 1, 4, 5, 6, 9 or 10; 5 without it."},
        {"lcd_time", "time", false, "How long a page is shown, 1 s to 30 s; 10 s without it."},
        {"scroll_pages", "page_list", false,
         "Pages that scroll; P01, P02, P05, P08, P57 and P65 without it."},
        {"backlight", "backlight_mode", false, "button without it."},
        {"tariff", "tariff_name", false, "The saved tariff; T1 without it."},
        {"time_scale", "ratio", false,
         "Of the display's and the buttons' times; 100 % without it, as the manual has them."},
        {"crystal", "ratio", false, "Frequency error of the crystal; 0 ppm without it."},
        {"serial", "serial", false, "Serial number of 12 digits."},
        {"calibration", "calibration", false, "Correction constants; none without them."}}},
      {"calibration",
       {{"L1", "calibration_phase", false, "Constants of L1."},
        {"L2", "calibration_phase", false, "Constants of L2."},
        {"L3", "calibration_phase", false, "Constants of L3."}}},
      {"calibration_phase",
       {{"voltage", "ratio", false, "Gain to be added to the voltage."},
        {"current", "ratio", false, "Gain to be added to the current."},
        {"delay", "time", false, "Delay to be given to the current, up to ±32 us."},
        {"lead", "lead", false,
         "Lead of the current transformer at 50 Hz and 23 degC to be taken out, up to 10 mrad."},
        {"voltage_drift", "drift", false, "Gain to be added to the voltage for a kelvin more."},
        {"current_drift", "drift", false, "Gain to be added to the current for a kelvin more."},
        {"lead_drift", "drift", false, "Change of the lead with a kelvin more, relative to it."},
        {"active_offset", "active_power", false, "Power to be added, secondary, up to ±1 W."},
        {"reactive_offset", "reactive_power", false,
         "Reactive power to be added, secondary, up to ±1 var."}}},
      {"grid", grid},
      {"change", change},
      {"phase",
       {{"voltage", "voltage_spec", false, "Voltage of this phase."},
        {"current", "current_spec", false, "Current of this phase."}}},
      {"voltage_map",
       {{"rms", "voltage", false, "R.m.s. of the fundamental."},
        {"angle", "angle", false, "Lead against the phase's place in the sequence."},
        {"harmonics", "harmonics", false, "Multiples of the mains frequency on top."},
        {"interharmonics", "interharmonics", false, "Other frequencies on top."}}},
      {"current_map",
       {{"rms", "current", false, "R.m.s. of the fundamental."},
        {"pf", "power_factor", false, "Power factor of the fundamental; 1 without it."},
        {"angle", "angle", false, "Lag behind the voltage, instead of pf."},
        {"direction", "direction", false, "import without it, or export: turned by 180 deg."},
        {"waveform", "waveform", false, "sine without it."},
        {"firing_angle", "angle", false,
         "Of phase_fired: where each half-wave begins; 90 deg without it."},
        {"cycles_on", "count", false, "Of burst_fired: 2 without it."},
        {"cycles_off", "count", false, "Of burst_fired: 2 without it."},
        {"rms_meaning", "rms_meaning", false,
         "Of rms: before_switching without it, the sine that is gated; or "
         "after_switching, what is left."},
        {"harmonics", "harmonics", false, "Multiples of the mains frequency on top of a sine."},
        {"interharmonics", "interharmonics", false, "Other frequencies on top of a sine."}}},
      {"harmonic",
       {{"order", "number", true, "Times the mains frequency, three decimals at most."},
        {"rms", "ratio", true, "Of the fundamental's r.m.s."},
        {"angle", "angle", false,
         "Phase at the fundamental's rising zero crossing, in the harmonic's own degrees."}}},
      {"interharmonic",
       {{"frequency", "frequency", true, "Up to 150 kHz."},
        {"rms", "ratio", true, "Of the fundamental's r.m.s."},
        {"angle", "angle", false, "Phase at the start of the run."}}},
      {"wiring",
       {{"reversed", "phases", false, "Current sensors passed the wrong way."},
        {"voltage_order", "phase_order", false, "The line at the voltage terminals of L1, L2, L3."},
        {"current_order", "phase_order", false, "The line through the sensors of L1, L2, L3."},
        {"neutral", "neutral", false, "connected without it, or missing."}}},
      {"receivers",
       {{"s0_forward", "receiver", false, "At terminals 18 and 19."},
        {"s0_reverse", "receiver", false, "At terminals 20 and 21."}}},
      {"receiver",
       {{"supply", "voltage", false, "24 V without it; 0 V: none."},
        {"polarity", "polarity", false, "normal without it, or reversed."},
        {"resistor", "resistance", false, "In series with the supply; 2.2 kohm without it."}}},
      {"timeline_entry",
       {{"name", "name", false, "For the `of` of later entries."},
        {"at", "time", false, "When."},
        {"every", "time", false, "Again and again, so far apart."},
        {"from", "time", false, "First time of every; one period after the start without it."},
        {"until", "time", false, "Last time of every; the run's end without it."},
        {"after", "time", false, "So long after the entry before, or the one named by of."},
        {"of", "name", false, "The entry that after counts from."},
        {"meter", "name", false, "The meter it happens to; without it, every meter."},
        {"set", "change", false,
         "Changes grid and temperature at once: the parts named, the rest stays."},
        {"ramp", "ramp", false,
         "Changes r.m.s. values, the frequency or the temperature linearly."},
        {"dip", "dip", false, "Lowers voltages for a while."},
        {"swell", "dip", false, "Raises voltages for a while."},
        {"interruption", "interruption", false, "Takes voltages away for a while."},
        {"crystal", "ratio", false, "Gives the crystal another frequency error."},
        {"receivers", "receivers", false,
         "Changes what reads the S0 outputs: the parts named, the rest stays."},
        {"write", "write", false, "Writes a register through the debug port."},
        {"modbus", "modbus", false,
         "The master asks the meter, or every meter on the bus in turn."},
        {"ir", "ir", false, "The reader of the infra-red port talks with the meter."},
        {"mbus", "mbus", false,
         "The M-Bus master asks the meter, or every meter on its line in turn, or searches."},
        {"press", "press", false, "Presses a button of the front panel."},
        {"tariff_input", "tariff_voltage", false, "Puts a voltage on terminals 24 and 25."},
        {"supply_cut", "supply_cut", false,
         "Takes the microcontroller's supply away, without a warning; the mains stay."},
        {"fault", "fault", false, "Damages something inside the meter, or mends it."}}},
      {"press",
       {{"button", "button", true, "left, right, or both."},
        {"for", "time", false, "How long; 200 ms without it."}}},
      {"modbus",
       {{"read", "register", false, "Reads this register."},
        {"write", "register", false, "Writes this register."},
        {"value", "register_value", false, "Of write, with the register's unit."},
        {"poll", "register_list", false,
         "Reads these in turn, again and again, at full rate; nothing else is kept waiting."},
        {"bytes", "hex_bytes", false, "Sends these bytes, and the CRC as crc says."},
        {"registers", "count", false, "Of read and poll: so many of 16 bits each time."},
        {"function", "count", false, "3 or 4 to read; 6 or 16 to write."},
        {"map", "count", false, "2: at the register's address in the second map."},
        {"to", "count", false, "ID that is asked instead of the meter's own; 0: broadcast."},
        {"count", "count", false, "Of poll: so many requests to each meter."},
        {"until", "time", false, "Of poll: no request after it; the run's end without both."},
        {"crc", "crc", false, "right without it; wrong; or none: the bytes alone."},
        {"gap", "line_gap", false, "Silence inside the frame."},
        {"parity_error", "count", false, "The byte with a wrong parity bit; 1 is the first."},
        {"no_stop", "count", false, "The byte without a stop bit."},
        {"timeout", "time", false, "How long this answer is waited for."},
        {"baud", "count", false, "The master's from this request on."},
        {"parity", "parity", false, "The master's from this request on."}}},
      {"line_gap",
       {{"after", "count", true, "The byte that it follows; 1 is the first."},
        {"for", "time", true, "From that one's stop bit to the next start bit."}}},
      {"supply_cut", {{"for", "time", true, "How long."}}},
      {"tariff_voltage_map",
       {{"voltage", "voltage", true, "R.m.s., up to 1 kV; 0 V: none."},
        {"frequency", "frequency", false, "50 Hz without it."}}},
      {"ramp",
       {{"over", "time", true, "How long it takes."},
        {"to", "ramp_target", true, "Where it ends."}}},
      {"ramp_target",
       {{"frequency", "frequency", false, "Mains frequency."},
        {"voltage", "voltage", false, "R.m.s. voltage of every phase."},
        {"current", "current", false, "R.m.s. current of every phase."},
        {"temperature", "temperature", false, "Of the air around the meter."},
        {"L1", "ramp_phase", false, "Of L1 only."},
        {"L2", "ramp_phase", false, "Of L2 only."},
        {"L3", "ramp_phase", false, "Of L3 only."}}},
      {"ramp_phase",
       {{"voltage", "voltage", false, "R.m.s. voltage."},
        {"current", "current", false, "R.m.s. current."}}},
      {"dip",
       {{"phases", "phases", false, "All without it."},
        {"to", "ratio", true, "What is left, of the voltage before."},
        {"for", "time", true, "How long."}}},
      {"interruption",
       {{"phases", "phases", false, "All without it."}, {"for", "time", true, "How long."}}},
      {"write",
       {{"register", "register", true, "Address or name, see `vmeter registers`."},
        {"value", "register_value", true, "With the register's unit."}}},
      {"expect_register",
       {{"register", "register", true, "The row as a master would read it."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."},
        {"equals", "register_value", false, "Expected value, with the register's unit."},
        {"tolerance", "band", false, "Allowed difference from equals; none without it."},
        {"at_least", "measured_value", false, "Instead of equals: lowest value."},
        {"at_most", "measured_value", false, "Instead of equals: highest value."}}},
      {"expect_raw",
       {{"raw", "register", true, "The unrounded value behind the row."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."},
        {"equals", "register_value", false, "Expected value, with the register's unit."},
        {"tolerance", "band", false, "Allowed difference from equals; none without it."},
        {"at_least", "measured_value", false, "Instead of equals: lowest value."},
        {"at_most", "measured_value", false, "Instead of equals: highest value."}}},
      {"expect_accuracy",
       {{"accuracy", "measured", true, "Unrounded value against the truth of the waveforms."},
        expectation_name,
        expectation_meter,
        {"phase", "phase_or_total", false, "total without it."},
        {"direction", "energy_direction", false, "Of an energy: forward without it."},
        interval_from,
        interval_to,
        {"within", "band", true, "Allowed error."},
        {"of", "reference", false,
         "What a percentage of within is of; truth without it, or apparent power."}}},
      {"expect_count",
       {{"count", "output", true, "Pulses that start in the interval."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"equals", "pulse_count", true, "A number, or truth: what the true energy owes."},
        {"tolerance", "count", false,
         "Pulses more or less; 0, or against truth 1, and 0.01 % of them."}}},
      {"expect_follows_truth",
       {{"follows_truth", "output", true, "The pulse count at every instant of the interval."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"within", "number", false,
         "Pulses more or less than the truth owes, and 0.01 % of them; 1 without it."}}},
      {"expect_width",
       {{"width", "output", true, "Every pulse that starts in the interval."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"equals", "time", true, "How wide."},
        {"tolerance", "time", false, "One core clock without it."}}},
      {"expect_interval",
       {{"interval", "output", true, "From start to start, both in the interval."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"equals", "time", true, "How long."},
        {"tolerance", "time", true, "Allowed difference."}}},
      {"expect_jitter",
       {{"jitter", "output", true, "Deviation of each start-to-start interval from the truth's."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"within", "time", true, "Allowed deviation; the promise is a tenth of a sample, 24 us."}}},
      {"expect_silent",
       {{"silent", "output", true, "No pulse may start in the interval."},
        expectation_name,
        expectation_meter,
        from,
        to}},
      {"expect_display",
       {{"display", "display_text", true, "What stands on the glass, blanks around it apart."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."},
        {"with", "symbol_names", false, "The symbols that are lit, all of them, or none."}}},
      {"expect_symbols",
       {{"symbols", "symbol_names", true, "The symbols that are lit, all of them, or none."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."}}},
      {"expect_page",
       {{"page", "page", true, "The page that the panel shows."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."}}},
      {"expect_backlight",
       {{"backlight", "on_or_off", true, "Whether the display is lit."},
        expectation_name,
        expectation_meter,
        {"at", "time", true, "When."}}},
      {"expect_diagnostic",
       {{"diagnostic", "diagnostic_name", true, "Records of this kind in the event log."},
        expectation_name,
        expectation_meter,
        from,
        to,
        {"equals", "count", true, "How many."}}},
  };
}

}  // namespace

const Key* Section::find(std::string_view key) const {
  for (const Key& k : keys) {
    if (k.name == key) return &k;
  }
  return nullptr;
}

const std::vector<Section>& sections() {
  static const std::vector<Section> table = [] {
    std::vector<Section> out = make_sections();
    for (Section& section : exchange_sections()) out.push_back(std::move(section));
    for (Section& section : ir_sections()) out.push_back(std::move(section));
    for (Section& section : front_end_sections()) out.push_back(std::move(section));
    for (Section& section : mbus_sections()) out.push_back(std::move(section));
    for (Section& section : recording_sections()) out.push_back(std::move(section));
    for (Section& section : profile_sections()) out.push_back(std::move(section));
    add_ranges(out);
    return out;
  }();
  return table;
}

const Section& section(std::string_view name) { return by_name(sections(), name); }
const QuantityType& quantity_type(std::string_view name) { return by_name(quantity_types(), name); }
const ChoiceType& choice_type(std::string_view name) { return by_name(choice_types(), name); }

}  // namespace tools
