// The slave's receiver: each transition, named after its rule.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "metrology/protocol/modbus/slave.h"
#include "tests/metrology/modbus_bytes.h"

using namespace metrology::modbus;
using tests::Bytes;
using tests::read_request;
using tests::sealed;

namespace {

constexpr std::uint8_t id = 7;

/// A receiver with the line it hears.
struct Line {
  Slave slave{};
  int requests = 0;
  Request last{};

  void hear(std::uint8_t byte, bool first = false, bool after_gap = false, bool damaged = false) {
    take(slave, {byte, damaged, after_gap, first}, id);
  }
  void hear(const Bytes& frame) {
    for (std::size_t n = 0; n < frame.size(); ++n) hear(frame[n], n == 0);
  }
  bool silence() {
    Request request{};
    const bool whole = end_frame(slave, request);
    CHECK(slave.phase == Phase::idle);
    CHECK(slave.count == 0);
    if (!whole) return false;
    ++requests;
    last = request;
    return true;
  }
};

const Bytes request = read_request(id, 0x2008, 2);

}  // namespace

TEST_CASE("Modbus receiver: idle, own address or broadcast: receiving") {
  for (const std::uint8_t address : {id, std::uint8_t{0}}) {
    Line line;
    line.hear(address, true);
    CHECK(line.slave.phase == Phase::receiving);
    CHECK(line.slave.count == 1);
  }
}

TEST_CASE("Modbus receiver: idle, any other address: skipping") {
  for (int address = 1; address <= 255; ++address) {
    if (address == id) continue;
    Line line;
    line.hear(static_cast<std::uint8_t>(address), true);
    REQUIRE(line.slave.phase == Phase::skipping);
    line.hear(id);
    REQUIRE(line.slave.phase == Phase::skipping);
    REQUIRE(line.slave.count == 0);
  }
}

TEST_CASE("Modbus receiver: idle, a character without t3.5 before it: skipping") {
  for (const bool after_gap : {false, true}) {
    Line line;
    line.hear(id, false, after_gap);
    CHECK(line.slave.phase == Phase::skipping);
  }
}

TEST_CASE("Modbus receiver: receiving, frame end: a request if the CRC holds, else nothing") {
  Line line;
  line.hear(request);
  CHECK(line.slave.phase == Phase::receiving);
  REQUIRE(line.silence());
  CHECK(line.last.function == Function::read_holding_registers);
  CHECK(line.last.address == 0x2008);
  for (std::size_t n = 0; n < request.size(); ++n) {
    Bytes wrong = request;
    wrong[n] = static_cast<std::uint8_t>(wrong[n] ^ 0x10U);
    line.hear(wrong);
    CHECK_FALSE(line.silence());
  }
  line.hear(Bytes(request.begin(), request.end() - 1));
  CHECK_FALSE(line.silence());
}

TEST_CASE("Modbus receiver: receiving, a character after t1.5: the frame is dropped as a whole") {
  for (std::size_t torn = 1; torn < request.size(); ++torn) {
    Line line;
    for (std::size_t n = 0; n < request.size(); ++n) line.hear(request[n], n == 0, n == torn);
    CHECK(line.slave.phase == Phase::skipping);
    CHECK_FALSE(line.silence());
    line.hear(request);
    CHECK(line.silence());
  }
}

TEST_CASE("Modbus receiver: receiving, a damaged character anywhere: the frame is dropped") {
  for (std::size_t damaged = 0; damaged < request.size(); ++damaged) {
    Line line;
    for (std::size_t n = 0; n < request.size(); ++n) {
      line.hear(request[n], n == 0, false, n == damaged);
    }
    CHECK(line.slave.phase == Phase::skipping);
    CHECK_FALSE(line.silence());
  }
}

TEST_CASE("Modbus receiver: receiving, the 257th character: the frame is dropped") {
  Bytes longest{id};
  longest.resize(254, 0x55);
  longest = sealed(longest);
  Line line;
  line.hear(longest);
  CHECK(line.slave.phase == Phase::receiving);
  CHECK(line.silence());
  line.hear(longest);
  line.hear(0x55);
  CHECK(line.slave.phase == Phase::skipping);
  for (int n = 0; n < 1000; ++n) line.hear(0x55);
  CHECK_FALSE(line.silence());
}

TEST_CASE("Modbus receiver: skipping, frame end: idle, and the next frame is heard") {
  Line line;
  line.hear(read_request(3, 0x2008, 2));
  CHECK(line.slave.phase == Phase::skipping);
  CHECK_FALSE(line.silence());
  line.hear(sealed("03 03 04 43 66 00 00"));  // … and its answer by another meter
  CHECK_FALSE(line.silence());
  line.hear(request);
  CHECK(line.silence());
}

TEST_CASE("Modbus receiver: a first character ends the frame before it, from which nothing comes") {
  Line line;
  line.hear(request);
  line.hear(request);
  CHECK(line.slave.count == request.size());
  CHECK(line.silence());
  line.hear(read_request(3, 0x2008, 2));
  line.hear(request);
  CHECK(line.silence());
  line.hear(request);
  line.hear(read_request(3, 0x2008, 2));
  CHECK_FALSE(line.silence());
}

TEST_CASE(
    "Modbus receiver: an answer with the own address in the middle is not taken for a frame") {
  Line line;
  Bytes answer = sealed(Bytes{3, 3, 8, id, 3, 0x20, 0x08, 0, 2, 0xAA, 0xBB});
  answer.insert(answer.begin() + 3, request.begin(), request.end());
  line.hear(answer);
  CHECK_FALSE(line.silence());
  CHECK(line.requests == 0);
}

TEST_CASE("Modbus receiver: a frame end without characters is nothing") {
  Line line;
  CHECK_FALSE(line.silence());
  CHECK_FALSE(line.silence());
  line.hear(request);
  CHECK(line.silence());
  CHECK_FALSE(line.silence());
}

TEST_CASE("Modbus receiver: after whatever noise the next whole frame is heard") {
  std::mt19937_64 random(23);
  Line line;
  for (int round = 0; round < 20'000; ++round) {
    for (std::uint64_t n = random() % 40; n > 0; --n) {
      const std::uint64_t dice = random();
      line.hear(static_cast<std::uint8_t>(dice % 9), (dice >> 8U) % 8 == 0, (dice >> 11U) % 8 == 0,
                (dice >> 14U) % 8 == 0);
      if ((dice >> 17U) % 16 == 0) line.silence();
    }
    line.hear(request);
    REQUIRE(line.silence());
    REQUIRE(line.last.address == 0x2008);
  }
}
