#include "models/recordings/read.h"

#include <cmath>
#include <filesystem>

#include "models/recordings/cff.h"
#include "models/recordings/comtrade_dat.h"
#include "models/recordings/text.h"
#include "models/recordings/wav.h"

namespace models::recordings {

namespace {

std::string ending_of(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& c : ending) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return ending;
}

/// The data file beside a configuration, its ending in the same case or the other.
std::string data_beside(const std::string& config) {
  for (const char* ending : {".dat", ".DAT", ".Dat"}) {
    std::string path = std::filesystem::path(config).replace_extension(ending).string();
    if (std::filesystem::exists(path)) return path;
  }
  const std::string wanted = std::filesystem::path(config).replace_extension(".dat").string();
  throw RecordingError(wanted + ": found nothing, expected the data of " + config);
}

Recording checked(Recording recording) {
  const auto refuse = [&](const std::string& found, const std::string& expected) {
    throw RecordingError(recording.file + ": found " + found + ", expected " + expected);
  };
  if (recording.samples < 2) {
    refuse(std::to_string(recording.samples) + " samples", "two at the least");
  }
  for (const Section& section : recording.sections) {
    if (!(section.rate_Hz >= least_rate_Hz && section.rate_Hz <= most_rate_Hz)) {
      refuse("a rate of " + std::to_string(section.rate_Hz) + " Hz", "100 Hz to 10 MHz");
    }
  }
  return recording;
}

Recording read_config_and_data(const std::string& path) {
  const std::string config = read_bytes(path);
  const ComtradeConfig parsed = parse_comtrade_config(config, {path});
  const std::string data_path = data_beside(path);
  const std::string data = read_bytes(data_path);
  return read_comtrade_data(parsed, data, path, {data_path});
}

}  // namespace

Format format_of(const std::string& path) {
  const std::string ending = ending_of(path);
  if (ending == ".cfg") return Format::comtrade;
  if (ending == ".cff") return Format::cff;
  if (ending == ".csv") return Format::csv;
  if (ending == ".wav") return Format::wav;
  throw RecordingError(path + ": found the ending " + shown(ending) +
                       ", expected .cfg, .cff, .csv or .wav");
}

Recording read_recording(const std::string& path, const CsvOptions& csv) {
  switch (format_of(path)) {
    case Format::comtrade:
      return checked(read_config_and_data(path));
    case Format::cff:
      return read_cff(read_bytes(path), path);
    case Format::csv:
      return checked(read_csv(read_bytes(path), path, csv));
    case Format::wav:
      break;
  }
  return checked(read_wav(path));
}

std::vector<std::string> files_of(const std::string& path) {
  if (format_of(path) != Format::comtrade) return {path};
  return {path, data_beside(path)};
}

Recording read_cff(std::string_view bytes, const std::string& file) {
  const CffSections parts = split_cff(bytes, file);
  const ComtradeConfig config = parse_comtrade_config(parts.config, parts.config_source);
  if (parts.binary != (config.encoding != Encoding::ascii)) {
    throw RecordingError(file + ": found " + std::string(parts.binary ? "binary" : "ASCII") +
                         " data, expected " + std::string(name_of(config.encoding)) +
                         " as the configuration says");
  }
  return checked(read_comtrade_data(config, parts.data, file, parts.data_source));
}

}  // namespace models::recordings
