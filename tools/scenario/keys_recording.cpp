#include "tools/scenario/keys.h"

namespace tools {

std::vector<Section> recording_sections() {
  return {
      {"recording",
       {{"file", "file", true,
         "COMTRADE (.cfg with its .dat beside it, or .cff), .csv or .wav; relative to this file."},
        {"L1", "recording_phase", false, "Its channels that are played on L1."},
        {"L2", "recording_phase", false, "Its channels that are played on L2."},
        {"L3", "recording_phase", false, "Its channels that are played on L3."},
        {"side", "recording_side", false,
         "Of the transformers that COMTRADE knows of: values as recorded, primary or secondary; "
         "as_recorded without it."},
        {"scale", "recording_scale", false, "By what values are multiplied; negative turns them."},
        {"full_scale", "recording_full_scale", false,
         "Of a .wav file: what its largest sample stands for."},
        {"loop", "on_or_off", false,
         "on: its whole length again and again; off without it: silence after its end."},
        {"resample", "on_or_off", false,
         "off: straight from sample to sample; on without it: band-limited in between."},
        {"remove_mean", "on_or_off", false,
         "on: the mean of each channel is taken off; off without it."},
        {"start", "time", false, "How far into the recording it begins; 0 s without it."},
        {"frequency", "frequency", false,
         "Nominal, which makes a cycle; what the file says, else 50 Hz, without it."},
        {"time", "channel", false, "Of a .csv file: the column that holds times in seconds."},
        {"rate", "frequency", false, "Of a .csv file without such a column: samples a second."}}},
      {"recording_phase",
       {{"voltage", "channel", false, "Name of the channel played as the voltage."},
        {"current", "channel", false, "Name of the channel played as the current."}}},
      {"recording_scale",
       {{"voltage", "number", false, "Of voltages; 1 without it."},
        {"current", "number", false, "Of currents; 1 without it."}}},
      {"recording_full_scale",
       {{"voltage", "voltage", false, "Of voltages."},
        {"current", "current", false, "Of currents."}}},
  };
}

}  // namespace tools
