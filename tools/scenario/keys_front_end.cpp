// What can be wrong between a meter's terminals and its ADC.
#include "tools/scenario/keys.h"

namespace tools {

std::vector<Section> front_end_sections() {
  return {
      {"sensors",
       {{"parts", "parts", false,
         "What the errors named here are laid on: ideal parts (without it), typical ones, or drawn "
         "from production's tolerances by the run's seed and the meter's id."},
        {"every_phase", "sensor_phase", false, "Errors on every phase."},
        {"L1", "sensor_phase", false, "Errors on L1."},
        {"L2", "sensor_phase", false, "Errors on L2."},
        {"L3", "sensor_phase", false, "Errors on L3."},
        {"reference", "ratio", false, "The ADC's reference is so much too large."},
        {"reference_drift", "drift", false, "And so much more per kelvin above 23 degC."},
        {"adc_noise", "number", false, "Noise of every channel, r.m.s. in ADC steps."},
        {"voltage_noise", "voltage", false, "Thermal noise at a voltage terminal, r.m.s."},
        {"current_noise", "current", false, "Thermal noise at a current terminal, r.m.s."},
        {"temperature_error", "temperature_difference", false,
         "What the meter's own temperature sensor shows too much."},
        {"self_heating", "self_heating", false, "How the load heats the meter; not without it."},
        {"crystal", "crystal_part", false,
         "The crystal's own error, on top of settings: crystal."}}},
      {"sensor_phase",
       {{"voltage_ratio", "ratio", false, "Ratio error of the voltage divider."},
        {"voltage_drift", "drift", false, "Change of that ratio per kelvin above 23 degC."},
        {"voltage_offset", "voltage", false, "Constant added to the voltage."},
        {"voltage_delay", "time", false, "Delay of the voltage divider, up to ±1 ms."},
        {"current_ratio", "ratio", false, "Ratio error of the current sensor."},
        {"current_drift", "drift", false, "Change of that ratio per kelvin above 23 degC."},
        {"current_offset", "current", false, "Constant added to the current."},
        {"current_delay", "time", false,
         "Delay of the current sensor; a phase error of 1' is 925.926 ns at 50 Hz."},
        {"current_lead", "lead", false,
         "Lead of the current transformer at 50 Hz and large current; it falls as 1/f."},
        {"lead_drift", "drift", false, "Relative change of the lead per kelvin above 23 degC."},
        {"low_current_rise", "ratio", false, "The lead is so much more at vanishing current …"},
        {"low_current_knee", "current", false, "… half of it at this current, r.m.s."},
        {"saturation", "current", false,
         "Direct current that doubles the lead; without it none does."},
        {"crosstalk", "crosstalk", false, "Of the phase's own voltage into its current."}}},
      {"self_heating",
       {{"rise", "temperature_difference", true, "In the steady state …"},
        {"current", "current", true, "… with this current in all three phases, r.m.s."},
        {"time_constant", "time", true, "Of the way there, and to the air's temperature."}}},
      {"crystal_part",
       {{"error", "ratio", false, "At the turnover temperature, up to 1000 ppm."},
        {"curvature", "curvature", false, "-0.034 ppm/K2 of real ones."},
        {"turnover", "temperature", false, "25 degC without it."}}},
  };
}

}  // namespace tools
