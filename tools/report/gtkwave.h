// A save file for GTKWave: the wires of a waveform file in groups, at a zoom that shows all of it.
#pragma once

#include <string>
#include <vector>

#include "models/pins/time.h"

namespace tools {

using models::pins::Ps;

/// `save_path` and `vcd_path`: where both files will stand; they may move together. `signals`: the
/// instances in the waveform file; `steps`: its length, in what that file counts time in.
std::string gtkwave_document(const std::string& save_path, const std::string& vcd_path,
                             const std::vector<std::string>& signals, std::uint64_t steps);

}  // namespace tools
