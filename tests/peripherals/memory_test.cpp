#include <catch2/catch.hpp>
#include <memory>

#include "peripherals/memory/ram.h"
#include "peripherals/memory/read_only_memory.h"
#include "tests/peripherals/support/probe.h"

namespace {

class RecordedWriter : public peripherals::LazyWriter {
 public:
  void catch_up(test::Cycle at) override { asked.push_back(at); }
  std::vector<test::Cycle> asked;
};

}  // namespace

TEST_CASE("ram: takes any bytes of one word, little endian, and nothing across words or its end") {
  test::Surroundings around;
  test::Probe bus(around);
  peripherals::Ram ram("ram");
  bus.socket.bind(ram.socket);
  CHECK(bus.write(1, 0x100, 0x4433'2211));
  CHECK(bus.read(2, 0x100, 1) == 0x11u);
  CHECK(bus.read(2, 0x101, 2) == 0x3322u);
  CHECK(bus.read(2, 0x101, 3) == 0x44'3322u);
  CHECK(bus.write(3, 0x102, 0xAABB, 2));
  CHECK(bus.read(4, 0x100) == 0xAABB'2211u);
  CHECK(!bus.read(5, 0x101));
  CHECK(!bus.read(5, 0x103, 2));
  CHECK(bus.read(6, 0x7FFC));
  CHECK(!bus.read(6, 0x8000));
}

TEST_CASE("ram: asks a lazy writer to catch up to the commit edge before every access") {
  test::Surroundings around;
  test::Probe bus(around);
  peripherals::Ram ram("ram");
  bus.socket.bind(ram.socket);
  RecordedWriter writer;
  ram.set_lazy_writer(writer);
  bus.read(7, 0);
  bus.write(9, 0, 1);
  CHECK(writer.asked == std::vector<test::Cycle>{7, 9});
}

TEST_CASE("read-only memory: reads its image, ones beyond it, and refuses writes") {
  test::Surroundings around;
  test::Probe bus(around);
  peripherals::ReadOnlyMemory page("page", 1024, {0x0403'0201, 0x0807'0605});
  bus.socket.bind(page.socket);
  CHECK(bus.read(1, 4) == 0x0807'0605u);
  CHECK(bus.read(1, 6, 2) == 0x0807u);
  CHECK(bus.read(1, 8) == 0xFFFF'FFFFu);
  CHECK(bus.read(1, 1020) == 0xFFFF'FFFFu);
  CHECK(!bus.read(1, 1024));
  CHECK(!bus.write(1, 0, 1));
  CHECK(!bus.write(1, 0, 1, 1));
}

TEST_CASE("ram: restore brings every word back") {
  test::Surroundings around;
  test::Probe bus(around);
  peripherals::Ram ram("ram");
  bus.socket.bind(ram.socket);
  CHECK(bus.write(1, 0, 11));
  CHECK(bus.write(2, 0x7FFC, 22));
  const auto saved = std::make_unique<peripherals::Ram::State>(ram.state());
  CHECK(bus.write(3, 0, 33));
  CHECK(bus.write(4, 0x7FFC, 44));
  ram.restore(*saved);
  CHECK(bus.read(5, 0) == 11u);
  CHECK(bus.read(6, 0x7FFC) == 22u);
}
