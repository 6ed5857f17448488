#include "peripherals/debug_mailbox/debug_mailbox.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"

namespace {

namespace mailbox = metrology::hal::mailbox;
using metrology::hal::MailboxOperation;
using metrology::hal::MailboxReply;
using test::Ps;

struct Client : peripherals::MailboxClient {
  explicit Client(peripherals::DebugMailbox& box) : mailbox(box) { box.set_client(*this); }
  void replied(Ps at, MailboxReply reply, const Words& response) override {
    ++answers;
    answered_at = at;
    called_at = sc_core::sc_time_stamp().value();
    last = reply;
    words = response;
    if (post_again) mailbox.post(called_at, MailboxOperation::read_raw, 0x3000, {});
    post_again = false;
  }
  peripherals::DebugMailbox& mailbox;
  int answers = 0;
  Ps answered_at = 0;
  Ps called_at = 0;
  MailboxReply last{};
  Words words{};
  bool post_again = false;
};

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  peripherals::DebugMailbox box{"box", around.agenda, around.clock, irq};
  Client client{box};

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    bus.socket.bind(box.socket);
  }
  void post(Ps t, std::uint32_t row = 0x1066) {
    around.run_to_time(t);
    box.post(t, MailboxOperation::write_row, row, {1, 2, 3, 4, 5, 6, 7, 8});
  }
};

}  // namespace

TEST_CASE("debug mailbox: a request shows two edges after the first edge at or after it") {
  Bench bench;
  test::Cycle near = 0;
  for (const int offset_ps : {-1, 0, 1}) {
    INFO(offset_ps << " ps from the edge");
    near += 100;
    const auto row = static_cast<std::uint32_t>(near);
    bench.post(bench.around.clock.edge(near) + static_cast<Ps>(offset_ps), row);
    const test::Cycle shows = near + (offset_ps <= 0 ? 2 : 3);
    CHECK(bench.bus.read(shows - 1, mailbox::status) == 0u);
    CHECK(bench.bus.read(shows - 1, mailbox::row) == row - (near > 100 ? 100 : row));
    CHECK(!bench.irq.level);
    CHECK(bench.bus.read(shows, mailbox::status) == 1u);
    CHECK(bench.irq.level);
    CHECK(bench.bus.read(shows, mailbox::shown) == shows);
    CHECK(bench.bus.read(shows, mailbox::operation) == 3u);
    CHECK(bench.bus.read(shows, mailbox::row) == row);
    CHECK(bench.bus.read(shows, mailbox::request_0 + 28) == 8u);
    CHECK(bench.bus.write(shows + 5, mailbox::reply, 1));
  }
}

TEST_CASE(
    "debug mailbox: an answer arrives one clock after its commit edge and may be followed up") {
  Bench bench;
  bench.post(bench.around.clock.edge(100));
  bench.bus.write(200, mailbox::response_0 + 4, 77);
  bench.client.post_again = true;
  CHECK(bench.bus.write(204, mailbox::reply, static_cast<std::uint32_t>(MailboxReply::read_only)));
  CHECK(!bench.irq.level);
  CHECK(bench.bus.read(204, mailbox::status) == 0u);
  CHECK(bench.client.answers == 0);
  bench.around.run_to(205);
  CHECK(bench.client.answers == 1);
  CHECK(bench.client.answered_at == bench.around.clock.edge(204));
  CHECK(bench.client.called_at == bench.around.clock.edge(205));
  CHECK(bench.client.last == MailboxReply::read_only);
  CHECK(bench.client.words[1] == 77);
  CHECK(bench.bus.read(206, mailbox::status) == 0u);
  CHECK(bench.bus.read(207, mailbox::status) == 1u);
}

TEST_CASE("debug mailbox: a reply to nothing does nothing, and a reset keeps a waiting request") {
  Bench bench;
  CHECK(bench.bus.write(10, mailbox::reply, 1));
  bench.around.run_to(20);
  CHECK(bench.client.answers == 0);
  bench.post(bench.around.clock.edge(100));
  bench.around.run_to(110);
  bench.box.reset(110);
  CHECK(bench.irq.level);
  CHECK(bench.bus.read(111, mailbox::status) == 1u);
  CHECK(bench.bus.read(111, mailbox::shown) == 102u);
}

TEST_CASE("debug mailbox: a reset clears what is left of an answered request") {
  Bench bench;
  bench.post(bench.around.clock.edge(100));
  CHECK(bench.bus.read(110, mailbox::operation) != 0u);
  bench.bus.write(111, mailbox::response_0, 7);
  bench.bus.write(112, mailbox::reply, 1);
  bench.around.run_to(120);
  bench.box.reset(120);
  for (const std::uint32_t offset : {mailbox::status, mailbox::operation, mailbox::row,
                                     mailbox::shown, mailbox::request_0, mailbox::response_0}) {
    CHECK(bench.bus.read(121, offset) == 0u);
  }
}

TEST_CASE("debug mailbox: a note is kept until a reset and has no bits but its own") {
  Bench bench;
  CHECK(bench.box.note() == 0u);
  CHECK(bench.bus.write(10, mailbox::note, 0xFFF));
  CHECK(bench.box.note() == 0xFFFu);
  CHECK_FALSE(bench.bus.write(14, mailbox::note, 0x1000));
  CHECK(bench.box.note() == 0xFFFu);
  CHECK_FALSE(bench.bus.read(18, mailbox::note).has_value());
  bench.box.reset(20);
  CHECK(bench.box.note() == 0u);
}

TEST_CASE("debug mailbox: restore takes up a request and an answer on their way") {
  Bench bench;
  bench.post(bench.around.clock.edge(100));
  const auto requested = bench.box.state();
  auto idle = requested;
  idle.shows_at = peripherals::cycle_never;
  bench.box.restore(idle);
  bench.box.restore(requested);
  CHECK(bench.bus.read(102, mailbox::status) == 1u);
  CHECK(bench.bus.read(102, mailbox::shown) == 102u);
  bench.bus.write(110, mailbox::reply, 1);
  const auto answered = bench.box.state();
  bench.box.restore(idle);
  bench.box.restore(answered);
  bench.around.run_to(111);
  CHECK(bench.client.answers == 1);
}

TEST_CASE("debug mailbox: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, mailbox::status, 0));
  CHECK(!bench.bus.write(1, mailbox::request_0, 0));
  CHECK(!bench.bus.read(1, mailbox::reply));
  CHECK(!bench.bus.write(1, mailbox::reply, 0));
  CHECK(!bench.bus.write(1, mailbox::reply, 6));
  CHECK(!bench.bus.write(1, mailbox::shown, 0));
  CHECK(!bench.bus.read(1, 0x30));
  CHECK(!bench.bus.read(1, mailbox::status, 1));
}
