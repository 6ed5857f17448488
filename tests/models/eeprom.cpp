// The EEPROM at its wires: a master by hand, one picosecond a step unless time matters.
#include "models/eeprom/eeprom.h"

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace eeprom = models::eeprom;
using eeprom::Eeprom;
using models::pins::Field;
using models::pins::Ps;
using models::pins::ps_per_ms;

class Lines final : public models::pins::EventSink {
 public:
  std::vector<std::string> lines;
  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<Field> fields) override {
    std::string line = std::to_string(t) + " " + std::string(instance) + " " + std::string(event);
    for (const Field& field : fields) {
      line += " " + std::string(field.name) + "=" +
              std::to_string(std::get<std::uint64_t>(field.value));
    }
    lines.push_back(line);
  }
};

/// Works the two wires; every call goes on from `now`.
struct Master {
  explicit Master(const std::vector<std::uint8_t>& image = {}, std::uint64_t seed = 1) {
    eeprom::EepromConfig config;
    config.seed = seed;
    device = std::make_unique<Eeprom>(config, sink, image);
    device->write_protect(0, false);
  }

  void start() { device->start(now++); }
  void stop() {
    device->scl_falls(now++);
    device->scl_rises(now++, false);
    device->stop(now++);
  }
  bool bit(bool sda) {
    const bool lets_go = device->scl_falls(now++);
    device->scl_rises(now++, sda && lets_go);
    return sda && lets_go;
  }
  bool send(unsigned byte) {
    for (int k = 7; k >= 0; --k) bit((byte >> k & 1) != 0);
    return !bit(true);
  }
  unsigned take(bool acknowledge) {
    unsigned byte = 0;
    for (int k = 0; k < 8; ++k) byte = byte << 1 | (bit(true) ? 1u : 0u);
    bit(!acknowledge);
    return byte;
  }
  bool address(unsigned place) {
    start();
    return send(0xA0) && send(place >> 8) && send(place & 0xFF);
  }
  bool write(unsigned place, const std::vector<unsigned>& bytes) {
    bool acknowledged = address(place);
    for (const unsigned byte : bytes) acknowledged = send(byte) && acknowledged;
    stop();
    return acknowledged;
  }
  std::vector<unsigned> read(unsigned place, int count) {
    address(place);
    start();
    send(0xA1);
    std::vector<unsigned> bytes(static_cast<std::size_t>(count));
    for (unsigned& byte : bytes) byte = take(&byte != &bytes.back());
    stop();
    return bytes;
  }
  bool answers() {
    start();
    const bool yes = send(0xA0);
    stop();
    return yes;
  }
  unsigned cell(unsigned place) const { return device->image()[place]; }

  Lines sink;
  std::unique_ptr<Eeprom> device;
  Ps now = 1000;
};

using Bytes = std::vector<unsigned>;

}  // namespace

TEST_CASE("eeprom: never written it is all FF, an image is read as it is") {
  Master blank;
  CHECK(blank.read(0x7FFF, 2) == Bytes{0xFF, 0xFF});
  std::vector<std::uint8_t> image(eeprom::byte_count);
  for (std::size_t k = 0; k < image.size(); ++k) image[k] = static_cast<std::uint8_t>(k * 31);
  Master master(image);
  CHECK(master.device->image() == image);
  CHECK(master.read(0x1234, 3) == Bytes{image[0x1234], image[0x1235], image[0x1236]});
  Lines sink;
  CHECK_THROWS_AS(Eeprom({}, sink, std::vector<std::uint8_t>(100)), std::invalid_argument);
}

TEST_CASE("eeprom: a sequential read rolls over from the last cell to the first") {
  std::vector<std::uint8_t> image(eeprom::byte_count, 0);
  image[0x7FFE] = 1;
  image[0x7FFF] = 2;
  image[0x0000] = 3;
  Master master(image);
  CHECK(master.read(0x7FFE, 4) == Bytes{1, 2, 3, 0});
  // Without an address it goes on where it stood.
  master.start();
  master.send(0xA1);
  CHECK(master.take(false) == image[2]);
  master.stop();
}

TEST_CASE("eeprom: a write wraps within its page of 64 bytes") {
  Master master;
  CHECK(master.write(0x013E, {1, 2, 3, 4}));
  CHECK(master.cell(0x013E) == 1);
  CHECK(master.cell(0x013F) == 2);
  CHECK(master.cell(0x0100) == 3);
  CHECK(master.cell(0x0101) == 4);
  CHECK(master.cell(0x0140) == 0xFF);
  CHECK(master.sink.lines.back().find(" m1.eeprom write page=4 wear=1 bytes=4") !=
        std::string::npos);
  Bytes many;
  for (unsigned k = 0; k < 70; ++k) many.push_back(k);
  master.now += 6 * ps_per_ms;
  master.write(0x0200, many);
  CHECK(master.cell(0x0200) == 64);  // the last one stays
  CHECK(master.cell(0x0205) == 69);
  CHECK(master.cell(0x0206) == 6);
  CHECK(master.device->wear(8) == 1);
}

TEST_CASE("eeprom: for 5 ms after STOP it acknowledges nothing, to the picosecond") {
  Master master;
  master.write(0, {0x12});
  const Ps ready = master.now - 1 + 5 * ps_per_ms;  // STOP was the last step
  // The acknowledge is decided as SCL falls the ninth time: START, then 8 bits of two steps.
  master.now = ready - 1 - 17;
  CHECK(!master.answers());
  master.now = ready - 17;
  CHECK(master.answers());
}

TEST_CASE("eeprom: with WP high bytes are acknowledged and nothing is written") {
  Master master;
  master.device->write_protect(master.now, true);
  ++master.now;
  CHECK(master.write(0, {1}));
  CHECK(master.cell(0) == 0xFF);
  CHECK(master.answers());  // nor is it busy
  CHECK(master.device->wear(0) == 0);
  master.device->write_protect(master.now++, false);
  master.write(0, {1});
  CHECK(master.cell(0) == 1);
}

TEST_CASE("eeprom: WP counts as it stood before the instant of STOP, whichever is told first") {
  for (const bool protect_first : {true, false}) {
    Master master;
    master.address(0);
    master.send(0x77);
    master.device->scl_falls(master.now++);
    master.device->scl_rises(master.now++, false);
    if (protect_first) master.device->write_protect(master.now, true);
    master.device->stop(master.now);
    if (!protect_first) master.device->write_protect(master.now, true);
    CHECK(master.cell(0) == 0x77);
    master.now += 6 * ps_per_ms;
    master.write(0, {0x55});
    CHECK(master.cell(0) == 0x77);
  }
}

TEST_CASE("eeprom: a STOP in mid-byte, a START instead of it, and no data write nothing") {
  Master master;
  master.address(0);
  master.send(1);
  master.bit(true);
  master.stop();
  master.address(0);
  master.send(1);
  master.start();
  master.send(0xA0);
  master.stop();
  master.write(0, {});
  CHECK(master.cell(0) == 0xFF);
  CHECK(master.sink.lines.empty());
}

TEST_CASE("eeprom: another device's address is not its own") {
  Master master;
  for (const unsigned device : {0xA2u, 0xAEu, 0x20u, 0xB0u}) {
    master.start();
    CHECK(!master.send(device));
    master.stop();
  }
  CHECK(master.answers());
}

TEST_CASE("eeprom: power that goes within the write time tears the page, and only that") {
  std::vector<std::uint8_t> image(eeprom::byte_count, 0x11);
  int old_bytes = 0;
  int new_bytes = 0;
  int random_bytes = 0;
  std::set<std::vector<std::uint8_t>> pages;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Master master(image, seed);
    master.write(0x40, Bytes(32, 0x22));
    const Ps stopped = master.now - 1;
    master.device->power(stopped + 5 * ps_per_ms - 1, false);
    CHECK(master.sink.lines.back() ==
          std::to_string(stopped + 5 * ps_per_ms - 1) + " m1.eeprom torn page=1");
    const std::vector<std::uint8_t> cells = master.device->image();
    for (std::size_t k = 0x40; k < 0x80; ++k) {
      if (cells[k] == 0x11) {
        ++old_bytes;
      } else if (cells[k] == 0x22) {
        ++new_bytes;
      } else {
        ++random_bytes;
      }
    }
    CHECK(std::vector<std::uint8_t>(cells.begin(), cells.begin() + 0x40) ==
          std::vector<std::uint8_t>(0x40, 0x11));
    CHECK(std::vector<std::uint8_t>(cells.begin() + 0x80, cells.end()) ==
          std::vector<std::uint8_t>(eeprom::byte_count - 0x80, 0x11));
    pages.insert(cells);
  }
  // 1920 bytes: 2/3 of the untouched half and 1/3 of the other stay, 1/3 of that half is new, the
  // rest random.
  CHECK(old_bytes == Approx(960).margin(120));
  CHECK(new_bytes == Approx(320).margin(80));
  CHECK(random_bytes == Approx(640).margin(100));
  CHECK(pages.size() == 30);
}

TEST_CASE("eeprom: power that goes as the write time ends finds the page whole") {
  Master master;
  master.write(0, {0x22});
  master.device->power(master.now - 1 + 5 * ps_per_ms, false);
  CHECK(master.cell(0) == 0x22);
  CHECK(master.cell(1) == 0xFF);
}

TEST_CASE("eeprom: without supply it lets SDA go and forgets its transaction, not its cells") {
  std::vector<std::uint8_t> image(eeprom::byte_count, 0);
  Master master(image);
  master.address(0);
  master.start();
  master.send(0xA1);
  CHECK(!master.device->scl_falls(master.now++));  // a 0
  master.device->power(master.now++, false);
  CHECK(master.device->scl_falls(master.now++));
  CHECK(!master.answers());
  master.device->power(master.now++, true);
  CHECK(master.read(5, 1) == Bytes{0});
  CHECK(master.sink.lines.empty());
}

TEST_CASE("eeprom: faults: dead, stuck, not acknowledging, corrupt") {
  Master master;
  master.device->set_dead(true);
  CHECK(!master.answers());
  master.device->set_dead(false);
  CHECK(master.answers());
  master.device->nak(2);
  CHECK(!master.answers());
  CHECK(!master.answers());
  CHECK(master.answers());
  master.device->set_stuck(true);
  CHECK(!master.bit(true));
  CHECK(!master.bit(true));
  master.device->set_stuck(false);
  CHECK(master.bit(true));
  master.stop();
  master.device->corrupt(0x7FFF, 0x81);
  CHECK(master.read(0x7FFF, 1) == Bytes{0x7E});
  CHECK_THROWS_AS(master.device->corrupt(eeprom::byte_count, 1), std::out_of_range);
  CHECK(master.device->wear(511) == 0);
}

TEST_CASE("eeprom: wear counts the writes of each page") {
  Master master;
  for (int k = 0; k < 5; ++k) {
    master.write(0x1000, {static_cast<unsigned>(k)});
    master.now += 5 * ps_per_ms;
  }
  master.write(0x1040, {1});
  CHECK(master.device->wear(64) == 5);
  CHECK(master.device->wear(65) == 1);
  CHECK(master.device->wear(63) == 0);
}

TEST_CASE("eeprom: a state that is put back goes on in mid-byte") {
  Master master;
  master.address(0x10);
  master.send(0xAB);
  master.bit(true);
  auto saved = std::make_unique<eeprom::EepromState>(master.device->state());
  Master other;
  other.device->restore(*saved);
  for (int k = 0; k < 7; ++k) other.bit(false);
  CHECK(!other.bit(true));
  other.stop();
  CHECK(other.cell(0x10) == 0xAB);
  CHECK(other.cell(0x11) == 0x80);
}

TEST_CASE("eeprom: a write under way is over as much later as it was in a kernel with another 0") {
  Master master;
  master.write(0x40, {1, 2, 3});
  const Ps stop = master.now;
  auto saved = std::make_unique<eeprom::EepromState>(master.device->state());
  const Ps busy_until = saved->busy_until;
  CHECK(busy_until > stop);
  rebase(*saved, stop);
  CHECK(saved->busy_until == busy_until - stop);
  rebase(*saved, 10 * ps_per_ms);
  CHECK(saved->busy_until == 0);
  Master other;
  other.device->restore(*saved);
  CHECK(other.read(0x40, 3) == Bytes{1, 2, 3});
  // Its WP pin was let low long ago: at time 0 itself a STOP would write.
  CHECK(saved->protected_before == saved->write_protected);
}
