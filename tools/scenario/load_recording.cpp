#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "models/recordings/prepare.h"
#include "models/recordings/read.h"
#include "models/recordings/text.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace recordings = models::recordings;
using recordings::Format;
using recordings::Recording;
using recordings::Unit;

constexpr std::array<std::string_view, phase_count> phase_names = {"L1", "L2", "L3"};
constexpr std::array<std::string_view, 2> quantity_names = {"voltage", "current"};
constexpr double most_scale = 1e6;
constexpr double most_value = 100e3;

enum class Side { as_recorded, primary, secondary };

bool is_on(const SectionReader& reader, std::string_view key, bool without) {
  const TreeNode* n = reader.find(key);
  return n == nullptr ? without : read_choice(*n, key, "on_or_off") == 0;
}

class RecordingLoader {
 public:
  explicit RecordingLoader(const TreeNode& node)
      : node_(node), reader_(node, section("recording")) {}

  RecordingChange load() {
    try {
      read_file();
      for (std::size_t i = 0; i < phase_names.size(); ++i) load_phase(i);
      if (choices_.empty()) {
        throw InputError(node_.position,
                         "recording: found no channel that is played, expected L1, L2 or L3");
      }
      out_.spec.playback = recordings::make_playback(recording_, choices_, options());
    } catch (const recordings::RecordingError& error) {
      throw InputError(reader_.get("file").position, fmt::format("recording: {}", error.what()));
    } catch (const std::invalid_argument& error) {
      throw InputError(reader_.get("file").position, fmt::format("recording: {}", error.what()));
    }
    if (const TreeNode* n = reader_.find("start")) {
      out_.spec.skip = read_time(*n, "start");
      if (out_.spec.skip >= out_.spec.playback->length()) {
        refuse(*n, "start", "a time before its end at " + show_time(out_.spec.playback->length()));
      }
    }
    return std::move(out_);
  }

 private:
  void read_file() {
    const TreeNode& file = reader_.get("file");
    const std::filesystem::path named_in = file.position.file ? *file.position.file : std::string();
    const std::string path = (named_in.parent_path() / read_text(file, "file", 4096)).string();
    format_ = recordings::format_of(path);
    if (const TreeNode* n = reader_.find("side")) {
      side_ = static_cast<Side>(read_choice(*n, "side", "recording_side"));
    }
    recordings::CsvOptions csv;
    const TreeNode* time = reader_.find("time");
    const TreeNode* rate = reader_.find("rate");
    if (format_ == Format::csv) {
      if ((time == nullptr) == (rate == nullptr)) {
        throw InputError(node_.position, fmt::format("recording: found {} of time and rate, "
                                                     "expected one of them for a .csv file",
                                                     time == nullptr ? "none" : "both"));
      }
      if (time != nullptr) csv.time_column = read_text(*time, "time", 80);
      if (rate != nullptr) {
        csv.rate_Hz = read_value(*rate, "rate", "frequency", 100, 10e6, "100 Hz to 10000 kHz");
      }
    } else {
      if (time != nullptr) refuse(*time, "time", "it only of a .csv file");
      if (rate != nullptr) refuse(*rate, "rate", "it only of a .csv file");
    }
    const TreeNode* full_scale = reader_.find("full_scale");
    if (full_scale != nullptr && format_ != Format::wav) {
      refuse(*full_scale, "full_scale", "it only of a .wav file");
    }
    recording_ = recordings::read_recording(path, csv);
    out_.files = recordings::files_of(path);
  }

  void load_phase(std::size_t i) {
    const TreeNode* n = reader_.find(phase_names[i]);
    if (n == nullptr) return;
    const SectionReader phase(*n, section("recording_phase"));
    if (const TreeNode* v = phase.find("voltage")) out_.spec.voltage[i] = load_channel(*v, 0);
    if (const TreeNode* c = phase.find("current")) out_.spec.current[i] = load_channel(*c, 1);
    if (n->entries.empty()) refuse(*n, phase_names[i], "voltage or current");
  }

  /// Adds the channel to what is played; `quantity` 0 is a voltage, 1 a current.
  int load_channel(const TreeNode& node, std::size_t quantity) {
    const std::string_view key = quantity_names[quantity];
    const std::string name = read_text(node, key, 80);
    const int index = recording_.find(name);
    if (index < 0) refuse(node, key, "a channel of the file: " + names());
    const recordings::Channel& channel = recording_.channels[static_cast<std::size_t>(index)];
    const Unit wanted = quantity == 0 ? Unit::volt : Unit::ampere;
    if (channel.unit != wanted && channel.unit != Unit::plain) {
      refuse(node, key,
             fmt::format("a channel in {}, and this one is in {}", quantity == 0 ? "V" : "A",
                         recordings::shown(channel.unit_text)));
    }
    choices_.push_back({index, factor_of(node, channel, quantity)});
    return static_cast<int>(choices_.size()) - 1;
  }

  double factor_of(const TreeNode& node, const recordings::Channel& channel,
                   std::size_t quantity) const {
    const std::string_view key = quantity_names[quantity];
    double factor = 1;
    if (const TreeNode* n = reader_.find("scale")) {
      const SectionReader scale(*n, section("recording_scale"));
      if (const TreeNode* own = scale.find(key)) {
        factor = read_value(*own, key, "number", -most_scale, most_scale,
                            "a number between -1000000 and 1000000");
      }
    }
    if (format_ == Format::wav) factor *= full_scale_of(key);
    if (side_ != Side::as_recorded) {
      if (!(channel.ratio > 0)) {
        refuse(node, key,
               fmt::format("a channel whose file tells its transformer's ratio, without "
                           "which there is no {} side",
                           side_ == Side::primary ? "primary" : "secondary"));
      }
      if (side_ == Side::primary && !channel.primary) factor *= channel.ratio;
      if (side_ == Side::secondary && channel.primary) factor /= channel.ratio;
    }
    return factor;
  }

  double full_scale_of(std::string_view key) const {
    const TreeNode* n = reader_.find("full_scale");
    const TreeNode* own = nullptr;
    if (n != nullptr) {
      const SectionReader scale(*n, section("recording_full_scale"));
      own = scale.find(key);
    }
    if (own == nullptr) {
      throw InputError(node_.position, fmt::format("recording: found no full_scale of the {}, "
                                                   "expected one for a .wav file",
                                                   key));
    }
    return read_value(*own, key, key, 0, most_value,
                      key == "voltage" ? "0 V to 100 kV" : "0 A to 100 kA");
  }

  recordings::PlaybackOptions options() const {
    recordings::PlaybackOptions out;
    out.loop = is_on(reader_, "loop", false);
    out.resample = is_on(reader_, "resample", true);
    out.remove_mean = is_on(reader_, "remove_mean", false);
    double frequency_Hz = recording_.frequency_Hz > 0 ? recording_.frequency_Hz : 50;
    const TreeNode* n = reader_.find("frequency");
    if (n != nullptr) {
      frequency_Hz = read_value(*n, "frequency", "frequency", 1, 1000, "1 Hz to 1 kHz");
    } else if (!(frequency_Hz >= 1 && frequency_Hz <= 1000)) {
      throw InputError(node_.position,
                       fmt::format("recording: found a file of {} Hz, expected a frequency beside "
                                   "it, 1 Hz to 1 kHz",
                                   frequency_Hz));
    }
    out.frequency_nHz = std::llround(frequency_Hz * 1e9);
    return out;
  }

  std::string names() const {
    constexpr std::size_t most = 12;
    std::string out;
    for (std::size_t k = 0; k < recording_.channels.size() && k < most; ++k) {
      out += (k > 0 ? ", " : "") + recordings::shown(recording_.channels[k].name);
    }
    return recording_.channels.size() > most ? out + " and more" : out;
  }

  const TreeNode& node_;
  SectionReader reader_;
  Format format_{};
  Side side_ = Side::as_recorded;
  Recording recording_;
  std::vector<recordings::Choice> choices_;
  RecordingChange out_;
};

}  // namespace

RecordingChange load_recording(const TreeNode& node) { return RecordingLoader(node).load(); }

}  // namespace tools
