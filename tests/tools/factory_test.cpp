// What a scenario says of a meter's memory, supply, front panel and tariff input; and that a run
// leaves the EEPROM's bytes in their file.
#include <catch2/catch.hpp>
#include <filesystem>

#include "metrology/storage/image.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/engine/run.h"
#include "tools/engine/surroundings.h"
#include "tools/scenario/load.h"

using metrology::energy::Direction;
using metrology::energy::Kind;
using metrology::energy::Tariff;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tests::load;

namespace {

const std::string direct = "duration: 10 s\nmeter:\n  variant: PRO380-Mod\n";

tools::MeterSpec meter(const std::string& keys) { return load(direct + keys).meters.at(0); }
tools::TimelineEntry event(const std::string& what) {
  return load(direct + "timeline:\n  - {at: 1 s, " + what + "}\n").timeline.at(0);
}

}  // namespace

TEST_CASE("preset counters are exact to the microwatt hour, and the total is their sum") {
  const tools::MeterSpec spec = meter(
      "  counters: {L1.forward.T1: 999999.98 kWh, L1.forward.T2: 1 uWh, L3.forward.T1: 2 Wh,\n"
      "    L2.reactive_reverse.T2: 3 kvarh}\n");
  const auto& counters = spec.counters;
  CHECK(counters.phase[0].of(Kind::active, Direction::forward, Tariff::t1).counter_uWh ==
        999'999'980'000'000);
  CHECK(counters.phase[0].of(Kind::active, Direction::forward, Tariff::t2).counter_uWh == 1);
  CHECK(counters.total.of(Kind::active, Direction::forward, Tariff::t1).counter_uWh ==
        999'999'982'000'000);
  CHECK(counters.total.of(Kind::reactive, Direction::reverse, Tariff::t2).counter_uWh ==
        3'000'000'000);
  CHECK(counters.total.of(Kind::active, Direction::reverse).counter_uWh == 0);
}

TEST_CASE("in Aron connection the total is preset by itself") {
  const auto counters =
      meter("  connection: aron\n  counters: {total.reverse.T1: 5 kWh, L1.reverse.T1: 7 kWh}\n")
          .counters;
  CHECK(counters.total.of(Kind::active, Direction::reverse, Tariff::t1).counter_uWh ==
        5'000'000'000);
}

TEST_CASE("settings that production leaves stand in the EEPROM's image") {
  const tools::MeterSpec spec = meter(
      "  settings: {combined_code: 9, lcd_time: 25 s, backlight: on, tariff: T2,\n"
      "    scroll_pages: [P01, P67], time_scale: 12.5 %}\n");
  CHECK(spec.page.ui_time_permille == 125);
  const std::vector<std::uint8_t> image = tools::eeprom_image(spec);
  REQUIRE(image.size() == metrology::storage::eeprom_bytes);
  std::uint32_t sequence = 0;
  REQUIRE(metrology::storage::is_sealed(metrology::storage::RecordKind::settings, image.data(),
                                        sequence));
  metrology::registers::Settings settings{};
  metrology::storage::get(image.data(), settings);
  CHECK(settings.combined_code == metrology::registers::CombinedCode::forward_minus_reverse);
  CHECK(settings.lcd_cycle_s == 25);
  CHECK(settings.backlight == metrology::registers::BacklightMode::on);
  CHECK(settings.scroll_mask[0] == 0x01);
  CHECK(settings.scroll_mask[8] == 0x04);  // P67 is bit 66
  CHECK(settings.scroll_mask[1] == 0);
}

TEST_CASE("a CT meter's ratio is not set unless the scenario sets it") {
  CHECK(load("duration: 1 s\nmeter: {variant: PRO380-S CT}\n").meters[0].page.ct_primary_A == 0);
  CHECK(load("duration: 1 s\nmeter: {variant: PRO380-S CT, settings: {ct_ratio: 5/5}}\n")
            .meters[0]
            .page.ct_primary_A == 5);
}

TEST_CASE("a hold-up time, and a voltage at the tariff input from the start") {
  const tools::MeterSpec spec = meter("  holdup: 0 ms\n  tariff_input: 230 V\n");
  CHECK(spec.holdup == 0);
  CHECK(spec.tariff_input.rms_V == 230);
  CHECK(meter("").holdup == 500 * ps_per_ms);
  CHECK(meter("").tariff_input.rms_V == 0);
}

TEST_CASE("the timeline presses, switches, cuts and damages") {
  const tools::TimelineEntry both = event("press: {button: both, for: 30 s}");
  CHECK(both.press->left);
  CHECK(both.press->right);
  CHECK(both.press->duration == 30 * ps_per_s);
  const tools::TimelineEntry left = event("press: {button: left}");
  CHECK(left.press->left);
  CHECK_FALSE(left.press->right);
  CHECK(left.press->duration == 200 * ps_per_ms);
  CHECK(event("tariff_input: {voltage: 100 V, frequency: 60 Hz}").tariff_input->frequency_nHz ==
        60'000'000'000);
  CHECK(event("supply_cut: {for: 1 ps}").supply_cut == 1);
  CHECK(event("fault: eeprom_stuck").fault == tools::Fault::eeprom_stuck);
}

TEST_CASE("a button is not pressed while it is held or still bounces") {
  const auto two = [](const std::string& second) {
    return load(direct + "timeline:\n  - {at: 1 s, press: {button: both, for: 1 s}}\n  - {at: " +
                second + "}\n");
  };
  CHECK_THROWS_AS(two("1.5 s, press: {button: left}"), tools::InputError);
  CHECK_THROWS_AS(two("2.004999999999 s, press: {button: right}"), tools::InputError);
  CHECK(two("2.005 s, press: {button: right}").timeline.size() == 2);
}

TEST_CASE("a run leaves the EEPROM in its file, and the next one goes on from there") {
  const tests::Folder folder;
  const std::string file = folder.path("meter.eeprom");
  const std::string text =
      "duration: 5 s\n"
      "meter: {variant: PRO380-Mod, eeprom: meter.eeprom, counters: {L2.reverse.T1: 42 kWh}}\n"
      "timeline: [{at: 1 s, write: {register: S0 output rate, value: 100 imp/kWh}}]\n";
  tools::RunOptions options;
  const tools::Scenario first = tools::load_scenario(folder.write("first.yaml", text));
  CHECK(tools::run_scenario(first, options).pass);
  REQUIRE(std::filesystem::file_size(file) == metrology::storage::eeprom_bytes);

  const tools::Scenario second = tools::load_scenario(folder.write(
      "second.yaml", "duration: 5 s\nmeter: {variant: PRO380-Mod, eeprom: meter.eeprom}\n"));
  const std::vector<std::uint8_t> image = tools::eeprom_image(second.meters[0]);
  metrology::registers::Settings newest{};
  std::uint32_t best = 0;
  for (int copy = 0; copy < metrology::storage::copy_count; ++copy) {
    const std::uint8_t* page = &image[metrology::storage::config_address(0, copy)];
    std::uint32_t sequence = 0;
    REQUIRE(
        metrology::storage::is_sealed(metrology::storage::RecordKind::settings, page, sequence));
    if (copy != 0 && !metrology::storage::is_newer(sequence, best)) continue;
    best = sequence;
    metrology::storage::get(page, newest);
  }
  CHECK(newest.s0_rate_centi == 10'000);
}

TEST_CASE("the multiplexing of the display is in the log when asked for, and only then") {
  const tests::Folder folder;
  const std::string scenario = folder.write("s.yaml", direct);
  const auto slots = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"run", scenario, "--log", folder.path("log")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(tests::vmeter(arguments).status == 0);
    const std::string log = tests::read_all(folder.path("log"));
    std::size_t count = 0;
    for (std::size_t at = log.find("\"slot\""); at != std::string::npos;
         at = log.find("\"slot\"", at + 1)) {
      ++count;
    }
    return count;
  };
  CHECK(slots({}) == 0);
  // 64 frames of four slots a second, from the first frame after the display was switched on.
  CHECK(slots({"--trace", "lcd"}) == Approx(2560).margin(8));
  CHECK(tests::vmeter({"run", scenario, "--trace", "lcs"}).status == 2);
}

TEST_CASE("screenshots are drawn at each expectation on the display and at the end") {
  const tests::Folder folder;
  const tools::Scenario scenario = tools::load_scenario(folder.write(
      "look.yaml", direct + "expect:\n  - {at: 1.5 s, display: 8.8.8.8.8.8.8.8.}\n"
                            "  - {at: 2.5 s, symbols: FW T1}\n  - {at: 5 s, backlight: off}\n"));
  tools::RunOptions options;
  options.screenshot_folder = folder.path("");
  CHECK(tools::run_scenario(scenario, options).pass);
  CHECK(folder.names() == std::vector<std::string>{"look-m1-1.5s.svg", "look-m1-10s.svg",
                                                   "look-m1-2.5s.svg", "look.yaml"});
  CHECK(tests::read_all(folder.path("look-m1-2.5s.svg")).find("look: m1 at 2.5 s") !=
        std::string::npos);
}

TEST_CASE("an EEPROM file of another size is refused and left alone") {
  const tests::Folder folder;
  folder.write("meter.eeprom", "too short");
  const tools::Scenario scenario = tools::load_scenario(
      folder.write("s.yaml", "duration: 1 s\nmeter: {variant: PRO380-S, eeprom: meter.eeprom}\n"));
  CHECK_THROWS_AS(tools::eeprom_image(scenario.meters[0]), tools::InputError);
}

TEST_CASE("what is no file is no EEPROM, and nothing without an end is read") {
  const tests::Folder folder;
  for (const char* path : {"/dev/zero", "/tmp"}) {
    const tools::Scenario scenario = tools::load_scenario(folder.write(
        "s.yaml", std::string("duration: 1 s\nmeter: {variant: PRO380-S, eeprom: ") + path + "}"));
    CHECK_THROWS_AS(tools::eeprom_image(scenario.meters[0]), tools::InputError);
  }
}

TEST_CASE("an EEPROM file that cannot be written is refused where it is named, before the run") {
  const tests::Folder folder;
  const std::string path =
      folder.write("s.yaml", "duration: 1 s\nmeter: {variant: PRO380-S, eeprom: none/m.bin}\n");
  const tests::ProcessResult result = tests::vmeter({"run", path});
  CHECK(result.status == 2);
  CHECK(result.err.find(path + ":2:8: eeprom: found ") != std::string::npos);
}

TEST_CASE("two meters have not one EEPROM file, however its path is spelt") {
  const tests::Folder folder;
  std::filesystem::create_symlink("m.bin", folder.path("link.bin"));
  for (const char* second : {"./m.bin", "link.bin"}) {
    const std::string path = folder.write(
        "s.yaml",
        std::string("duration: 1 s\nmeters:\n  - {id: a, variant: PRO380-S, eeprom: m.bin}\n"
                    "  - {id: b, variant: PRO380-S, eeprom: ") +
            second + "}\n");
    CHECK(tests::vmeter({"check", path}).status == 2);
    const tests::ProcessResult result = tests::vmeter({"run", path});
    CHECK(result.status == 2);
    CHECK(result.err.find(":4:5: eeprom: found ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path("m.bin")));
  }
}

TEST_CASE("scenarios hand an EEPROM on one after another, not at a time") {
  const tests::Folder folder;
  const std::string text = "duration: 3 s\nmeter: {variant: PRO380-Mod, eeprom: m.bin}\n";
  const std::string first = folder.write(
      "a.yaml", text +
                    "timeline: [{at: 1 s, write: {register: S0 output rate, value: 100 "
                    "imp/kWh}}]\n");
  const std::string second = folder.write(
      "b.yaml", text + "expect: [{register: S0 output rate, at: 2 s, equals: 100 imp/kWh}]\n");
  CHECK(tests::vmeter({"run", first, second, "--jobs", "2"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(folder.path("m.bin")));
  CHECK(tests::vmeter({"run", first, second}).status == 0);
}

TEST_CASE("a run whose other outputs fail leaves the EEPROM as it was") {
  const tests::Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "duration: 1 s\nmeter: {variant: PRO380-Mod, eeprom: m.bin}\n"
                   "expect: [{count: s0_forward, equals: 0}]\n");
  CHECK(tests::vmeter({"run", path, "--csv", "/dev/full"}).status == 3);
  CHECK(folder.names() == std::vector<std::string>{"s.yaml"});
}

TEST_CASE("screenshots are refused before the run where they cannot go or would be one file") {
  const tests::Folder folder;
  std::filesystem::create_directory(folder.path("d"));
  const std::string one = folder.write("s.yaml", direct);
  const std::string other = folder.write("d/s.yaml", direct);
  const tests::ProcessResult shared =
      tests::vmeter({"run", one, other, "--screenshot", folder.path("pictures")});
  CHECK(shared.status == 2);
  CHECK(shared.err.find("two scenarios called \"s\"") != std::string::npos);
  // Nobody can make a file in /proc.
  const tests::ProcessResult nowhere = tests::vmeter({"run", one, "--screenshot", "/proc"});
  CHECK(nowhere.status == 2);
  CHECK(nowhere.out.empty());
}

TEST_CASE("counters as high as they may be add up") {
  std::string presets;
  for (const char* phase : {"L1", "L2", "L3"}) {
    for (const char* rest : {".forward.T1", ".forward.T2", ".reverse.T1", ".reverse.T2"}) {
      presets += (presets.empty() ? "" : ", ") + std::string(phase) + rest + ": 1e8 kWh";
    }
  }
  const tests::Folder folder;
  const std::string path =
      folder.write("s.yaml", direct + "  counters: {" + presets +
                                 "}\nexpect: [{raw: active total, at: 3 s, equals: 12e8 kWh}]\n");
  const tests::ProcessResult result = tests::vmeter({"run", path});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK_THROWS_AS(meter("  counters: {L1.forward.T1: 100000000.000000001 kWh}\n"),
                  tools::InputError);
}

TEST_CASE("a page is what the panel shows then, power-up and the want of power show none") {
  const std::string keys =
      "duration: 12 s\nmeter: {variant: PRO380-Mod CT}\n"
      "timeline:\n  - {every: 1 s, from: 3 s, until: 5 s, press: {button: left}}\n"
      "  - {at: 7 s, interruption: {for: 1 s}}\nexpect:\n";
  std::string expectations;
  for (const char* at : {"1 s", "2.5 s", "3.5 s", "4.5 s", "5.5 s", "7.3 s", "7.9 s", "12 s"}) {
    expectations += std::string("  - {page: P67, at: ") + at + "}\n";
  }
  const tools::Scenario scenario = load(keys + expectations);
  const tools::RunResult result = tools::run_scenario(scenario, tools::RunOptions{});
  std::vector<std::string> seen;
  for (const tools::Verdict& verdict : result.verdicts) {
    CHECK(verdict.pass == (verdict.seen == "P67"));
    seen.push_back(verdict.seen.value_or("not reached"));
  }
  CHECK(seen == std::vector<std::string>{"test pattern", "choice of the CT ratio", "P01", "P01",
                                         "P67", "dark", "no power", "not reached"});
}
