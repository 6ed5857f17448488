// Any bytes before the readers of recordings: COMTRADE's single file and tables. What they accept
// is prepared and integrated; what they refuse, they refuse with their own exception.
//
// The first byte says how: bit 0 looped, bit 1 without resampling, bits 2 and 3 a table with a rate
// or with a column "t".
#include <cstdint>
#include <string>
#include <string_view>

#include "models/recordings/cff.h"
#include "models/recordings/comtrade_dat.h"
#include "models/recordings/csv.h"
#include "models/recordings/prepare.h"
#include "tests/fuzz/invariant.h"

using namespace models::recordings;
using tests::require;

namespace {

Recording read(std::string_view bytes, unsigned how) {
  if ((how & 8) != 0) return read_csv(bytes, "a.csv", {"t", 0});
  if ((how & 4) != 0) return read_csv(bytes, "a.csv", {"", 3000});
  const CffSections parts = split_cff(bytes, "a.cff");
  const ComtradeConfig config = parse_comtrade_config(parts.config, parts.config_source);
  return read_comtrade_data(config, parts.data, "a.cff", parts.data_source);
}

void play(const Recording& recording, unsigned how) {
  // As who reads a file asks for: models/recordings/read.cpp.
  if (recording.samples < 2 || recording.channels.empty()) return;
  for (const Section& section : recording.sections) {
    if (!(section.rate_Hz >= 1000 && section.rate_Hz <= 10e6)) return;
  }
  PlaybackOptions options;
  options.loop = (how & 1) != 0;
  options.resample = (how & 2) == 0;
  options.frequency_nHz = 50'000'000'000;
  const auto playback = make_playback(recording, {{0, 1}}, options);
  require(playback->length() > 0 && playback->points() >= 2);
  const models::grid::Int128 end = playback->length();
  require(playback->product(0, 0, 0, end) >= 0);
  std::vector<models::pins::Point> line;
  playback->write_line({{0, 1}}, 0, 0, playback->length(), line);
  require(line.front().at == 0 && line.back().at == playback->length());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const unsigned how = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const Recording recording = read(bytes, how);
    for (const Channel& channel : recording.channels) {
      require(channel.samples.size() == recording.samples);
    }
    require(recording.instants().size() == recording.samples);
    play(recording, how);
  } catch (const RecordingError& error) {
    require(std::string_view(error.what()).substr(0, 2) == "a.");
  } catch (const std::invalid_argument&) {
    // A playback longer than a run can be, or of lines that leave all bounds.
  }
  return 0;
}
