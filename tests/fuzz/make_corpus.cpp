// Writes the specification's vectors as first inputs, each target's into its folder:
// make_corpus CORPUS_FOLDER.
#include <fstream>
#include <string>

#include "tests/metrology/iec62056_bytes.h"
#include "tests/metrology/modbus_bytes.h"
#include "tests/metrology/modbus_vectors.h"

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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  make_modbus(argv[1]);
  make_iec62056(argv[1]);
}
