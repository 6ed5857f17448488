// The assembled meter at its infra-red port: real firmware, real UART, light bit by bit.
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/meter.h"
#include "platform/metering_firmware.h"
#include "tests/metrology/iec62056_bytes.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/recorder.h"
#include "tests/platform/support/script.h"
#include "tests/platform/support/waveform.h"

namespace {

namespace hal = metrology::hal;
using models::pins::Ps;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;

constexpr Ps ps_per_second = 1000 * ps_per_ms;

/// A head whose whole speech is known beforehand; what the meter sends is looked up in the log.
class Head final : public models::pins::LinePort {
 public:
  /// Seven bits, even parity, one stop bit; `at` is the first start edge. Returns the end.
  Ps say(Ps at, const std::string& text, Ps baud) {
    for (std::size_t n = 0; n < text.size(); ++n) {
      const auto code = static_cast<unsigned char>(text[n]);
      std::uint32_t bits = std::uint32_t{code} << 1U | 1U << 9U;  // start 0, stop 1
      if ((__builtin_popcount(code) & 1) != 0) bits |= 1U << 8U;
      for (unsigned k = 0; k < 10; ++k) {
        const bool mark = ((bits >> k) & 1U) != 0;
        if (mark != marking_) edges_.push_back(at + (10 * n + k) * ps_per_second / baud);
        marking_ = mark;
      }
    }
    return at + 10 * text.size() * ps_per_second / baud;
  }

  void drive(Ps, models::pins::LineDrive) override {}
  void cut(Ps) override {}
  std::uint64_t marks_at(const Ps* instants, int count) const override {
    std::uint64_t marks = 0;
    for (int n = 0; n < count; ++n) {
      std::size_t changes = 0;
      while (changes < edges_.size() && edges_[changes] <= instants[n]) ++changes;
      if (changes % 2 == 0) marks |= std::uint64_t{1} << static_cast<unsigned>(n);
    }
    return marks;
  }
  Ps next_fall(Ps from) const override {
    for (std::size_t n = 0; n < edges_.size(); n += 2) {
      if (edges_[n] >= from) return edges_[n];
    }
    return ps_never;
  }

 private:
  std::vector<Ps> edges_;  ///< to space, to mark, …
  bool marking_ = true;
};

struct Bench {
  explicit Bench(Ps duration, models::pins::EventSink& log,
                 platform::SyncMode sync = platform::SyncMode::horizon)
      : script(duration) {
    platform::MeterConfig config;
    config.parameters.magic = hal::parameter_page_magic;
    config.parameters.variant = hal::MeterVariant::s;
    config.parameters.serial_lo = 0x14500001;
    config.sync = sync;
    platform::MeterTerminals terminals;
    for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
    terminals.ir = &head;
    meter.emplace(config, terminals, platform::metering_firmware(), log, script);
  }

  test::SteppedSine silence{{{0, 0.0}}};
  Head head;
  test::Script script;
  std::optional<platform::Meter> meter;
};

/// What the meter said, in messages parted by 100 ms, each with its first start edge.
struct Said {
  Ps start;
  Ps end;
  std::string text;
};
std::vector<Said> said_in(const test::Recorder& log) {
  std::vector<Said> said;
  for (const test::Recorder::Event& event : log.of("m1.uart_ir", "byte")) {
    const Ps start = event.number("start");
    if (said.empty() || start > said.back().end + 100 * ps_per_ms) said.push_back({start, 0, ""});
    said.back().text += static_cast<char>(event.number("value"));
    said.back().end = event.t;
  }
  return said;
}

/// Within a few clocks of 40 ns: the UART has a message's end where its divider has it.
bool is_about(Ps seen, Ps expected) {
  const Ps apart = seen > expected ? seen - expected : expected - seen;
  return apart < ps_per_us;
}

}  // namespace

TEST_CASE("meter: a dialogue over its infra-red port, every answer 200 ms after its message") {
  test::Recorder log;
  Bench bench(4 * ps_per_second, log);
  constexpr Ps reaction = 200 * ps_per_ms;
  std::vector<Ps> ends;
  Ps at = 300 * ps_per_ms;
  const auto ask = [&](const std::string& message, Ps baud, std::size_t answer, Ps then) {
    ends.push_back(bench.head.say(at, message, baud));
    at = ends.back() + reaction + 10 * answer * ps_per_second / then + 250 * ps_per_ms;
  };
  const std::string identification = "/INM5PRO380-S\r\n";
  const std::string value = tests::data_message("0.0.0(14500001)");
  ask(tests::sign_on, 300, identification.size(), 300);
  ask(tests::option('5', '1'), 300, tests::password_request.size(), 9600);
  ask(tests::command("P1", "(00000000)"), 9600, 1, 9600);
  ask(tests::command("R5", "0.0.0()"), 9600, value.size(), 9600);
  bench.script.run();
  const std::vector<Said> said = said_in(log);
  REQUIRE(said.size() == 4);
  const std::string expected[] = {identification, tests::password_request, tests::ack_character,
                                  value};
  for (std::size_t n = 0; n < 4; ++n) {
    CAPTURE(n);
    CHECK(said[n].text == expected[n]);
    CHECK(is_about(said[n].start, ends[n] + reaction));
  }
}

TEST_CASE("meter: a readout over its infra-red port comes whole and without a gap") {
  test::Recorder log;
  Bench bench(5 * ps_per_second, log);
  Ps at = bench.head.say(300 * ps_per_ms, tests::sign_on, 300);
  at = bench.head.say(at + 950 * ps_per_ms, tests::option('5', '0'), 300);
  bench.script.run();
  const std::vector<Said> said = said_in(log);
  REQUIRE(said.size() == 2);
  CHECK(is_about(said[1].start, at + 200 * ps_per_ms));
  const std::string& text = said[1].text;
  REQUIRE(text.size() > 1000);
  CHECK(text == tests::with_bcc(text.substr(0, text.size() - 1)));
  CHECK(text.substr(text.size() - 5, 4) == "!\r\n\x03");
  // 41 943 / 16 clocks a bit, from the first start edge to the last stop bit's end.
  const double bit_ps = 41'943.0 / 16 / 25'165'824.0 * 1e12;
  const double length = static_cast<double>(text.size()) * 10 * bit_ps;
  CHECK(static_cast<double>(said[1].end - said[1].start) == Approx(length).margin(60e6));
}

TEST_CASE("meter: with light before its infra-red port both sync modes write the same log") {
  const auto simulate = [](platform::SyncMode sync) {
    return test::log_of([sync](platform::EventLog& log) {
      const Ps duration = 560 * ps_per_ms;
      Bench bench(duration, log, sync);
      bench.head.say(80 * ps_per_ms + 1, tests::sign_on, 300);
      bench.head.say(360 * ps_per_ms, "\x06", 300);  // not heard: the answer is armed
      bench.script.run();
      return duration;
    });
  };
  const std::string horizon = simulate(platform::SyncMode::horizon);
  const std::string cycle = simulate(platform::SyncMode::cycle);
  CHECK(test::first_difference(horizon, cycle) == test::no_difference);
  CHECK(horizon.find("m1.uart_ir") != std::string::npos);
}
