#include "tools/cli/cpu_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tools/cli/commands.h"
#include "tools/isa/flash_image.h"

namespace tools {
namespace {

namespace po = boost::program_options;

/// Where the preset "firmware" builds it.
constexpr const char* built_image = PRO380_FIRMWARE_IMAGE;

CpuKind read_cpu(const CommandOptions& options) {
  const std::string& text = options.text("cpu");
  if (text == "native") return CpuKind::native;
  if (text == "iss") return CpuKind::iss;
  throw UsageError("--cpu: found " + in_quotes(text) + ", expected native or iss");
}

}  // namespace

po::options_description cpu_options() {
  po::options_description options;
  options.add_options()(
      "cpu", po::value<std::string>()->default_value("native"),
      "native|iss: what runs the firmware of meters whose scenario does not say: the host, or an "
      "instruction-set simulator the image that would be flashed, cycle for cycle")(
      "firmware", po::value<std::string>(),
      "F: the image of meters that run one, ELF or binary, instead of build/firmware/firmware.elf");
  return options;
}

bool wants_image(const CommandOptions& options, const std::vector<MeterSpec*>& meters) {
  const CpuKind cpu = read_cpu(options);
  return std::any_of(meters.begin(), meters.end(), [cpu](const MeterSpec* meter) {
    return meter->cpu.value_or(cpu) == CpuKind::iss;
  });
}

void choose_cpus(const CommandOptions& options, const std::vector<MeterSpec*>& meters) {
  const bool wanted = wants_image(options, meters);
  if (!wanted && options.has("firmware")) {
    throw UsageError(
        "--firmware: found no meter that would run it, expected --cpu iss or a meter "
        "with cpu: iss");
  }
  if (!wanted) return;
  if (!options.has("firmware") && !std::filesystem::exists(built_image)) {
    throw UsageError(fmt::format(
        "--cpu: found no image {}, expected the one that cmake --preset firmware && cmake --build "
        "--preset firmware makes, or --firmware F",
        built_image));
  }
  const auto image =
      std::make_shared<const platform::FirmwareImage>(read_flash_image(firmware_path(options)));
  for (MeterSpec* meter : meters) {
    if (wants_image(options, {meter})) meter->image = image;
  }
}

void choose_cpus(const CommandOptions& options, std::vector<Scenario>& scenarios) {
  std::vector<MeterSpec*> meters;
  for (Scenario& scenario : scenarios) {
    for (MeterSpec* meter : meters_of(scenario)) meters.push_back(meter);
  }
  choose_cpus(options, meters);
}

std::string firmware_path(const CommandOptions& options) {
  return options.has("firmware") ? options.text("firmware") : built_image;
}

bool runs_image(const Scenario& scenario) {
  return std::any_of(scenario.meters.begin(), scenario.meters.end(),
                     [](const MeterSpec& meter) { return meter.image != nullptr; });
}

std::vector<MeterSpec*> meters_of(Scenario& scenario) {
  std::vector<MeterSpec*> meters;
  for (MeterSpec& meter : scenario.meters) meters.push_back(&meter);
  return meters;
}

}  // namespace tools
