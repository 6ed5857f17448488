// The one register table, in the manual's order (pro380 §3). Modbus, M-Bus, the infra-red port, the
// debug port and `vmeter registers` all read it; a row is written once.
//
// Rows from 0xF000 on are ours [twin]: no port of a real meter shows them there, only the debug
// port. Those with a second address stand in the second generation's map alone, whose access has a
// column of its own; the CT ratio stands there in BCD. The factory rows from 0xF100 on hold the
// calibration constants (hal::PhaseCalibration), 0x40 a phase: only the debug port writes them.
#pragma once

#include "metrology/registers/row.h"

namespace metrology::registers {

// clang-format off
inline constexpr Row rows[] = {
    // address, second, bytes, type, unit, decimals, IR, M-Bus, Modbus, second map, content, index, name
    {0x1000, 0x4000,  4, ValueType::bcd, Unit::none, 0, Access::read_mbus_write, Access::read_write, Access::read, Access::read, Content::serial_number, 0, "serial number"},
    {0x1010, 0x4002,  2, ValueType::integer, Unit::none, 0, Access::read, Access::read, Access::read, Access::read, Content::meter_code, 0, "meter code"},
    {0x1018, 0x4003,  2, ValueType::integer, Unit::none, 0, Access::none, Access::read_write, Access::read_write, Access::read_write, Content::meter_id, 0, "meter ID"},
    {0x1020, 0x4004,  2, ValueType::integer, Unit::none, 0, Access::none, Access::read_write, Access::read_write, Access::read_write, Content::baud, 0, "baud rate"},
    {0x1030, 0x0000, 32, ValueType::ascii, Unit::none, 0, Access::read, Access::read, Access::read, Access::none, Content::meter_name, 0, "meter name"},
    {0x1050, 0x4005,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::version, 0, "protocol version"},
    {0x1054, 0x4007,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::version, 1, "software version"},
    {0x1058, 0x4009,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::version, 2, "hardware version"},
    {0x1060, 0x400B,  2, ValueType::integer, Unit::A, 0, Access::read, Access::read, Access::read, Access::read, Content::meter_amps, 0, "meter amps"},
    {0x1062, 0x0000,  2, ValueType::integer, Unit::A, 0, Access::read, Access::read, Access::read, Access::none, Content::ct_ratio, 0, "CT ratio"},
    {0x1066, 0x400D,  4, ValueType::floating, Unit::imp_per_kWh, 2, Access::read_write, Access::read_write, Access::read_write, Access::read_write, Content::s0_rate, 0, "S0 output rate"},
    {0x107A, 0x400F,  2, ValueType::integer, Unit::none, 0, Access::read_write, Access::read_write, Access::read_write, Access::read_write, Content::combined_code, 0, "combined code"},
    {0x1510, 0x4010,  2, ValueType::bcd, Unit::none, 0, Access::read_write, Access::read_write, Access::read_write, Access::read_write, Content::lcd_cycle, 0, "LCD cycle time"},
    {0x1600, 0x0000,  9, ValueType::bits, Unit::none, 0, Access::read_write, Access::none, Access::none, Access::none, Content::scroll_mask, 0, "pages that scroll"},
    {0x1700, 0x0000,  4, ValueType::bcd, Unit::none, 0, Access::write, Access::none, Access::none, Access::none, Content::ir_password, 0, "IR password"},
    {0x2008, 0x5002,  4, ValueType::floating, Unit::V, 1, Access::read, Access::read, Access::read, Access::read, Content::voltage, 0, "U L1"},
    {0x200C, 0x5004,  4, ValueType::floating, Unit::V, 1, Access::read, Access::read, Access::read, Access::read, Content::voltage, 1, "U L2"},
    {0x2010, 0x5006,  4, ValueType::floating, Unit::V, 1, Access::read, Access::read, Access::read, Access::read, Content::voltage, 2, "U L3"},
    {0x2020, 0x5008,  4, ValueType::floating, Unit::Hz, 2, Access::read, Access::read, Access::read, Access::read, Content::frequency, 0, "frequency"},
    {0x2068, 0x500C,  4, ValueType::floating, Unit::A, 2, Access::read, Access::read, Access::read, Access::read, Content::current, 0, "I L1"},
    {0x206C, 0x500E,  4, ValueType::floating, Unit::A, 2, Access::read, Access::read, Access::read, Access::read, Content::current, 1, "I L2"},
    {0x2070, 0x5010,  4, ValueType::floating, Unit::A, 2, Access::read, Access::read, Access::read, Access::read, Content::current, 2, "I L3"},
    {0x2080, 0x5012,  4, ValueType::floating, Unit::kW, 3, Access::read, Access::read, Access::read, Access::read, Content::active_power, 3, "P total"},
    {0x2088, 0x5014,  4, ValueType::floating, Unit::kW, 3, Access::read, Access::read, Access::read, Access::read, Content::active_power, 0, "P L1"},
    {0x208C, 0x5016,  4, ValueType::floating, Unit::kW, 3, Access::read, Access::read, Access::read, Access::read, Content::active_power, 1, "P L2"},
    {0x2090, 0x5018,  4, ValueType::floating, Unit::kW, 3, Access::read, Access::read, Access::read, Access::read, Content::active_power, 2, "P L3"},
    {0x20A0, 0x501A,  4, ValueType::floating, Unit::kvar, 3, Access::read, Access::read, Access::read, Access::read, Content::reactive_power, 3, "Q total"},
    {0x20A8, 0x501C,  4, ValueType::floating, Unit::kvar, 3, Access::read, Access::read, Access::read, Access::read, Content::reactive_power, 0, "Q L1"},
    {0x20AC, 0x501E,  4, ValueType::floating, Unit::kvar, 3, Access::read, Access::read, Access::read, Access::read, Content::reactive_power, 1, "Q L2"},
    {0x20B0, 0x5020,  4, ValueType::floating, Unit::kvar, 3, Access::read, Access::read, Access::read, Access::read, Content::reactive_power, 2, "Q L3"},
    {0x20C0, 0x5022,  4, ValueType::floating, Unit::kVA, 3, Access::read, Access::read, Access::read, Access::read, Content::apparent_power, 3, "S total"},
    {0x20C8, 0x5024,  4, ValueType::floating, Unit::kVA, 3, Access::read, Access::read, Access::read, Access::read, Content::apparent_power, 0, "S L1"},
    {0x20CC, 0x5026,  4, ValueType::floating, Unit::kVA, 3, Access::read, Access::read, Access::read, Access::read, Content::apparent_power, 1, "S L2"},
    {0x20D0, 0x5028,  4, ValueType::floating, Unit::kVA, 3, Access::read, Access::read, Access::read, Access::read, Content::apparent_power, 2, "S L3"},
    {0x20E0, 0x502A,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::power_factor, 3, "PF total"},
    {0x20E8, 0x502C,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::power_factor, 0, "PF L1"},
    {0x20EC, 0x502E,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::power_factor, 1, "PF L2"},
    {0x20F0, 0x5030,  4, ValueType::floating, Unit::none, 2, Access::read, Access::read, Access::read, Access::read, Content::power_factor, 2, "PF L3"},
    {0x2200, 0x6048,  2, ValueType::integer, Unit::none, 0, Access::read_write, Access::read_write, Access::read_write, Access::read_write, Content::tariff, 0, "tariff"},
    {0x3000, 0x6000,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 3, "active total"},
    {0x3008, 0x6006,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 0, "active total L1"},
    {0x300C, 0x6008,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 1, "active total L2"},
    {0x3010, 0x600A,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 2, "active total L3"},
    {0x3020, 0x600C,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 3, "active forward total"},
    {0x3028, 0x6012,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 0, "active forward L1"},
    {0x302C, 0x6014,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 1, "active forward L2"},
    {0x3030, 0x6016,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 2, "active forward L3"},
    {0x3040, 0x6018,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 3, "active reverse total"},
    {0x3048, 0x601E,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 0, "active reverse L1"},
    {0x304C, 0x6020,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 1, "active reverse L2"},
    {0x3050, 0x6022,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 2, "active reverse L3"},
    {0x3060, 0x6024,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 3, "reactive total"},
    {0x3068, 0x602A,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 0, "reactive total L1"},
    {0x306C, 0x602C,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 1, "reactive total L2"},
    {0x3070, 0x602E,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 2, "reactive total L3"},
    {0x3080, 0x6030,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 3, "reactive forward total"},
    {0x3088, 0x6036,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 0, "reactive forward L1"},
    {0x308C, 0x6038,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 1, "reactive forward L2"},
    {0x3090, 0x603A,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 2, "reactive forward L3"},
    {0x30A0, 0x603C,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 3, "reactive reverse total"},
    {0x30A8, 0x6042,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 0, "reactive reverse L1"},
    {0x30AC, 0x6044,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 1, "reactive reverse L2"},
    {0x30B0, 0x6046,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 2, "reactive reverse L3"},
    {0x3100, 0x6002,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 4, "active total T1"},
    {0x3120, 0x600E,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 4, "active forward T1"},
    {0x3140, 0x601A,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 4, "active reverse T1"},
    {0x3160, 0x6026,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 4, "reactive total T1"},
    {0x3180, 0x6032,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 4, "reactive forward T1"},
    {0x31A0, 0x603E,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 4, "reactive reverse T1"},
    {0x3200, 0x6004,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_total, 5, "active total T2"},
    {0x3220, 0x6010,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_forward, 5, "active forward T2"},
    {0x3240, 0x601C,  4, ValueType::floating, Unit::kWh, 2, Access::read, Access::read, Access::read, Access::read, Content::active_reverse, 5, "active reverse T2"},
    {0x3260, 0x6028,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_total, 5, "reactive total T2"},
    {0x3280, 0x6034,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_forward, 5, "reactive forward T2"},
    {0x32A0, 0x6040,  4, ValueType::floating, Unit::kvarh, 2, Access::read, Access::read, Access::read, Access::read, Content::reactive_reverse, 5, "reactive reverse T2"},
    {0xF000, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_debt, 0, "debt LED active"},
    {0xF004, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_debt, 1, "debt LED reactive"},
    {0xF008, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_debt, 2, "debt S0 forward"},
    {0xF00C, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_debt, 3, "debt S0 reverse"},
    {0xF010, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_count, 0, "pulses LED active"},
    {0xF014, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_count, 1, "pulses LED reactive"},
    {0xF018, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_count, 2, "pulses S0 forward"},
    {0xF01C, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::pulse_count, 3, "pulses S0 reverse"},
    {0xF020, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::growing_debt, 0, "outputs with growing debt"},
    {0xF030, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 0, "clipped U1"},
    {0xF034, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 1, "clipped U2"},
    {0xF038, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 2, "clipped U3"},
    {0xF03C, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 3, "clipped I1"},
    {0xF040, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 4, "clipped I2"},
    {0xF044, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 5, "clipped I3"},
    {0xF048, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::clipped_samples, 6, "clipped temperature"},
    {0xF050, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::lost_blocks, 0, "lost sample blocks"},
    {0xF054, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::late_pulses, 0, "late pulses"},
    {0xF060, 0x6049,  4, ValueType::floating, Unit::kWh, 2, Access::none, Access::none, Access::none, Access::read_write, Content::day_counter, 0, "day counter"},
    {0xF064, 0x4016,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read_write, Content::power_downs, 0, "power-down counter"},
    {0xF068, 0x401D,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::status_word, 0, "status S pe abc"},
    {0xF06C, 0x4011,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read_write, Content::parity, 0, "parity"},
    {0xF070, 0x4012,  2, ValueType::ascii, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::direction, 0, "direction L1"},
    {0xF072, 0x4013,  2, ValueType::ascii, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::direction, 1, "direction L2"},
    {0xF074, 0x4014,  2, ValueType::ascii, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::direction, 2, "direction L3"},
    {0xF076, 0x4015,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::error_code, 0, "error code"},
    {0xF078, 0x4017,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::quadrant, 3, "quadrant"},
    {0xF07A, 0x4018,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::quadrant, 0, "quadrant L1"},
    {0xF07C, 0x4019,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::quadrant, 1, "quadrant L2"},
    {0xF07E, 0x401A,  2, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::quadrant, 2, "quadrant L3"},
    {0xF080, 0x401B,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::read, Content::program_checksum, 0, "checksum"},
    {0xF084, 0x400C,  2, ValueType::bcd, Unit::A, 0, Access::none, Access::none, Access::none, Access::read, Content::ct_ratio, 0, "CT ratio BCD"},
    {0xF086, 0x401F,  2, ValueType::integer, Unit::A, 0, Access::none, Access::none, Access::none, Access::read, Content::ct_secondary, 0, "CT secondary"},
    {0xF088, 0x5000,  4, ValueType::floating, Unit::V, 1, Access::none, Access::none, Access::none, Access::read, Content::nothing, 0, "nothing at 5000"},
    {0xF08C, 0x500A,  4, ValueType::floating, Unit::A, 2, Access::none, Access::none, Access::none, Access::read, Content::nothing, 1, "nothing at 500A"},
    {0xF100, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 0, "U gain L1"},
    {0xF104, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 1, "I gain L1"},
    {0xF108, 0x0000,  4, ValueType::integer, Unit::ns, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 2, "I delay L1"},
    {0xF10C, 0x0000,  4, ValueType::integer, Unit::urad, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 3, "I lead L1"},
    {0xF110, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 4, "U drift L1"},
    {0xF114, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 5, "I drift L1"},
    {0xF118, 0x0000,  4, ValueType::integer, Unit::ppm_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 6, "I lead drift L1"},
    {0xF11C, 0x0000,  4, ValueType::integer, Unit::uW, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 7, "P offset L1"},
    {0xF120, 0x0000,  4, ValueType::integer, Unit::uvar, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 8, "Q offset L1"},
    {0xF140, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 9, "U gain L2"},
    {0xF144, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 10, "I gain L2"},
    {0xF148, 0x0000,  4, ValueType::integer, Unit::ns, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 11, "I delay L2"},
    {0xF14C, 0x0000,  4, ValueType::integer, Unit::urad, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 12, "I lead L2"},
    {0xF150, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 13, "U drift L2"},
    {0xF154, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 14, "I drift L2"},
    {0xF158, 0x0000,  4, ValueType::integer, Unit::ppm_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 15, "I lead drift L2"},
    {0xF15C, 0x0000,  4, ValueType::integer, Unit::uW, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 16, "P offset L2"},
    {0xF160, 0x0000,  4, ValueType::integer, Unit::uvar, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 17, "Q offset L2"},
    {0xF180, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 18, "U gain L3"},
    {0xF184, 0x0000,  4, ValueType::integer, Unit::ppm, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 19, "I gain L3"},
    {0xF188, 0x0000,  4, ValueType::integer, Unit::ns, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 20, "I delay L3"},
    {0xF18C, 0x0000,  4, ValueType::integer, Unit::urad, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 21, "I lead L3"},
    {0xF190, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 22, "U drift L3"},
    {0xF194, 0x0000,  4, ValueType::integer, Unit::ppb_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 23, "I drift L3"},
    {0xF198, 0x0000,  4, ValueType::integer, Unit::ppm_per_K, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 24, "I lead drift L3"},
    {0xF19C, 0x0000,  4, ValueType::integer, Unit::uW, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 25, "P offset L3"},
    {0xF1A0, 0x0000,  4, ValueType::integer, Unit::uvar, 0, Access::none, Access::none, Access::none, Access::none, Content::calibration, 26, "Q offset L3"},
    {0xF1C0, 0x0000,  4, ValueType::integer, Unit::mdegC, 0, Access::none, Access::none, Access::none, Access::none, Content::temperature, 0, "temperature inside"},
    {0xF1C4, 0x0000,  4, ValueType::integer, Unit::none, 0, Access::none, Access::none, Access::none, Access::none, Content::constants_pending, 0, "constants to be stored"},
};
// clang-format on
inline constexpr int row_count = static_cast<int>(sizeof(rows) / sizeof(rows[0]));

/// Where the second generation's map begins, above all rows of the first that ports show.
inline constexpr std::uint32_t second_map_begin = 0x4000;

/// The row that begins at `address` of the first generation's map, or null.
const Row* find(std::uint32_t address);
/// The row that begins at `address` of the second generation's map, or null.
const Row* find_second(std::uint32_t address);

/// Whether it is one of the rows that calibration works with.
constexpr bool is_factory_row(const Row& row) { return row.address >= 0xF100; }

/// What `port` may do with `row`.
Access access(const Row& row, Port port);

}  // namespace metrology::registers
