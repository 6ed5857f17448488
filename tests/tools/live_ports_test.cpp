// The ends of several lines that real masters sit at, and their ports on the host's side.
#include <catch2/catch.hpp>
#include <systemc>

#include "models/pins/time.h"
#include "tests/tools/plain_wire.h"
#include "tools/engine/advance.h"
#include "tools/live/live_port.h"

namespace {

using models::masters::HeardCharacter;
using models::masters::Parity;
using models::masters::SerialFormat;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tools::advance;
using tools::live::Bytes;
using tools::live::JournalEvent;
using tools::live::LiveEnd;
using tools::live::port_kind;

constexpr SerialFormat mbus_format{2400, Parity::even, 8, 1};
constexpr SerialFormat ir_format{300, Parity::even, 7, 1};
/// SND_NKE to all, who answer.
const Bytes short_frame = {0x10, 0x40, 0xFE, 0x3E, 0x16};
/// ACK 0 5 1 CR LF: 9600 Bd, programming.
const Bytes acknowledgement = {0x06, 0x30, 0x35, 0x31, 0x0D, 0x0A};

Ps now() { return sc_core::sc_time_stamp().value(); }

/// Bytes at an instance, as the event log has them.
struct Log final : models::pins::EventSink {
  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field>) override {
    lines.push_back(std::string(instance) + " " + std::string(event));
    times.push_back(t);
  }
  std::vector<std::string> lines;
  std::vector<Ps> times;
};

/// A line, its end for a master, and somebody at the other end.
struct Led {
  Led(const std::string& instance, const SerialFormat& format, int silence)
      : wire(instance, format),
        far("far_" + instance.substr(0, instance.find('.')), wire),
        end(wire, log, silence, [this](const HeardCharacter& c) { heard.push_back(c); }) {}

  tests::PlainWire wire;
  tests::FarEnd far;
  Log log;
  std::vector<HeardCharacter> heard;
  LiveEnd end;
};

Bytes bytes_of(const std::vector<HeardCharacter>& characters) {
  Bytes bytes;
  for (const HeardCharacter& character : characters) bytes.push_back(character.byte);
  return bytes;
}

bool all_good(const std::vector<HeardCharacter>& characters) {
  for (const HeardCharacter& character : characters) {
    if (!character.good()) return false;
  }
  return true;
}

/// What a master has written, and the rate that he has set.
struct Channel final : tools::live::ByteChannel {
  int descriptor() const override { return -1; }
  Bytes read() override { return std::exchange(written, {}); }
  bool write(std::uint8_t byte) override {
    arrived.push_back(byte);
    return true;
  }
  std::optional<std::uint32_t> baud() const override { return rate; }
  std::string address() const override { return ""; }

  Bytes written;
  std::optional<std::uint32_t> rate;
  Bytes arrived;
};

/// A port of `kind` whose master is the test.
struct Hosted {
  explicit Hosted(const char* kind, const SerialFormat& format)
      : led("bus.port", format, 0),
        channel(new Channel),
        open{*port_kind(kind), std::unique_ptr<Channel>(channel), format.baud},
        port(open, false, 1) {
    port.connect(led.end);
    channel->rate = format.baud;
  }

  std::vector<JournalEvent> write(const Bytes& bytes, Ps at = 1) {
    channel->written = bytes;
    port.read(now());
    return port.take(at);
  }

  Led led;
  Channel* channel;
  tools::live::OpenPort open;
  tools::live::LivePort port;
};

const Bytes sign_on = {'/', '?', '!', 0x0D, 0x0A};

}  // namespace

TEST_CASE("live end: two lines at once, each with its own format and its own name in the log") {
  Led mbus("mbus.port", mbus_format, 3);
  Led ir("m1.ir_port", ir_format, 0);
  advance(ps_per_ms);
  mbus.end.send(now(), 2400, short_frame);
  ir.end.send(now(), 300, sign_on);
  advance(400 * ps_per_ms);
  CHECK(bytes_of(mbus.far.in) == short_frame);
  CHECK(bytes_of(ir.far.in) == sign_on);
  CHECK(all_good(mbus.far.in));
  CHECK(all_good(ir.far.in));
  CHECK(mbus.log.lines == std::vector<std::string>(5, "mbus.port byte"));
  CHECK(ir.log.lines == std::vector<std::string>(5, "m1.ir_port byte"));
  // Without gaps: four characters later, of 11 bits at 2400 Bd and of 10 at 300 Bd.
  CHECK(mbus.far.in[4].start - mbus.far.in[0].start == Approx(44 * ps_per_s / 2400.0));
  CHECK(ir.far.in[4].start - ir.far.in[0].start == Approx(40 * ps_per_s / 300.0));
}

TEST_CASE("live end: of a byte for a line of seven data bits bit 7 is dropped") {
  Led ir("m1.ir_port", ir_format, 0);
  advance(ps_per_ms);
  ir.end.send(now(), 300, {0xAF, 0x3F, 0x21, 0x8D, 0x0A});  // with a parity bit of his own
  advance(400 * ps_per_ms);
  CHECK(bytes_of(ir.far.in) == sign_on);
  CHECK(all_good(ir.far.in));
}

TEST_CASE("live end: a rate holds when all has gone that was sent before") {
  Led ir("m1.ir_port", ir_format, 0);
  advance(ps_per_ms);
  const Ps start = now();
  ir.end.send(start, 300, acknowledgement);
  ir.end.send(start, 9600, {});
  ir.end.send(start, 9600, {0x55});
  CHECK(ir.end.free_from() > start + 200 * ps_per_ms);
  advance(199 * ps_per_ms);
  CHECK(ir.far.in.size() == 5);
  advance(3 * ps_per_ms);  // 6 characters of 10 bits at 300 Bd: 200 ms
  CHECK(bytes_of(ir.far.in) == acknowledgement);
  CHECK(all_good(ir.far.in));
  ir.far.serial.set_format(now(), {9600, Parity::even, 7, 1});
  advance(20 * ps_per_ms);
  REQUIRE(ir.far.in.size() == 7);
  CHECK(ir.far.in[6].byte == 0x55);
  CHECK(ir.far.in[6].good());
}

TEST_CASE("live end: hears at the rate that was set last, without having sent at it") {
  Led ir("m1.ir_port", ir_format, 0);
  advance(ps_per_ms);
  ir.far.serial.set_format(now(), {9600, Parity::even, 7, 1});
  ir.far.send(now() + ps_per_ms, acknowledgement);
  advance(100 * ps_per_ms);
  CHECK(bytes_of(ir.heard) != acknowledgement);  // at 300 Bd it is a character at most

  ir.heard.clear();
  ir.end.send(now(), 9600, {});
  ir.far.send(now() + ps_per_ms, acknowledgement);
  advance(100 * ps_per_ms);
  CHECK(bytes_of(ir.heard) == acknowledgement);
  CHECK(all_good(ir.heard));
}

TEST_CASE("live end: on M-Bus a frame waits for 33 bit times behind an answer") {
  Led mbus("mbus.port", mbus_format, port_kind("mbus")->silence);
  advance(ps_per_ms);
  mbus.far.send(now() + ps_per_ms, {0xE5});
  advance(8 * ps_per_ms);  // 4.6 ms of them are the character
  REQUIRE(bytes_of(mbus.heard) == Bytes{0xE5});
  mbus.end.send(now(), 2400, {0x10});
  advance(30 * ps_per_ms);
  REQUIRE(mbus.far.in.size() == 1);
  CHECK(mbus.far.in[0].start - mbus.heard[0].end == Approx(33 * ps_per_s / 2400.0));
}

TEST_CASE("live end: where silence has no meaning a frame waits for nothing but its driver") {
  Led ir("m1.ir_port", ir_format, port_kind("ir")->silence);
  advance(ps_per_ms);
  ir.far.send(now() + 5 * ps_per_ms, {0x06});
  advance(45 * ps_per_ms);
  REQUIRE(bytes_of(ir.heard) == Bytes{0x06});
  const Ps start = now();
  ir.end.send(start, 300, {0x15});
  advance(60 * ps_per_ms);
  REQUIRE(ir.far.in.size() == 1);
  CHECK(ir.far.in[0].start == start + ir_format.time_of(1));
}

TEST_CASE("live port: the rate is followed without a frame, once, after 20 ms") {
  Hosted hosted("ir", ir_format);
  CHECK(hosted.write({}, 0).empty());
  hosted.channel->rate = 9600;
  CHECK(hosted.write({}, ps_per_ms).empty());
  CHECK(hosted.port.next_deadline() == 21 * ps_per_ms);
  CHECK(hosted.write({}, 21 * ps_per_ms - 1).empty());
  const std::vector<JournalEvent> events = hosted.write({}, 21 * ps_per_ms);
  REQUIRE(events.size() == 1);
  CHECK(events[0].port == "ir");
  CHECK(events[0].baud == 9600);
  CHECK(events[0].bytes.empty());
  CHECK(hosted.port.next_deadline() == ps_never);
  CHECK(hosted.write({}, 50 * ps_per_ms).empty());
}

TEST_CASE("live port: a rate that is taken back at once was none") {
  Hosted hosted("ir", ir_format);
  hosted.channel->rate = 9600;
  CHECK(hosted.write({}, ps_per_ms).empty());
  hosted.channel->rate = 300;
  CHECK(hosted.write({}, 2 * ps_per_ms).empty());
  CHECK(hosted.port.next_deadline() == ps_never);
}

TEST_CASE("live port: an acknowledgement that the host shows late goes at the rate before") {
  Hosted hosted("ir", ir_format);
  hosted.channel->rate = 9600;
  CHECK(hosted.write({}, ps_per_ms).empty());
  CHECK(hosted.write({0x06, 0x30}, 2 * ps_per_ms).empty());
  const std::vector<JournalEvent> events = hosted.write({0x35, 0x31, 0x0D, 0x0A}, 3 * ps_per_ms);
  REQUIRE(events.size() == 2);
  CHECK(events[0].baud == 300);
  CHECK(events[0].bytes == acknowledgement);
  CHECK(events[1].baud == 9600);
  CHECK(events[1].bytes.empty());
}

TEST_CASE(
    "live port: an acknowledgement with another rate right behind it goes at the one before") {
  Hosted hosted("ir", ir_format);
  hosted.channel->rate = 9600;
  const std::vector<JournalEvent> events = hosted.write(acknowledgement);
  REQUIRE(events.size() == 2);
  CHECK(events[0].baud == 300);
  CHECK(events[0].bytes == acknowledgement);
  CHECK(events[1].baud == 9600);
  CHECK(events[1].bytes.empty());
}

TEST_CASE("live port: a sign-on right behind a change of the rate goes at the new one") {
  Hosted hosted("ir", {9600, Parity::even, 7, 1});
  for (const Bytes& written :
       {Bytes{'/', '?', '!', 0x0D, 0x0A}, Bytes{0xAF, '?', '!', 0x8D, 0x0A}, Bytes{0x00, 0x00}}) {
    hosted.channel->rate = 9600;
    hosted.write({0x15});
    hosted.channel->rate = 300;
    const std::vector<JournalEvent> events = hosted.write(written);
    REQUIRE(events.size() == 2);
    CHECK(events[0].baud == 300);
    CHECK(events[0].bytes.empty());
    CHECK(events[1].baud == 300);
    CHECK(events[1].bytes == written);
  }
}

TEST_CASE("live port: on a bus the rate is set before the frame is written") {
  Hosted hosted("mbus", mbus_format);
  hosted.channel->rate = 300;
  const std::vector<JournalEvent> events = hosted.write(short_frame);
  REQUIRE(events.size() == 2);
  CHECK(events[0].bytes.empty());
  CHECK(events[1].baud == 300);
}

TEST_CASE("live port: the begin of a frame goes on at the rate at which it was written") {
  Hosted hosted("mbus", mbus_format);
  CHECK(hosted.write({0x10, 0x40}, 0).empty());
  hosted.channel->rate = 300;
  CHECK(hosted.write({}, 1).empty());
  const std::vector<JournalEvent> events = hosted.write({}, 1 + tools::live::rate_patience);
  REQUIRE(events.size() == 2);
  CHECK(events[0].baud == 2400);
  CHECK(events[0].bytes == Bytes{0x10, 0x40});
  CHECK(events[1].baud == 300);
  CHECK(hosted.port.next_deadline() == ps_never);
}

TEST_CASE("live port: what is written at a line hung up goes nowhere") {
  Hosted hosted("mbus", mbus_format);
  hosted.channel->rate = 0;
  CHECK(hosted.write(short_frame).empty());
  hosted.channel->rate = 2400;
  CHECK(hosted.write({}).empty());
}

TEST_CASE(
    "live port: a channel without a rate has the line's, and the wildest are brought in reach") {
  Hosted hosted("mbus", mbus_format);
  hosted.channel->rate.reset();
  CHECK(hosted.write({}).empty());
  hosted.channel->rate = 50;
  CHECK(hosted.write(short_frame).at(0).baud == 110);
  hosted.channel->rate = 4'000'000;
  CHECK(hosted.write(short_frame).at(0).baud == 1'000'000);
}

TEST_CASE("live port: what was heard is written when its stop bit is over") {
  Hosted hosted("mbus", mbus_format);
  HeardCharacter character;
  character.byte = 0xE5;
  character.end = 5 * ps_per_ms;
  hosted.port.heard(character);
  CHECK(hosted.port.next_deadline() == 5 * ps_per_ms);
  hosted.port.write_due(5 * ps_per_ms - 1);
  CHECK(hosted.channel->arrived.empty());
  hosted.port.write_due(5 * ps_per_ms);
  CHECK(hosted.channel->arrived == Bytes{0xE5});
  CHECK(hosted.port.next_deadline() == ps_never);
}
