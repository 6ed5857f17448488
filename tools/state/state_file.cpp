#include "tools/state/state_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "platform/wide_time.h"
#include "tools/scenario/input_error.h"
#include "tools/scenario/keys.h"

namespace tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;
constexpr const char* mark = "vmeter_state";
constexpr std::size_t longest_header = std::size_t{1} << 20;

std::string hex(std::uint32_t value) { return fmt::format("0x{:08X}", value); }

std::uint32_t crc_of(const void* bytes, std::size_t count) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes, count);
  return crc.checksum();
}

/// Of a header that says nothing of it yet, and the body behind it: a digit that fell over in a
/// hash would let a run begin anew instead of going on.
std::string crc_of(const Json& header, std::string_view body) {
  const std::string line = header.dump();
  boost::crc_32_type crc;
  crc.process_bytes(line.data(), line.size());
  crc.process_bytes(body.data(), body.size());
  return hex(crc.checksum());
}

std::string variant_name(const MeterSpec& meter) {
  return std::string(choice_type("variant").words.at(static_cast<std::size_t>(meter.page.variant)));
}

/// An image by its checksum, over all but its last word, which holds it: a core's registers mean
/// nothing in another one.
std::string cpu_name(const MeterSpec& meter) {
  if (meter.image == nullptr) return "native";
  return "iss, image " + hex(crc_of(meter.image->data(), (meter.image->size() - 1) * 4));
}

Json meters_json(const Scenario& scenario) {
  Json meters = Json::array();
  for (const MeterSpec& meter : scenario.meters) {
    meters.push_back({{"id", meter.id},
                      {"variant", variant_name(meter)},
                      {"cpu", cpu_name(meter)},
                      {"page_crc", hex(crc_of(&meter.page, sizeof meter.page))}});
  }
  return meters;
}

platform::WideTime instant_of(const RunState& state) {
  return state.meters.empty() ? state.now : state.meters.front().meter.instant;
}

[[noreturn]] void refuse(const std::string& path, const std::string& found,
                         const std::string& expected) {
  throw StateRefused(fmt::format("{}: found {}, expected {}", path, found, expected));
}

std::string read_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    refuse(path, "no such file", "a saved state");
  }
  if (status.type() != std::filesystem::file_type::regular) {
    refuse(path, "something that is no file", "a saved state");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  std::string bytes(error ? 0 : static_cast<std::size_t>(size), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (error || !file) refuse(path, "a file that cannot be read", "a saved state");
  return bytes;
}

/// A header whose fields are all there and of their kinds.
struct Header {
  std::string build;
  std::string firmware_crc;
  std::string scenario;
  std::string hash;
  std::uint64_t seed = 0;
  std::string instant;
  Json meters;
  std::uint64_t body_bytes = 0;
  std::string crc;
  Json rest;  ///< all but the checksum
};

Header read_header(const std::string& path, std::string_view bytes) {
  const std::size_t end = bytes.substr(0, longest_header).find('\n');
  Json json =
      end == std::string_view::npos ? Json() : Json::parse(bytes.substr(0, end), nullptr, false);
  if (!json.is_object() || !json.contains(mark)) {
    refuse(path, "a file that is no saved state", "one of vmeter run --save-state");
  }
  if (json[mark] != format_version) {
    refuse(path, fmt::format("a state of format {}", json[mark].dump()),
           fmt::format("format {}", format_version));
  }
  try {
    Header header{json.at("build"),    json.at("firmware_crc"),
                  json.at("scenario"), json.at("scenario_hash"),
                  json.at("seed"),     json.at("instant_ps"),
                  json.at("meters"),   json.at("body_bytes"),
                  json.at("crc"),      {}};
    json.erase("crc");
    header.rest = std::move(json);
    return header;
  } catch (const Json::exception&) {
    refuse(path, "a state whose first line is damaged", "a whole one");
  }
}

void check_meters(const std::string& path, const Json& saved, const Json& wanted) {
  const auto list = [](const Json& meters) {
    std::string out;
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < meters.size() && i < most; ++i) {
      out += fmt::format("{}{} ({})", i > 0 ? ", " : "", meters[i].value("id", ""),
                         meters[i].value("variant", ""));
    }
    return meters.size() > most ? fmt::format("{} and {} more", out, meters.size() - most) : out;
  };
  const auto same = [&](const char* what) {
    bool all = saved.is_array() && saved.size() == wanted.size();
    for (std::size_t i = 0; all && i < wanted.size(); ++i) {
      all = saved[i].is_object() && saved[i].value(what, "") == wanted[i].value(what, "");
    }
    return all;
  };
  if (!same("id") || !same("variant")) {
    refuse(path, "a state of " + list(saved), "one of " + list(wanted));
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string was = saved[i].value("cpu", "");
    const std::string is = wanted[i].value("cpu", "");
    if (was == is) continue;
    refuse(path, fmt::format("meter {} on the CPU {}", wanted[i].value("id", ""), was), is);
  }
  if (!same("page_crc")) {
    refuse(path, "a state of meters that were made otherwise",
           "the same connection, serial number, ratio, rate and calibration as in the scenario");
  }
}

void add_file(boost::crc_32_type& crc, std::uint64_t& length, const std::string& path) {
  const std::string bytes = read_file(path);
  crc.process_bytes(bytes.data(), bytes.size());
  length += bytes.size();
}

}  // namespace

std::string scenario_hash(const Scenario& scenario) {
  boost::crc_32_type crc;
  std::uint64_t length = scenario.content.size();
  crc.process_bytes(scenario.content.data(), scenario.content.size());
  crc.process_bytes(&scenario.seed, sizeof scenario.seed);
  for (const std::string& file : scenario.data_files) add_file(crc, length, file);
  return fmt::format("{}-{}", hex(crc.checksum()), length);
}

std::string state_file(const Scenario& scenario, const StateBuild& build, const RunState& state) {
  const std::string body = to_bytes(state);
  Json header;
  header[mark] = format_version;
  header["build"] = build.name;
  header["firmware_crc"] = hex(build.firmware_crc);
  header["scenario"] = scenario.name;
  header["scenario_hash"] = scenario_hash(scenario);
  header["seed"] = scenario.seed;
  header["instant_ps"] = platform::to_decimal(instant_of(state));
  header["scenario_time_ps"] = state.now;
  header["meters"] = meters_json(scenario);
  header["body_bytes"] = body.size();
  header["crc"] = crc_of(header, body);
  return header.dump() + "\n" + body;
}

LoadedState load_state(const std::string& path, const Scenario& scenario, const StateBuild& build) {
  const std::string bytes = read_file(path);
  const Header header = read_header(path, bytes);
  if (header.build != build.name || header.firmware_crc != hex(build.firmware_crc)) {
    refuse(path,
           fmt::format("a state of build {} and firmware {}", header.build, header.firmware_crc),
           fmt::format("one of this build, {} and {}", build.name, hex(build.firmware_crc)));
  }
  const std::string body = bytes.substr(bytes.find('\n') + 1);
  if (body.size() != header.body_bytes) {
    refuse(path, fmt::format("{} bytes behind the first line", body.size()),
           fmt::format("{}", header.body_bytes));
  }
  if (crc_of(header.rest, body) != header.crc) {
    refuse(path, "a state that is damaged: its checksum is wrong", "a whole one");
  }
  check_meters(path, header.meters, meters_json(scenario));
  LoadedState out;
  out.file = path;
  out.scenario = header.scenario;
  out.instant_ps = header.instant;
  try {
    out.run = run_state_from(body);
  } catch (const std::exception&) {
    refuse(path, "a state that cannot be read", "a whole one");
  }
  // A scenario that has come to its end begins anew, with the meters as they are by then.
  const bool same = header.hash == scenario_hash(scenario) && header.seed == scenario.seed;
  out.use = same && out.run.now < scenario.duration ? StateUse::continuation : StateUse::handover;
  return out;
}

}  // namespace tools
