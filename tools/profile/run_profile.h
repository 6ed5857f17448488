// The profiles of a run's meters that execute one image, and the file they go to.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tools/isa/elf_image.h"
#include "tools/profile/profiler.h"
#include "tools/profile/report.h"
#include "tools/report/output_file.h"

namespace tools::profile {

/// The checksum that an image says of itself. Throws InputError as read_flash_image.
std::uint32_t image_checksum(const std::string& program);

class RunProfile {
 public:
  /// `program`: the image's ELF file; `path`: where write() puts the profiles, as JSON if it ends
  /// in ".json", else as text; empty: nowhere. Throws OutputRefused; InputError as
  /// read_flash_image, and for an image without the names of its functions.
  RunProfile(const std::string& program, const std::string& path);

  /// Who looks on at the meter of that id.
  platform::rv32::Observer* observe(const std::string& meter);
  /// As report.h has it.
  nlohmann::ordered_json document() const;
  /// Throws OutputFailed.
  void write();

 private:
  struct Observed {
    Observed(std::string id, const ElfImage& image)
        : meter(std::move(id)), profiler(image, meter_map()) {}

    std::string meter;
    Profiler profiler;
  };

  std::string path_;
  std::unique_ptr<OutputFile> file_;  ///< or null
  std::vector<MeterProfile> profiles() const;

  std::uint32_t checksum_;
  ElfImage image_;
  std::deque<Observed> meters_;
};

}  // namespace tools::profile
