#include "tools/profile/run_profile.h"

#include <fmt/format.h>

#include "metrology/hal/memory_map.h"
#include "tools/isa/flash_image.h"
#include "tools/profile/report.h"
#include "tools/scenario/input_error.h"

namespace tools::profile {
namespace {

ElfImage named_image(const std::string& program) {
  if (!is_elf(read_program_file(program))) {
    throw InputError(fmt::format(
        "{}: found a binary, expected for a profile the ELF file with the names of its functions",
        program));
  }
  return read_elf(program);
}

bool is_json(const std::string& path) {
  const std::string extension = ".json";
  return path.size() >= extension.size() &&
         path.compare(path.size() - extension.size(), extension.size(), extension) == 0;
}

}  // namespace

std::uint32_t image_checksum(const std::string& program) {
  constexpr std::uint32_t offset = metrology::hal::image_checksum_base - metrology::hal::flash_base;
  return read_flash_image(program).at(offset / 4);
}

RunProfile::RunProfile(const std::string& program, const std::string& path)
    : path_(path),
      file_(path.empty() ? nullptr : std::make_unique<OutputFile>(path)),
      checksum_(image_checksum(program)),
      image_(named_image(program)) {}

platform::rv32::Observer* RunProfile::observe(const std::string& meter) {
  // In a deque none moves.
  meters_.emplace_back(meter, image_);
  return &meters_.back().profiler;
}

std::vector<MeterProfile> RunProfile::profiles() const {
  std::vector<MeterProfile> out;
  out.reserve(meters_.size());
  for (const Observed& observed : meters_) {
    out.push_back({observed.meter, checksum_, observed.profiler.profile(),
                   observed.profiler.code().functions()});
  }
  return out;
}

nlohmann::ordered_json RunProfile::document() const { return as_json(profiles()); }

void RunProfile::write() {
  if (!file_) return;
  file_->write(is_json(path_) ? document().dump(1) + "\n" : as_text(profiles()));
  file_->commit();
}

}  // namespace tools::profile
