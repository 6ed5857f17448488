// The timers that share the RTC's one alarm, alone and on a stand-in for the RTC.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "metrology/app/timers.h"
#include "metrology/hal/memory_map.h"

using namespace metrology;
using app::Timer;
using app::Timers;

namespace {

/// An RTC whose alarm goes off only when the count becomes equal to it; each access lets
/// `ticks_per_access` pass.
class FakeRtc {
 public:
  explicit FakeRtc(std::uint32_t count, std::uint32_t ticks_per_access = 0)
      : count_(count), ticks_per_access_(ticks_per_access) {}

  hal::Bus bus() {
    static const hal::BusOperations operations{
        [](void* rtc, std::uint32_t address) { return static_cast<FakeRtc*>(rtc)->read(address); },
        [](void* rtc, std::uint32_t address, std::uint32_t value) {
          static_cast<FakeRtc*>(rtc)->write(address, value);
        },
        [](void*, hal::Charge) {},
        [](void*) {},
        [](void*, bool) {},
        [](void*, std::uint32_t) -> const std::int32_t* { return nullptr; }};
    return {this, operations};
  }

  /// Lets one tick pass; returns whether the alarm interrupts then.
  bool tick() {
    ++count_;
    if (armed_ && count_ == alarm_) {
      armed_ = false;
      status_ = hal::rtc::status_alarm;
    }
    return status_ != 0;
  }
  std::uint32_t count() const { return count_; }
  bool armed() const { return armed_; }

 private:
  void pass() {
    for (std::uint32_t n = 0; n < ticks_per_access_; ++n) tick();
  }
  std::uint32_t read(std::uint32_t address) {
    pass();
    REQUIRE(address == hal::rtc::base + hal::rtc::count);
    return count_;
  }
  void write(std::uint32_t address, std::uint32_t value) {
    pass();
    switch (address - hal::rtc::base) {
      case hal::rtc::alarm:
        alarm_ = value;
        return;
      case hal::rtc::control:
        armed_ = value == hal::rtc::control_arm;
        return;
      case hal::rtc::status:
        status_ &= ~value;
        return;
      default:
        FAIL("a register that the RTC does not have");
    }
  }

  std::uint32_t count_;
  std::uint32_t ticks_per_access_;
  std::uint32_t alarm_ = 0;
  std::uint32_t status_ = 0;
  bool armed_ = false;
};

/// One turn of the main loop after a tick.
void turn(FakeRtc& rtc, hal::Bus& bus, Timers& timers) {
  if (rtc.tick()) note_alarm(timers, bus);
  serve_timers(timers, bus);
}

}  // namespace

TEST_CASE("A timer expires at its tick, not one before, and once") {
  Timers timers{};
  start(timers, Timer::panel, 100);
  expire(timers, 99);
  CHECK_FALSE(take_expired(timers, Timer::panel));
  CHECK_FALSE(work_pending(timers));
  expire(timers, 100);
  CHECK(work_pending(timers));
  CHECK_FALSE(take_expired(timers, Timer::storage));
  CHECK(take_expired(timers, Timer::panel));
  CHECK_FALSE(take_expired(timers, Timer::panel));
  CHECK_FALSE(work_pending(timers));
  expire(timers, 101);
  CHECK_FALSE(take_expired(timers, Timer::panel));
}

TEST_CASE("Deadlines are compared across the count's wrap") {
  CHECK(app::has_come(0xFFFF'FFFF, 0));
  CHECK_FALSE(app::has_come(0, 0xFFFF'FFFF));
  Timers timers{};
  start(timers, Timer::panel, 5);
  start(timers, Timer::storage, 0xFFFF'FFFE);
  std::uint32_t deadline = 0;
  REQUIRE(first_deadline(timers, 0xFFFF'FFF0, deadline));
  CHECK(deadline == 0xFFFF'FFFE);
  expire(timers, 4);
  CHECK(take_expired(timers, Timer::storage));
  REQUIRE(first_deadline(timers, 4, deadline));
  CHECK(deadline == 5);
  expire(timers, 5);
  CHECK_FALSE(first_deadline(timers, 5, deadline));
}

TEST_CASE("A timer started anew or stopped forgets that it had expired") {
  Timers timers{};
  start(timers, Timer::panel, 10);
  expire(timers, 10);
  start(timers, Timer::panel, 20);
  CHECK_FALSE(take_expired(timers, Timer::panel));
  expire(timers, 20);
  stop(timers, Timer::panel);
  CHECK_FALSE(take_expired(timers, Timer::panel));
}

TEST_CASE("Every timer goes off at its own tick though the RTC has one alarm") {
  const std::uint32_t begin = GENERATE(0U, 1000U, 0xFFFF'FFFAU);
  FakeRtc rtc(begin);
  hal::Bus bus = rtc.bus();
  Timers timers{};
  set_timer(timers, bus, Timer::periodic_save, begin + 9);
  set_timer(timers, bus, Timer::panel, begin + 4);
  set_timer(timers, bus, Timer::storage, begin + 4);
  std::vector<std::uint32_t> panel;
  std::vector<std::uint32_t> storage;
  std::vector<std::uint32_t> save;
  for (std::uint32_t tick = 1; tick <= 20; ++tick) {
    turn(rtc, bus, timers);
    if (take_expired(timers, Timer::panel)) {
      panel.push_back(tick);
      if (tick == 4) set_timer(timers, bus, Timer::panel, begin + 7);
    }
    if (take_expired(timers, Timer::storage)) storage.push_back(tick);
    if (take_expired(timers, Timer::periodic_save)) save.push_back(tick);
  }
  CHECK(panel == std::vector<std::uint32_t>{4, 7});
  CHECK(storage == std::vector<std::uint32_t>{4});
  CHECK(save == std::vector<std::uint32_t>{9});
  CHECK_FALSE(rtc.armed());
}

TEST_CASE("A timer whose tick has come when it is set expires without an alarm") {
  FakeRtc rtc(50);
  hal::Bus bus = rtc.bus();
  Timers timers{};
  set_timer(timers, bus, Timer::storage, 50);
  CHECK(work_pending(timers));
  CHECK(take_expired(timers, Timer::storage));
  CHECK_FALSE(rtc.armed());
}

TEST_CASE("A tick that comes while the alarm is being armed is not missed") {
  // Every access takes a tick: a deadline 1 … 9 ticks away comes before, during and after arming.
  for (std::uint32_t distance = 1; distance < 10; ++distance) {
    CAPTURE(distance);
    FakeRtc rtc(7, 1);
    hal::Bus bus = rtc.bus();
    Timers timers{};
    set_timer(timers, bus, Timer::panel, 7 + distance);
    bool expired = take_expired(timers, Timer::panel);
    while (!expired && rtc.count() < 7 + distance + 12) {
      turn(rtc, bus, timers);
      expired = take_expired(timers, Timer::panel);
    }
    CHECK(expired);
    CHECK(rtc.count() >= 7 + distance);
  }
}

TEST_CASE("A cancelled timer leaves the alarm to the others") {
  FakeRtc rtc(0);
  hal::Bus bus = rtc.bus();
  Timers timers{};
  set_timer(timers, bus, Timer::panel, 3);
  set_timer(timers, bus, Timer::storage, 6);
  cancel_timer(timers, bus, Timer::panel);
  for (int tick = 1; tick <= 6; ++tick) {
    turn(rtc, bus, timers);
    CHECK_FALSE(take_expired(timers, Timer::panel));
    CHECK(take_expired(timers, Timer::storage) == (tick == 6));
  }
  set_timer(timers, bus, Timer::panel, 20);
  cancel_timer(timers, bus, Timer::panel);
  CHECK_FALSE(rtc.armed());
}
