// The journal of a live session: everything that came from outside, with the simulated instant at
// which it did. What it takes to simulate the session again, bit for bit.
//
//   {"journal":2,"scenario":"F","sources":[{"file":…,"crc32":…},…],"set":[…],"seed":N,"end":ps,
//    "ports":["modbus","ir"],"strict_gaps":false,"cpu":"iss","image":{"file":…,"crc32":…},
//    "build":…}
//   {"t":ps,"port":"modbus","baud":9600,"bytes":"0103200800024E09"}
//   {"t":ps,"port":"ir","baud":9600}
//   {"t":ps,"control":"press: {button: left}"}
//   {"t":ps,"over":true}
//
// JSON lines, written at once: of a session that was killed only the last line is missing, the one
// that says when it was over. "image" stands there where a meter ran it; without "cpu" all ran
// natively. A journal of another version is refused: version 1 knew one port, whose rate changed
// with a frame only.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "models/pins/time.h"

namespace tools::live {

using models::pins::Ps;

struct JournalSource {
  std::string file;
  std::uint32_t crc32 = 0;
};

struct JournalHeader {
  std::string scenario;
  std::vector<JournalSource> sources;  ///< the scenario's file and all that it includes
  std::vector<std::string> set;        ///< --set PATH=VALUE
  std::uint64_t seed = 0;
  Ps end = 0;                          ///< planned
  std::vector<std::string> ports;      ///< "modbus", "mbus", "ir": where a master was
  bool strict_gaps = false;            ///< --strict-gaps
  std::string cpu = "native";          ///< --cpu
  std::optional<JournalSource> image;  ///< where a meter ran it
  std::string build;
};

/// Something from outside.
struct JournalEvent {
  Ps t = 0;
  std::string port;                 ///< one of the header's; empty: a line of control
  std::uint32_t baud = 0;           ///< the master's, 110 … 1 000 000
  std::vector<std::uint8_t> bytes;  ///< a frame; empty: the rate is another from now on
  std::string control;
};

struct Journal {
  JournalHeader header;
  std::vector<JournalEvent> events;  ///< their instants do not fall
  std::optional<Ps> over;            ///< when the session was over; none: it was killed
};

/// The header's list for these files. Throws InputError for one that cannot be read.
std::vector<JournalSource> checksums_of(const std::vector<std::string>& files);

class JournalWriter {
 public:
  /// Throws OutputRefused when the file cannot be made.
  JournalWriter(const std::string& path, const JournalHeader& header);

  // Each throws OutputFailed when it cannot be written.
  void event(const JournalEvent& event);
  void over(Ps t);

 private:
  void line(const std::string& text);

  std::string path_;
  std::ofstream file_;
};

/// Throws InputError, with the line, for what is no journal. A last line that is cut short is left
/// out.
Journal read_journal(const std::string& path);

}  // namespace tools::live
