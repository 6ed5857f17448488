#include "tools/live/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>

#include "metrology/storage/crc32.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace tools::live {
namespace {

using Json = nlohmann::ordered_json;

constexpr int journal_version = 2;

std::string hex_of(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02X}", byte);
  return text;
}

std::vector<std::uint8_t> bytes_of(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  if (hex.size() % 2 != 0 || hex.find_first_not_of("0123456789ABCDEF") != std::string::npos) {
    throw std::invalid_argument("bytes: found no pairs of hex digits");
  }
  for (std::size_t n = 0; n < hex.size(); n += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(n, 2), nullptr, 16)));
  }
  return bytes;
}

/// It is read as a whole, so it must have an end.
std::string content_of(const std::string& file) {
  std::error_code error;
  const std::filesystem::file_type type = std::filesystem::status(file, error).type();
  if (type != std::filesystem::file_type::regular &&
      type != std::filesystem::file_type::not_found) {
    throw InputError(file + ": cannot be read: it is no file");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError(file + ": cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// An instant of a run; a number that is none throws.
Ps instant_of(const Json& json) {
  if (!json.is_number_unsigned() || json.get<Ps>() > models::pins::ps_max_segment) {
    throw std::invalid_argument("found an instant that is none");
  }
  return json.get<Ps>();
}

JournalSource source_of(const Json& json) {
  return {json.at("file").get<std::string>(), json.at("crc32").get<std::uint32_t>()};
}

Json json_of(const JournalSource& source) {
  return {{"file", source.file}, {"crc32", source.crc32}};
}

JournalHeader header_of(const Json& json) {
  const int version = json.at("journal").get<int>();
  if (version != journal_version) {
    throw std::invalid_argument(fmt::format(
        "found version {}, which only the vmeter that recorded it can replay", version));
  }
  JournalHeader header;
  header.scenario = json.at("scenario").get<std::string>();
  for (const Json& source : json.at("sources")) {
    header.sources.push_back(source_of(source));
  }
  header.set = json.at("set").get<std::vector<std::string>>();
  header.seed = json.at("seed").get<std::uint64_t>();
  header.end = instant_of(json.at("end"));
  header.ports = json.at("ports").get<std::vector<std::string>>();
  header.strict_gaps = json.at("strict_gaps").get<bool>();
  header.cpu = json.value("cpu", "native");
  if (json.contains("image")) header.image = source_of(json.at("image"));
  header.build = json.at("build").get<std::string>();
  return header;
}

JournalEvent event_of(const Json& json, const JournalHeader& header) {
  JournalEvent event;
  event.t = instant_of(json.at("t"));
  if (json.contains("control")) {
    event.control = json.at("control").get<std::string>();
  } else {
    event.port = json.at("port").get<std::string>();
    if (std::find(header.ports.begin(), header.ports.end(), event.port) == header.ports.end()) {
      throw std::invalid_argument("port: found one that the first line does not name");
    }
    event.baud = json.at("baud").get<std::uint32_t>();
    constexpr std::uint32_t slowest = 110;
    constexpr std::uint32_t fastest = 1'000'000;
    if (event.baud < slowest || event.baud > fastest) {
      throw std::invalid_argument("baud: found what is no rate");
    }
    if (json.contains("bytes")) event.bytes = bytes_of(json.at("bytes").get<std::string>());
  }
  return event;
}

}  // namespace

std::vector<JournalSource> checksums_of(const std::vector<std::string>& files) {
  std::vector<JournalSource> sources;
  for (const std::string& file : files) {
    const std::string content = content_of(file);
    sources.push_back(
        {file, metrology::storage::crc32(reinterpret_cast<const std::uint8_t*>(content.data()),
                                         static_cast<std::uint32_t>(content.size()))});
  }
  return sources;
}

JournalWriter::JournalWriter(const std::string& path, const JournalHeader& header)
    : path_(path), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) throw OutputRefused(path + ": cannot be made");
  Json json;
  json["journal"] = journal_version;
  json["scenario"] = header.scenario;
  json["sources"] = Json::array();
  for (const JournalSource& source : header.sources) {
    json["sources"].push_back(json_of(source));
  }
  json["set"] = header.set;
  json["seed"] = header.seed;
  json["end"] = header.end;
  json["ports"] = header.ports;
  json["strict_gaps"] = header.strict_gaps;
  json["cpu"] = header.cpu;
  if (header.image) json["image"] = json_of(*header.image);
  json["build"] = header.build;
  line(json.dump());
}

void JournalWriter::line(const std::string& text) {
  file_ << text << '\n' << std::flush;
  if (!file_) throw OutputFailed(path_ + ": could not be written");
}

void JournalWriter::event(const JournalEvent& event) {
  Json json;
  json["t"] = event.t;
  if (event.port.empty()) {
    json["control"] = event.control;
  } else {
    json["port"] = event.port;
    json["baud"] = event.baud;
    if (!event.bytes.empty()) json["bytes"] = hex_of(event.bytes);
  }
  line(json.dump());
}

void JournalWriter::over(Ps t) { line(Json{{"t", t}, {"over", true}}.dump()); }

Journal read_journal(const std::string& path) {
  const std::string content = content_of(path);
  Journal journal;
  std::size_t begin = 0;
  int number = 0;
  while (begin < content.size()) {
    ++number;
    const std::size_t end = content.find('\n', begin);
    if (end == std::string::npos) break;  // cut short
    const Position position{std::make_shared<const std::string>(path), number, 1};
    try {
      const Json json = Json::parse(content.substr(begin, end - begin));
      if (number == 1) {
        journal.header = header_of(json);
      } else if (json.contains("over")) {
        journal.over = instant_of(json.at("t"));
      } else {
        journal.events.push_back(event_of(json, journal.header));
        const std::size_t count = journal.events.size();
        if (count > 1 && journal.events[count - 2].t > journal.events[count - 1].t) {
          throw std::invalid_argument("found an instant before the one above");
        }
      }
    } catch (const std::exception& error) {
      throw InputError(position, fmt::format("expected a line of a journal: {}", error.what()));
    }
    begin = end + 1;
  }
  if (journal.header.scenario.empty())
    throw InputError(path + ": found nothing, expected a journal");
  return journal;
}

}  // namespace tools::live
