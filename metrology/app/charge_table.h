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
inline constexpr std::uint32_t charge_table_image = 0x8492'6624;

// clang-format off
inline constexpr ChargeRow charge_table[] = {
    {"start_up", 14'000},
    {"interrupt_entry", 65},
    {"interrupt_exit", 79},
    {"dispatch", 30},
    {"power_handler", 42},
    {"pulse_handler", 140},
    {"dma_block_handler", 39},
    {"gpio_handler", 170},
    {"rtc_handler", 400},
    {"i2c_handler", 53},
    {"bus_handler", 1'300},
    {"ir_handler", 350},
    {"mailbox_handler", 27},
    {"main_loop", 2'900},
    {"task_entry", 1'800},
    {"loading_loop", 1'200},
    {"loading_entry", 210},
    {"boot", 62'000},
    {"start_tasks", 8'100},
    {"signal_path_phase", 49'000},
    {"delayed_phase", 51'000},
    {"finish_windows", 370},
    {"finished_window", 4'900},
    {"skip_blocks", 1'500},
    {"book_window", 13'000},
    {"book_with_offsets", 15'000},
    {"share_window", 8'900},
    {"refresh", 37'000},
    {"correction", 48'000},
    {"plan_pulse", 4'600},
    {"planned_window", 840},
    {"settle_windows", 340},
    {"settled_window", 3'200},
    {"change_s0_rate", 20'000},
    {"watch_debts", 7'700},
    {"panel_step", 3'200},
    {"compose_page", 9'600},
    {"panel_turn", 920},
    {"find_row", 590},
    {"mailbox_request", 3'100},
    {"write_row", 740},
    {"write_float_row", 2'300},
    {"mbus_written", 5'300},
    {"write_s0_rate", 5'700},
    {"await_s0_rate", 540},
    {"program_check_slice", 8'600},
    {"modbus_character", 130},
    {"modbus_skipped", 59},
    {"modbus_request", 6'900},
    {"modbus_answer_byte", 480},
    {"mbus_character", 120},
    {"mbus_frame", 2'000},
    {"mbus_request", 4'700},
    {"mbus_answer_byte", 290},
    {"mbus_write", 11'000},
    {"mbus_written_byte", 320},
    {"open_port", 1'800},
    {"arm_answer", 1'500},
    {"armed_byte", 7},
    {"ir_character", 140},
    {"ir_message", 9'200},
    {"ir_line", 3'100},
    {"ir_turn", 1'200},
    {"storage_step", 1'600},
    {"page_to_write", 3'100},
    {"config_to_write", 6'600},
    {"record_to_write", 16'000},
    {"storage_result", 540},
    {"slots_searched", 1'500},
    {"page_read_back", 1'700},
    {"config_loaded", 2'300},
    {"record_loaded", 14'000},
    {"fill_transfer", 54},
    {"filled_byte", 16},
    {"read_transfer", 160},
    {"read_byte", 8},
    {"snapshot", 12'000},
    {"storage_record", 20'000},
    {"take_constants", 2'600},
    {"take_loaded", 58'000},
};
// clang-format on

}  // namespace metrology::app
