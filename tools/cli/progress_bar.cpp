#include "tools/cli/progress_bar.h"

#include <cstddef>
#include <cstdio>

namespace tools {

void draw_progress(double done, const std::string& what) {
  constexpr std::size_t width = 30;
  const auto filled = static_cast<std::size_t>(done * width);
  std::fprintf(stderr, "\r\033[K[%s%s] %3.0f %% %s", std::string(filled, '#').c_str(),
               std::string(width - filled, '.').c_str(), 100 * done, what.c_str());
  std::fflush(stderr);
}

}  // namespace tools
