// What the panel's task keeps: part of app::State.
#pragma once

#include <cstdint>

#include "metrology/ui/glass.h"
#include "metrology/ui/panel.h"

namespace metrology::app {

/// Edges of the buttons that the interrupt's handler noted and the task has not taken, oldest
/// first. When there is no room an edge goes that a newer one of the same button follows: what is
/// lost is bounce, and either button's last level is kept.
struct ButtonEdges {
  struct Edge {
    std::uint32_t tick;  ///< of the RTC
    ui::Button button;
    bool level;
  };
  static constexpr int capacity = 16;
  Edge edge[capacity];
  int count;
};

/// What glass and backlight will be from a tick of the RTC on.
struct Presentation {
  std::uint32_t due;
  ui::Frame frame;
  bool backlight;
};

struct PanelTask {
  ui::PanelSetup setup;
  ui::PanelState panel;
  ButtonEdges edges;
  bool refreshed;              ///< the rows have new values …
  std::uint32_t refresh_tick;  ///< … since then
  bool written;                ///< a request has changed settings that the panel goes by …
  std::uint32_t written_tick;  ///< … then
  std::uint8_t lcd_cycle_s;    ///< of the settings, as last seen
  registers::BacklightMode backlight_mode;
  ui::View view;    ///< as last composed
  ui::Frame frame;  ///< as last composed

  static constexpr int queue_capacity = 4;
  Presentation queue[queue_capacity];  ///< composed and not yet due, oldest first
  int queued;
  Presentation presented;  ///< the newest that was due
  bool dark;               ///< glass and backlight are off for want of mains
};

}  // namespace metrology::app
