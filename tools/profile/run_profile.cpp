#include "tools/profile/run_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "metrology/hal/memory_map.h"
#include "tools/isa/flash_image.h"
#include "tools/profile/report.h"
#include "tools/scenario/input_error.h"

namespace tools::profile {
namespace {

std::uint32_t checksum_of(const std::string& program) {
  constexpr std::size_t word =
      (metrology::hal::image_checksum_base - metrology::hal::flash_base) / 4;
  return read_flash_image(program).at(word);
}

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

RunProfile::RunProfile(const std::string& path, const std::string& program)
    : path_(path), file_(path), checksum_(checksum_of(program)), image_(named_image(program)) {}

platform::rv32::Observer* RunProfile::observe(const std::string& meter) {
  // In a deque none moves.
  meters_.emplace_back(meter, image_);
  return &meters_.back().profiler;
}

void RunProfile::write() {
  std::vector<MeterProfile> profiles;
  profiles.reserve(meters_.size());
  for (const Observed& observed : meters_) {
    profiles.push_back({observed.meter, checksum_, observed.profiler.profile(),
                        observed.profiler.code().functions()});
  }
  file_.write(is_json(path_) ? as_json(profiles).dump(1) + "\n" : as_text(profiles));
  file_.commit();
}

}  // namespace tools::profile
