// What the scripts of all plots have in common.
#pragma once

#include <cstddef>
#include <string>

#include "tools/typetest/plot_axis.h"

namespace tools::typetest {

inline constexpr const char* limit_red = "#a03c38";
inline constexpr const char* bar_blue = "#5b7c99";

/// The head of a script: a canvas of the width that all plots have, its height in pixels, and the
/// looks of axes and grid.
std::string plot_canvas(int height);
/// "set xrange …", of the axis "x" or "y".
std::string plot_range(const char* axis, const Extent& extent);
/// Letters of a text in UTF-8, not bytes: what its width is guessed from.
std::size_t letters_of(const std::string& text);

}  // namespace tools::typetest
