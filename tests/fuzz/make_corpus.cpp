// Writes the specification's vectors as first inputs, each target's into its folder:
// make_corpus CORPUS_FOLDER.
#include <fstream>
#include <string>

#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/mbus_vectors.h"
#include "tests/metrology/modbus_bytes.h"
#include "tests/metrology/modbus_vectors.h"
#include "tests/models/comtrade_files.h"

namespace {

void save(const std::string& path, const tests::Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

/// The events of tests/fuzz/modbus_slave.cpp: frame, silence.
void append_events(tests::Bytes& events, const tests::Bytes& frame) {
  for (std::size_t n = 0; n < frame.size(); ++n) {
    events.push_back(n == 0 ? 1 : 0);
    events.push_back(frame[n]);
  }
  events.push_back(8);
  events.push_back(0);
}

/// The events of tests/fuzz/iec62056_session.cpp: characters, the end of a piece.
void append_message(tests::Bytes& events, const std::string& message) {
  for (const char c : message) {
    events.push_back(0);
    events.push_back(static_cast<std::uint8_t>(c));
  }
  events.push_back(3);
}

/// The events of tests/fuzz/mbus_slave.cpp: C, A, CI and data of a frame, the frame.
void append_mbus(tests::Bytes& events, const std::string& counted) {
  for (const std::uint8_t byte : tests::hex(counted)) {
    events.push_back(32);
    events.push_back(byte);
  }
  events.push_back(64);
  events.push_back(0);
}

void make_modbus(const std::string& corpus) {
  const std::string frames = corpus + "/modbus_frame";
  const std::string slave = corpus + "/modbus_slave";
  int number = 0;
  for (const tests::ModbusVector& vector : tests::modbus_vectors) {
    const tests::Bytes request = tests::hex(vector.request);
    const std::string name = "/vector-" + std::to_string(number++);
    save(frames + name, request);
    for (std::uint8_t mode = 0; mode < 8; ++mode) {
      tests::Bytes events{mode};
      append_events(events, request);
      save(slave + name + "-" + std::to_string(mode), events);
    }
  }
  // A read, a write and a whole block of the second map, one after the other.
  tests::Bytes events{1};
  append_events(events, tests::read_request(1, 0x6000, 75));
  append_events(events, tests::write_one(1, 0x4011, 2));
  append_events(events, tests::write_many(0, 0x6049, {0, 0}));
  append_events(events, tests::write_many(1, 0x400D, {0x42C8, 0}));
  save(slave + "/second-map", events);
}

void make_iec62056(const std::string& corpus) {
  const std::string messages[] = {tests::sign_on,
                                  "/?14501234!\r\n",
                                  tests::option('5', '0'),
                                  tests::option('5', '1'),
                                  tests::break_message,
                                  tests::password_request,
                                  tests::command("P1", "(00000000)"),
                                  tests::command("R1", "2008()"),
                                  tests::command("R5", "1.8.0()"),
                                  tests::command("W1", "1066(0.01)"),
                                  tests::command("W1", "1510(25)"),
                                  tests::command("W1", "1600(930000000000000101)"),
                                  tests::command("W1", "1700(12345678)"),
                                  tests::command("W1", "1000(00000042)"),
                                  tests::command("W5", "96.14.0(2)"),
                                  tests::command("R3", "2008()"),
                                  tests::nak_character,
                                  "1.8.0(123.45*kWh)"};
  int number = 0;
  for (const std::string& message : messages) {
    save(corpus + "/iec62056_message/vector-" + std::to_string(number++), tests::bytes_of(message));
  }
  // A readout that is asked for again, and a dialogue of everything, on an S and an Mb meter.
  for (const std::uint8_t mode : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{9}}) {
    tests::Bytes events{mode};
    append_message(events, tests::sign_on);
    append_message(events, tests::option('5', '0'));
    append_message(events, tests::nak_character);
    save(corpus + "/iec62056_session/readout-" + std::to_string(mode), events);
    events.resize(1);
    append_message(events, tests::sign_on);
    append_message(events, tests::option('4', '1'));
    for (int n = 6; n < 17; ++n) append_message(events, messages[n]);
    for (int n = 0; n < 3; ++n) append_message(events, tests::command("P1", "(1)"));
    save(corpus + "/iec62056_session/programming-" + std::to_string(mode), events);
  }
}

void make_mbus(const std::string& corpus) {
  const std::string slave = corpus + "/mbus_slave";
  int number = 0;
  for (const tests::MbusVector& vector : tests::mbus_requests) {
    const tests::Bytes frame = tests::hex(vector.frame);
    const std::string name = "/vector-" + std::to_string(number++);
    save(corpus + "/mbus_frame" + name, frame);
    for (std::uint8_t mode = 0; mode < 8; ++mode) {
      tests::Bytes events{mode};
      append_events(events, frame);
      save(slave + name + "-" + std::to_string(mode), events);
    }
  }
  // Everything in three telegrams, the direct sets, alarms, writes of every row, a selection.
  for (std::uint8_t mode = 0; mode < 8; ++mode) {
    tests::Bytes events{mode};
    for (const char* counted :
         {"53 01 50 00", "7B 01", "5B 01", "7B 01", "73 01 B1", "53 01 B4", "7A 01",
          "53 01 51 01 7A 02", "53 02 51 0C 79 78 56 34 12", "53 FD 52 78 56 34 12 FF FF FF FF",
          "73 FD 51 07 79 01 00 00 00 CD 25 01 02", "53 FD 51 02 FD 1C 60 09 05 FF 01 00 00 C8 42",
          "73 FD 51 02 FF 02 04 00 0A FF 03 25 00 02 FF 04 0C 00", "7B FD", "40 FD", "53 02 BB",
          "53 FD 52 FF FF FF FF FF FF FF FF 0C 78 34 12 50 14", "73 02 99", "7B 02"}) {
      append_mbus(events, counted);
    }
    save(slave + "/session-" + std::to_string(mode), events);
  }
}

/// The first byte says how: tests/fuzz/recording.cpp.
void make_recordings(const std::string& corpus) {
  const auto save_text = [&](const std::string& name, char mode, const std::string& text) {
    const std::string all = mode + text;
    save(corpus + "/recording/" + name, tests::Bytes(all.begin(), all.end()));
  };
  for (int encoding = 0; encoding < 4; ++encoding) {
    tests::ComtradeText file;
    file.year = 2013;
    file.samples = 6;
    file.encoding = static_cast<tests::Encoding>(encoding);
    save_text("rates-" + std::to_string(encoding), 0, file.cff());
    file.timestamps = true;
    save_text("timestamps-" + std::to_string(encoding), 3, file.cff());
  }
  save_text("table", 8, "t,u\n0,1\n0.001,2\n0.002,-1\n");
  save_text("rated-table", 4, "u;\"i\"\n1;2\n;3\n4;5\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  make_modbus(argv[1]);
  make_iec62056(argv[1]);
  make_mbus(argv[1]);
  make_recordings(argv[1]);
}
