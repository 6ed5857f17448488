// The display's pages as the firmware draws them, of a meter with numbers that show every digit.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <system_error>

#include "metrology/registers/access.h"
#include "metrology/ui/page_table.h"
#include "metrology/ui/render.h"
#include "models/display/glass.h"
#include "tools/cli/options.h"
#include "tools/report/glass_svg.h"
#include "tools/report/output_file.h"
#include "tools/report/result.h"

namespace tools {
namespace {

namespace ui = metrology::ui;
namespace energy = metrology::energy;
using energy::Direction;
using energy::Kind;
using energy::Tariff;
using models::pins::GlassSegments;

/// The example: a CT meter 100/5 of a house that draws on L1 and L3 and feeds in on L2.
struct ExampleMeter {
  metrology::hal::ParameterPage page{};
  metrology::registers::Settings settings{};
  energy::Measurements measurements{};
  energy::EnergyState energy{};
  energy::PulseState pulses{};
  metrology::registers::Diagnostics diagnostics{};
  energy::TariffState tariff{};
  metrology::registers::Status status{};

  ExampleMeter();
  metrology::registers::MeterData data() const {
    return {page, settings, measurements, energy, pulses, diagnostics, tariff, status, 0};
  }
  void book(Tariff t, Kind kind, Direction direction, int phase, std::int64_t centi);
};

void ExampleMeter::book(Tariff t, Kind kind, Direction direction, int phase, std::int64_t centi) {
  constexpr std::int64_t uWh_per_centi_kWh = 10'000'000;
  for (energy::Account* account : {&energy.accounts.phase[phase], &energy.accounts.total}) {
    energy::EnergyCounter& counter = account->of(kind, direction, t);
    counter = counter + energy::EnergyCounter{centi * uWh_per_centi_kWh, 0};
  }
}

ExampleMeter::ExampleMeter() {
  page.variant = metrology::hal::MeterVariant::mod_ct;
  page.serial_lo = 0x14500001;
  page.s0_rate_centi = 100'000;
  settings = metrology::registers::factory_settings(page);
  settings.ct_primary_A = 100;
  constexpr std::int64_t active_forward[] = {4'102'317, 96'280, 3'877'045};
  constexpr std::int64_t active_reverse[] = {120'455, 2'511'908, 80'016};
  constexpr std::int64_t reactive_forward[] = {811'230, 402'118, 790'442};
  constexpr std::int64_t reactive_reverse[] = {55'321, 148'765, 61'204};
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    for (const Tariff t : {Tariff::t1, Tariff::t2}) {
      // T2 has had a fifth of what T1 has.
      const std::int64_t share = t == Tariff::t1 ? 1 : 5;
      book(t, Kind::active, Direction::forward, phase, active_forward[phase] / share);
      book(t, Kind::active, Direction::reverse, phase, active_reverse[phase] / share);
      book(t, Kind::reactive, Direction::forward, phase, reactive_forward[phase] / share);
      book(t, Kind::reactive, Direction::reverse, phase, reactive_reverse[phase] / share);
    }
  }
  energy.accounts.day_start = energy.accounts.total.of(Kind::active, Direction::forward) -
                              energy::EnergyCounter{421'700'000'000, 0};
  measurements = {{230.4, 229.8, 231.1},
                  {21.47, -12.9, 18.02},
                  50.01,
                  {4'841.3, -2'912.6, 4'103.7, 6'032.4},
                  {1'002.0, 488.0, 705.0, 2'195.0},
                  {4'946.7, 2'964.4, 4'164.4, 12'075.5},
                  {0.98, 0.98, 0.99, 0.94},
                  23.0};
  for (bool& present : status.phases.present) present = true;
}

GlassSegments glass_of(const ui::Frame& frame) {
  return {frame.common[0], frame.common[1], frame.common[2], frame.common[3]};
}

std::string models_text(ui::Models models) {
  switch (models) {
    case ui::Models::with_bus:
      return "Mb, Mod";
    case ui::Models::ct:
      return "CT";
    case ui::Models::all:
      break;
  }
  return "all";
}

std::string procedure_text(ui::Procedure procedure) {
  switch (procedure) {
    case ui::Procedure::none:
      break;
    case ui::Procedure::day_counter_reset:
      return "right 5 s: reset to 0";
    case ui::Procedure::ratio:
      return "right 5 s: choose, once";
    case ui::Procedure::scroll_time:
      return "either 5 s: choose";
    case ui::Procedure::backlight:
      return "right 5 s: choose";
  }
  return "";
}

/// The example's glass, page by page, into `folder`.
class Pictures {
 public:
  explicit Pictures(std::string folder) : folder_(std::move(folder)) {
    if (folder_.empty()) return;
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) throw OutputRefused("--svg: " + folder_ + ": " + error.message());
  }
  void write(const std::string& name, const GlassSegments& glass, const std::string& caption) {
    if (folder_.empty()) return;
    const std::string path = (std::filesystem::path(folder_) / (name + ".svg")).string();
    write_file(path, glass_svg(glass, true, caption));
  }

 private:
  std::string folder_;
};

}  // namespace

CommandSpec pages_spec() {
  namespace po = boost::program_options;
  po::options_description options;
  options.add_options()("svg", po::value<std::string>(),
                        "DIR: writes a picture of every page, and of the test pattern");
  CommandSpec spec;
  spec.name = "pages";
  spec.purpose = "the display's pages, as text and pictures";
  spec.description = {
      "Prints the display's pages: what each shows, which meters have it, what its buttons do, and "
      "the glass of an example."};
  spec.add_options("Options", options);
  spec.examples = {{"pages --svg pictures", "the table, and a picture of every page"}};
  spec.status = "0, or 2 when the pictures' folder cannot be written.";
  return spec;
}

int pages_command(const Arguments& arguments) {
  CommandOptions parsed(pages_spec());
  if (!parsed.parse(arguments, 0, 0)) return all_hold;

  const ExampleMeter example;
  Pictures pictures(parsed.text("svg"));
  std::vector<std::vector<std::string>> rows = {
      {"page", "shows", "row", "meters", "glass", "symbols", "held button"}};
  for (const ui::Page& page : ui::pages) {
    const std::string number = fmt::format("P{:02}", page.number);
    const GlassSegments glass =
        glass_of(ui::frame_for(example.data(), {ui::Mode::by_hand, page.number, 0, false}));
    rows.push_back({number, page.title, page.row == 0 ? "-" : fmt::format("0x{:04X}", page.row),
                    models_text(page.models), models::display::text(glass),
                    models::display::symbol_text(models::display::symbols(glass)),
                    procedure_text(page.procedure)});
    pictures.write(number, glass, number + ": " + page.title);
  }
  pictures.write("test-pattern", models::display::all_segments(), "all segments after power-on");
  std::cout << columns(rows);
  return all_hold;
}

}  // namespace tools
