#include "metrology/app/panel_task.h"

#include "metrology/app/charges.h"
#include "metrology/app/meter_data.h"
#include "metrology/app/pins.h"
#include "metrology/app/row_writes.h"
#include "metrology/app/timers.h"
#include "metrology/energy/accounts.h"
#include "metrology/ui/render.h"

namespace metrology::app {

namespace {

using ui::Tick;

constexpr hal::GpioPin button_pins[] = {hal::GpioPin::button_left, hal::GpioPin::button_right};
static_assert(static_cast<int>(ui::Button::left) == 0);
constexpr std::uint32_t button_bits =
    pin_bit(hal::GpioPin::button_left) | pin_bit(hal::GpioPin::button_right);

std::uint32_t read_gpio(hal::Bus& bus, std::uint32_t offset) {
  return bus.read(hal::gpio::base + offset);
}
void write_gpio(hal::Bus& bus, std::uint32_t offset, std::uint32_t value) {
  bus.write(hal::gpio::base + offset, value);
}

/// The RTC's count, which wraps, as a tick near the panel's time.
Tick near_panel_time(const PanelTask& task, std::uint32_t tick) {
  return task.panel.now +
         static_cast<std::int32_t>(tick - static_cast<std::uint32_t>(task.panel.now));
}

// --- showing ------------------------------------------------------------------------------------

/// With interrupts off: a write of segments between two frames, and the pins are shared.
void show(hal::Bus& bus, const Presentation& presentation) {
  for (std::uint32_t n = 0; n < hal::lcd::commons; ++n) {
    bus.write(hal::lcd::base + hal::lcd::segment_0 + 4 * n, presentation.frame.common[n]);
  }
  drive_pin(bus, hal::GpioPin::backlight, presentation.backlight);
}

/// Says what the panel shows to whoever tests the meter.
void note_view(const PanelTask& task, hal::Bus& bus) {
  bus.write(hal::mailbox::base + hal::mailbox::note,
            task.view.page |
                (static_cast<std::uint32_t>(task.view.mode) + 1) << hal::mailbox::note_mode_shift |
                (task.dark ? 0 : hal::mailbox::note_lit));
}

const Presentation& newest(const PanelTask& task) {
  return task.queued == 0 ? task.presented : task.queue[task.queued - 1];
}

/// With interrupts off.
void enqueue(PanelTask& task, const Presentation& presentation) {
  const bool full = task.queued == PanelTask::queue_capacity;
  const bool same_frame = task.queued != 0 && newest(task).due == presentation.due;
  if (full || same_frame) --task.queued;
  task.queue[task.queued++] = presentation;
}

/// Composes what is to be seen since `at`, if it is something else.
void compose(State& state, hal::Bus& bus, Tick at, bool new_values) {
  PanelTask& task = state.panel;
  const ui::View view = ui::view(task.panel, state.settings);
  if (view == task.view && !new_values) return;
  const bool other_page =
      view.mode != task.view.mode || view.page != task.view.page || view.choice != task.view.choice;
  task.view = view;
  note_view(task, bus);
  if (other_page || new_values) {
    task.frame = ui::frame_for(data_of(state), view);
    bus.charge(charges::compose_page);
  }
  const Presentation next{presentation_tick(static_cast<std::uint32_t>(at)), task.frame,
                          view.backlight};
  bus.disable_interrupts();
  const Presentation& last = newest(task);
  if (next.frame != last.frame || next.backlight != last.backlight) enqueue(task, next);
  bus.enable_interrupts();
}

// --- time ---------------------------------------------------------------------------------------

void take(State& state, hal::Bus& bus, const ui::PanelRequests& requests) {
  const bool other_ratio = state.settings.ct_primary_A != state.page.ct_primary_A;
  if (requests.settings_changed && other_ratio) {
    apply_ct_ratio(state);
    bus.charge(charges::correction);
  }
  if (requests.day_counter_reset) energy::reset_day(state.energy.accounts);
}

/// Lets the state machine live up to `until`, deadline by deadline.
void live_to(State& state, hal::Bus& bus, Tick until) {
  PanelTask& task = state.panel;
  for (;;) {
    const Tick due = ui::next_deadline(task.panel, task.setup, state.settings);
    const bool last = due > until;
    const ui::PanelRequests requests =
        ui::advance(task.panel, task.setup, state.settings, last ? until : due);
    bus.charge(charges::panel_step);
    take(state, bus, requests);
    compose(state, bus, task.panel.now, requests.day_counter_reset);
    if (last) return;
  }
}

/// Settings that a request has written hold since its tick; since now, if the panel has lived on
/// meanwhile.
void take_written(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  if (!task.written) return;
  task.written = false;
  const Tick at = near_panel_time(task, task.written_tick);
  if (at > task.panel.now) live_to(state, bus, at);
}

/// The rows' new values are seen as of the tick they came.
void take_refresh(State& state, hal::Bus& bus, Tick until) {
  PanelTask& task = state.panel;
  if (!task.refreshed) return;
  const Tick at = near_panel_time(task, task.refresh_tick);
  if (at > until) return;
  live_to(state, bus, at);
  compose(state, bus, task.panel.now, true);
  task.refreshed = false;
}

void take_edges(State& state, hal::Bus& bus, const ButtonEdges& edges) {
  PanelTask& task = state.panel;
  for (int n = 0; n < edges.count; ++n) {
    const ButtonEdges::Edge& edge = edges.edge[n];
    const Tick at = near_panel_time(task, edge.tick);
    take_refresh(state, bus, at);
    live_to(state, bus, at);
    ui::edge(task.panel, task.setup, state.settings, edge.button, edge.level, at);
  }
}

void set_or_cancel(State& state, hal::Bus& bus, Timer timer, bool wanted, std::uint32_t tick) {
  if (wanted) {
    set_timer(state.timers, bus, timer, tick);
  } else {
    cancel_timer(state.timers, bus, timer);
  }
}

void set_timers(State& state, hal::Bus& bus) {
  const PanelTask& task = state.panel;
  const Tick next = ui::next_deadline(task.panel, task.setup, state.settings);
  set_or_cancel(state, bus, Timer::panel, next != ui::never, static_cast<std::uint32_t>(next));
  set_or_cancel(state, bus, Timer::presentation, task.queued != 0, task.queue[0].due);
}

/// Which entry a newer edge of `button` makes superfluous: that button's newest; without one, the
/// other button has filled the queue, and its oldest is followed by newer ones.
int superfluous(const ButtonEdges& edges, ui::Button button) {
  for (int n = edges.count - 1; n > 0; --n) {
    if (edges.edge[n].button == button) return n;
  }
  return 0;
}

void note_edge(ButtonEdges& edges, const ButtonEdges::Edge& edge) {
  if (edges.count == ButtonEdges::capacity) {
    --edges.count;
    for (int n = superfluous(edges, edge.button); n < edges.count; ++n) {
      edges.edge[n] = edges.edge[n + 1];
    }
  }
  edges.edge[edges.count++] = edge;
}

bool are_others(const PanelTask& task, const registers::Settings& settings) {
  return task.lcd_cycle_s != settings.lcd_cycle_s || task.backlight_mode != settings.backlight;
}

bool take_settings(PanelTask& task, const registers::Settings& settings) {
  const bool other = are_others(task, settings);
  task.lcd_cycle_s = settings.lcd_cycle_s;
  task.backlight_mode = settings.backlight;
  return other;
}

}  // namespace

void start_panel(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  task = {};
  task.setup = {state.page.variant, ui::make_times(state.page.ui_time_permille)};
  const std::uint32_t tick = read_ticks(bus);
  ui::reset(task.panel, tick);
  task.view = ui::view(task.panel, state.settings);
  note_view(task, bus);
  task.frame = ui::full_frame();
  task.presented = {tick, task.frame, task.view.backlight};
  take_settings(task, state.settings);

  show(bus, task.presented);
  write_gpio(bus, hal::gpio::direction,
             read_gpio(bus, hal::gpio::direction) | pin_bit(hal::GpioPin::backlight));
  bus.write(hal::lcd::base + hal::lcd::control, hal::lcd::control_enable);
  write_gpio(bus, hal::gpio::rise_enable, read_gpio(bus, hal::gpio::rise_enable) | button_bits);
  write_gpio(bus, hal::gpio::fall_enable, read_gpio(bus, hal::gpio::fall_enable) | button_bits);
  const std::uint32_t levels = read_gpio(bus, hal::gpio::input);
  for (const ui::Button button : ui::buttons_in_order) {
    const bool level = (levels & pin_bit(button_pins[static_cast<int>(button)])) != 0;
    if (level) note_edge(task.edges, {tick, button, true});
  }
  set_timers(state, bus);
}

void note_button_edges(State& state, hal::Bus& bus) {
  const std::uint32_t seen = read_gpio(bus, hal::gpio::status) & button_bits;
  if (seen == 0) return;
  // Cleared before the levels are read: an edge in between interrupts again.
  write_gpio(bus, hal::gpio::status, seen);
  const std::uint32_t levels = read_gpio(bus, hal::gpio::input);
  const std::uint32_t tick = read_ticks(bus);
  for (const ui::Button button : ui::buttons_in_order) {
    const std::uint32_t bit = pin_bit(button_pins[static_cast<int>(button)]);
    if ((seen & bit) != 0) note_edge(state.panel.edges, {tick, button, (levels & bit) != 0});
  }
}

void refresh_panel(State& state) {
  constexpr std::uint32_t ticks_per_block =
      hal::block_samples * hal::core_cycles_per_sample / hal::rtc::core_cycles_per_tick;
  static_assert(ticks_per_block * hal::rtc::core_cycles_per_tick ==
                hal::block_samples * hal::core_cycles_per_sample);
  state.panel.refreshed = true;
  state.panel.refresh_tick =
      static_cast<std::uint32_t>(state.adc_start_cycle / hal::rtc::core_cycles_per_tick) +
      state.blocks_processed * ticks_per_block;
}

void note_settings(State& state, std::int64_t request_cycle) {
  PanelTask& task = state.panel;
  if (!are_others(task, state.settings)) return;
  task.written = true;
  task.written_tick = static_cast<std::uint32_t>(request_cycle / hal::rtc::core_cycles_per_tick);
}

bool panel_work_pending(const State& state) {
  return state.panel.edges.count != 0 || state.panel.refreshed;
}

void run_panel(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  const bool deadline = take_expired(state.timers, Timer::panel);
  const bool presentation = take_expired(state.timers, Timer::presentation);
  const bool other_settings = take_settings(task, state.settings);
  if (!deadline && !presentation && !other_settings && !panel_work_pending(state)) return;

  bus.charge(charges::task_entry);
  bus.disable_interrupts();
  const ButtonEdges edges = task.edges;
  task.edges.count = 0;
  const std::uint32_t tick = read_ticks(bus);
  bus.enable_interrupts();

  const Tick now = near_panel_time(task, tick);
  take_written(state, bus);
  take_edges(state, bus, edges);
  take_refresh(state, bus, now);
  live_to(state, bus, now);
  take_settings(task, state.settings);
  bus.disable_interrupts();
  present_panel(state, bus);
  bus.enable_interrupts();
  set_timers(state, bus);
  bus.charge(charges::panel_turn);
}

void present_panel(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  if (task.queued == 0) return;
  const std::uint32_t tick = read_ticks(bus);
  int due = 0;
  while (due != task.queued && has_come(task.queue[due].due, tick)) ++due;
  if (due == 0) return;
  task.presented = task.queue[due - 1];
  task.queued -= due;
  for (int n = 0; n < task.queued; ++n) task.queue[n] = task.queue[n + due];
  if (!task.dark) show(bus, task.presented);
}

void darken_panel(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  bus.disable_interrupts();
  task.dark = true;
  bus.write(hal::lcd::base + hal::lcd::control, 0);
  show(bus, {task.presented.due, task.presented.frame, false});
  note_view(task, bus);
  bus.enable_interrupts();
}

void light_panel(State& state, hal::Bus& bus) {
  PanelTask& task = state.panel;
  bus.disable_interrupts();
  task.dark = false;
  note_view(task, bus);
  show(bus, task.presented);
  bus.write(hal::lcd::base + hal::lcd::control, hal::lcd::control_enable);
  bus.enable_interrupts();
}

}  // namespace metrology::app
