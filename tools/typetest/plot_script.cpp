#include "tools/typetest/plot_script.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools::typetest {
namespace {

constexpr int width = 720;

}  // namespace

std::string plot_canvas(int height) {
  return fmt::format(
      "set terminal svg size {},{} noenhanced font 'sans-serif,12' rounded "
      "background rgb 'white'\n"
      "set encoding utf8\n"
      "set minussign\n"
      "set border 3 linecolor rgb '#444444'\n"
      "set tics nomirror out scale 0.6\n"
      "set format '%h'\n"
      "set grid linecolor rgb '#dcdcdc' linewidth 0.7 dashtype solid\n"
      "set key off\n",
      width, height);
}

std::string plot_range(const char* axis, const Extent& extent) {
  return fmt::format("set {}range [{:.10g}:{:.10g}]\n", axis, extent.from, extent.to);
}

std::size_t letters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;  // the first of a character
  }));
}

}  // namespace tools::typetest
