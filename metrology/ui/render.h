// From values to the glass: what each page shows (pro380 §8).
#pragma once

#include <cstdint>

#include "metrology/registers/access.h"
#include "metrology/ui/glass.h"
#include "metrology/ui/panel.h"

namespace metrology::ui {

/// The picture of `view`, which is not the test pattern's. Numbers stand at the right without
/// leading zeros, '-' before them; one that does not fit is eight '-'.
///
/// Lit beside the page's own symbols [twin]: on a page that is not of one tariff the active
/// tariff's T1 or T2; on one that is not of one direction FW or RV by the sign of total P as row
/// 0x2080 shows it, FW at zero. While a CT ratio is chosen only A.
Picture render(const registers::MeterData& data, const View& view);

/// The words for the controller, of the test pattern too.
Frame frame_for(const registers::MeterData& data, const View& view);

}  // namespace metrology::ui
