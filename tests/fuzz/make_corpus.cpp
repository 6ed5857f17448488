// Writes the specification's vectors as first inputs: make_corpus FRAME_FOLDER SLAVE_FOLDER.
#include <fstream>
#include <string>

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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int number = 0;
  for (const tests::ModbusVector& vector : tests::modbus_vectors) {
    const tests::Bytes request = tests::hex(vector.request);
    const std::string name = "/vector-" + std::to_string(number++);
    save(argv[1] + name, request);
    for (std::uint8_t mode = 0; mode < 8; ++mode) {
      tests::Bytes events{mode};
      append_events(events, request);
      save(argv[2] + name + "-" + std::to_string(mode), events);
    }
  }
  // A read, a write and a whole block of the second map, one after the other.
  tests::Bytes events{1};
  append_events(events, tests::read_request(1, 0x6000, 75));
  append_events(events, tests::write_one(1, 0x4011, 2));
  append_events(events, tests::write_many(0, 0x6049, {0, 0}));
  append_events(events, tests::write_many(1, 0x400D, {0x42C8, 0}));
  save(argv[2] + std::string("/second-map"), events);
}
