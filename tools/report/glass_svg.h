// A picture of the display's glass: segments as they are lit, the others faint.
#pragma once

#include <string>

#include "models/pins/display.h"

namespace tools {

/// An SVG document of what `segments` light; blue when `backlight` is on. The caption becomes the
/// document's title.
std::string glass_svg(const models::pins::GlassSegments& segments, bool backlight,
                      const std::string& caption);

}  // namespace tools
