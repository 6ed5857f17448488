// The profiles of a run's meters that execute one image, and the file they go to.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "tools/isa/elf_image.h"
#include "tools/profile/profiler.h"
#include "tools/report/output_file.h"

namespace tools::profile {

class RunProfile {
 public:
  /// `path`: where write() puts the profiles, as JSON if it ends in ".json", else as text;
  /// `program`: the image's ELF file. Throws OutputRefused; InputError as read_flash_image, and for
  /// an image without the names of its functions.
  RunProfile(const std::string& path, const std::string& program);

  /// Who looks on at the meter of that id.
  platform::rv32::Observer* observe(const std::string& meter);
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
  OutputFile file_;
  std::uint32_t checksum_;
  ElfImage image_;
  std::deque<Observed> meters_;
};

}  // namespace tools::profile
