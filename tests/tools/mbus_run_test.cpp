// The M-Bus through the real program: its log, its waveforms, and that neither sync mode nor
// looking changes it.
#include <catch2/catch.hpp>

#include "tests/tools/files.h"
#include "tests/tools/log_records.h"

using tests::records;
using tests::without;

namespace {

/// Three meters, two of them at one address, whose crystals differ: collisions of which one is
/// broken off, noise, writes, a bus without voltage in the middle of it, within a second.
const char* busy =
    "duration: 900 ms\nseed: 3\n"
    "meters:\n"
    "  - {id: m, count: 2, variant: PRO380-Mb, settings: {meter_id: 1, crystal: 30 ppm}}\n"
    "  - {id: x, variant: PRO380-Mb, settings: {meter_id: 2, crystal: -900 ppm}}\n"
    "grid: {voltage: 230 V, current: 5 A}\n"
    "mbus:\n"
    "  cable: {length: 800 m}\n"
    "  noise: {rate: 40 Hz, width: 50 us, amplitude: 6 V}\n"
    "timeline:\n"
    "  - {at: 60 ms, mbus: {service: SND_NKE, to: 254}}\n"
    "  - {at: 60 ms, mbus: {service: REQ_UD2, to: 2}}\n"
    "  - {at: 60 ms, mbus: {write: meter ID, value: 2, to: 1}}\n"
    "  - {at: 60 ms, mbus: {service: REQ_UD2, to: 254}}\n"
    "  - {at: 640 ms, mbus: {power_off: 30 ms}}\n"
    "  - {at: 700 ms, mbus: {service: REQ_UD2, to: 254}}\n"
    "expect: [{silent: s0_reverse}]\n";

std::string log_with(const std::vector<std::string>& options) {
  return tests::log_of(busy, options);
}

}  // namespace

TEST_CASE(
    "horizon and cycle agree on an M-Bus with collisions and noise, and so do two seeds not") {
  const tests::Folder folder;
  const std::string horizon = log_with({});
  CHECK(records(horizon, "mbus.master").size() > 100);
  CHECK(log_with({"--sync", "cycle"}) == horizon);
  CHECK(log_with({"--seed", "4"}) != horizon);
  // To look at the line changes nothing else.
  CHECK(log_with({"--vcd", folder.path("w.vcd")}) == horizon);
  const std::string traced = log_with({"--trace", "line"});
  CHECK(records(traced, "mbus.line").size() > 100);
  CHECK(records(traced, "mbus.current").size() > 300);
  CHECK(without(without(traced, "\"mbus.line\""), "\"mbus.current\"") == horizon);
}
