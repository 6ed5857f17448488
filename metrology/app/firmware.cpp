#include "metrology/app/firmware.h"

#include "metrology/app/boot.h"
#include "metrology/app/charges.h"
#include "metrology/app/debug_mailbox.h"
#include "metrology/app/housekeeping.h"
#include "metrology/app/ir_port.h"
#include "metrology/app/metering.h"
#include "metrology/app/panel_task.h"
#include "metrology/app/ports.h"
#include "metrology/app/power_task.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/storage_task.h"
#include "metrology/app/tariff_input.h"
#include "metrology/app/watchdog.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

/// Notes the newest block; the main loop processes it.
void note_block(State& state, hal::Bus& bus) {
  bus.write(hal::dma::base + hal::dma::status, hal::dma::status_done | hal::dma::status_overrun);
  state.pending.blocks_done = bus.read(hal::dma::base + hal::dma::blocks_done);
  read_tariff_input(state, bus);
}

/// Notes the request; the mailbox asks on until it is answered, so it is not listened to till then.
void note_request(State& state, hal::Bus& bus) {
  const std::uint32_t enabled = bus.read(hal::intc::base + hal::intc::enable);
  bus.write(hal::intc::base + hal::intc::enable, enabled & ~irq_bit(hal::Irq::debug_mailbox));
  state.pending.request = true;
}

void serve(State& state, hal::Bus& bus, hal::Irq source) {
  switch (source) {
    case hal::Irq::dma_block:
      note_block(state, bus);
      bus.charge(charges::dma_block_handler);
      break;
    case hal::Irq::pulse:
      serve_pulse_interrupt(state, bus);
      bus.charge(charges::pulse_handler);
      break;
    case hal::Irq::debug_mailbox:
      note_request(state, bus);
      bus.charge(charges::mailbox_handler);
      break;
    case hal::Irq::gpio:
      note_button_edges(state, bus);
      bus.charge(charges::gpio_handler);
      break;
    case hal::Irq::rtc:
      note_alarm(state.timers, bus);
      serve_timers(state.timers, bus);
      serve_rate_changes(state, bus);
      present_panel(state, bus);
      bus.charge(charges::rtc_handler);
      break;
    case hal::Irq::i2c:
      note_transfer(state, bus);
      bus.charge(charges::i2c_handler);
      break;
    case hal::Irq::power:
      note_power(state, bus);
      bus.charge(charges::power_handler);
      break;
    case hal::Irq::uart_bus:
      note_bus(state, bus);
      bus.charge(charges::bus_handler);
      break;
    case hal::Irq::uart_ir:
      note_ir(state, bus);
      bus.charge(charges::ir_handler);
      break;
    case hal::Irq::none:
      break;
  }
}

}  // namespace

void Firmware::run() {
  boot(state_, bus_);
  main_loop();
}

void Firmware::resume() {
  awake();
  main_loop();
}

void Firmware::main_loop() {
  for (;;) {
    bus_.disable_interrupts();
    const bool pending = work_pending();
    if (state_.storage.loaded) {
      bus_.charge(charges::main_loop);
    } else {
      bus_.charge(charges::loading_loop);
    }
    if (!pending) bus_.wait_for_interrupt();
    awake();
  }
}

void Firmware::awake() {
  bus_.enable_interrupts();
  run_tasks();
}

bool Firmware::work_pending() const {
  // Before the counters are loaded no block is booked and no port answered.
  const bool asked =
      state_.pending.request || state_.pending.blocks_done != state_.blocks_processed;
  return (asked && state_.storage.loaded) || app::work_pending(state_.timers) ||
         panel_work_pending(state_) || storage_work_pending(state_) || power_work_pending(state_) ||
         port_work_pending(state_) || ir_work_pending(state_) || housekeeping_pending(state_);
}

void Firmware::run_tasks() {
  if (state_.storage.loaded) process_blocks(state_, bus_);
  if (state_.storage.loaded && state_.pending.request) answer_request(state_, bus_);
  run_power(state_, bus_);
  run_rate_changes(state_, bus_);
  run_storage(state_, bus_);
  run_ports(state_, bus_);
  run_panel(state_, bus_);
  run_ir(state_, bus_);
  run_housekeeping(state_, bus_);
  run_ports(state_, bus_);
  kick_watchdog(state_, bus_);
}

void Firmware::external_interrupt() {
  bus_.charge(charges::dispatch);
  const auto source = static_cast<hal::Irq>(bus_.read(hal::intc::base + hal::intc::claim));
  if (source == hal::Irq::none) return;
  bus_.enable_interrupts();
  serve(state_, bus_, source);
  bus_.disable_interrupts();
  bus_.write(hal::intc::base + hal::intc::complete, static_cast<std::uint32_t>(source));
}

}  // namespace metrology::app
