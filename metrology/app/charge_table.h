// The cycles of the firmware's pieces of code on the twin's core, in the order of their numbers.
// What each stands for says charges.h. Written by `vmeter charges --write`: for a new piece a row
// with a guess is added by hand, and the command replaces the guess.
#pragma once

#include <cstdint>

namespace metrology::app {

struct ChargeRow {
  const char* name;
  std::uint32_t cycles;
};

/// The checksum of the flashed image that the cycles were measured with; 0: guesses.
inline constexpr std::uint32_t charge_table_image = 0x98BB'EF39;

// clang-format off
inline constexpr ChargeRow charge_table[] = {
    {"start_up", 14'000},
    {"interrupt_entry", 65},
    {"interrupt_exit", 79},
    {"dispatch", 30},
    {"power_handler", 41},
    {"pulse_handler", 140},
    {"dma_block_handler", 38},
    {"gpio_handler", 170},
    {"rtc_handler", 420},
    {"i2c_handler", 48},
    {"bus_handler", 1'300},
    {"ir_handler", 350},
    {"mailbox_handler", 27},
    {"main_loop", 2'900},
    {"task_entry", 1'800},
    {"loading_loop", 1'200},
    {"loading_entry", 220},
    {"boot", 62'000},
    {"start_tasks", 8'100},
    {"signal_path_phase", 49'000},
    {"delayed_phase", 51'000},
    {"finish_windows", 370},
    {"finished_window", 4'900},
    {"skip_blocks", 1'500},
    {"book_window", 13'000},
    {"book_with_offsets", 15'000},
    {"share_window", 8'800},
    {"refresh", 37'000},
    {"correction", 48'000},
    {"plan_pulse", 4'600},
    {"planned_window", 850},
    {"settle_windows", 330},
    {"settled_window", 3'200},
    {"change_s0_rate", 20'000},
    {"watch_debts", 7'700},
    {"panel_step", 3'000},
    {"compose_page", 9'700},
    {"panel_turn", 930},
    {"find_row", 610},
    {"mailbox_request", 3'100},
    {"write_row", 730},
    {"write_float_row", 2'300},
    {"mbus_written", 5'300},
    {"write_s0_rate", 5'700},
    {"await_s0_rate", 550},
    {"program_check_slice", 8'800},
    {"modbus_character", 130},
    {"modbus_skipped", 62},
    {"modbus_request", 6'900},
    {"modbus_answer_byte", 480},
    {"mbus_character", 120},
    {"mbus_frame", 2'200},
    {"mbus_request", 4'800},
    {"mbus_answer_byte", 290},
    {"mbus_write", 11'000},
    {"mbus_written_byte", 320},
    {"open_port", 1'800},
    {"arm_answer", 1'500},
    {"armed_byte", 8},
    {"ir_character", 130},
    {"ir_message", 9'300},
    {"ir_line", 3'100},
    {"ir_turn", 1'200},
    {"storage_step", 1'600},
    {"page_to_write", 3'000},
    {"config_to_write", 6'400},
    {"record_to_write", 15'000},
    {"storage_result", 550},
    {"slots_searched", 2'600},
    {"page_read_back", 1'600},
    {"config_loaded", 2'300},
    {"record_loaded", 13'000},
    {"fill_transfer", 55},
    {"filled_byte", 15},
    {"read_transfer", 170},
    {"read_byte", 7},
    {"snapshot", 13'000},
    {"storage_record", 20'000},
    {"take_constants", 2'600},
    {"take_loaded", 57'000},
};
// clang-format on

}  // namespace metrology::app
