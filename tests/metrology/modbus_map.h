// A meter whose rows all differ, and what stands at each address of both maps: the addresses and
// types of pro380 §3, the values computed here.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>

#include "tests/metrology/modbus_rows.h"

namespace tests {

/// Address → the bytes that stand there.
using Matrix = std::map<std::uint32_t, Bytes>;

inline Bytes word(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
}
inline Bytes long_word(std::uint32_t value) {
  Bytes bytes = word(value >> 16U);
  append16(bytes, value);
  return bytes;
}
inline Bytes real(double value) {
  const auto single = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof(bits));
  return long_word(bits);
}
inline Bytes text(const char* characters, std::size_t size) {
  Bytes bytes(characters, characters + std::strlen(characters));
  bytes.resize(size, 0);
  return bytes;
}

/// What the meter of these tests measures; L2 feeds in.
inline constexpr double volts[] = {230.1, 231.2, 229.3};
inline constexpr double amperes[] = {5.01, -6.02, 7.03};
inline constexpr double active_kW[] = {1.101, -1.202, 1.303, 1.202};  // L1, L2, L3, total
inline constexpr double reactive_kvar[] = {0.101, 0.202, -0.303, 0.001};
inline constexpr double apparent_kVA[] = {1.151, 1.392, 1.612, 4.155};
inline constexpr double power_factor[] = {0.96, 0.86, 0.81, 0.99};

/// Energy of kind, direction, tariff and phase in whole kWh; all different, small enough for
/// floats.
inline int energy_kWh(int kind, int direction, int tariff, int phase) {
  return 1 + phase + 10 * tariff + 100 * direction + 1000 * kind;
}

inline void fill(RowMeter& meter) {
  for (int phase = 0; phase < 3; ++phase) {
    meter.measurements.voltage_V[phase] = volts[phase];
    meter.measurements.current_A[phase] = amperes[phase];
    meter.status.phases.present[phase] = phase != 1;
  }
  for (int n = 0; n < 4; ++n) {
    meter.measurements.active_W[n] = 1000 * active_kW[n];
    meter.measurements.reactive_var[n] = 1000 * reactive_kvar[n];
    meter.measurements.apparent_VA[n] = 1000 * apparent_kVA[n];
    meter.measurements.power_factor[n] = power_factor[n];
  }
  meter.measurements.frequency_Hz = 49.98;
  meter.status.memory_fault = true;
  meter.status.power_downs = 42;
  meter.status.program_checksum = 0xCAFE'1234;
  meter.tariff.active = metrology::energy::Tariff::t2;
  metrology::energy::Accounts& accounts = meter.energy.accounts;
  for (int kind = 0; kind < 2; ++kind) {
    for (int direction = 0; direction < 2; ++direction) {
      for (int tariff = 0; tariff < 2; ++tariff) {
        for (int phase = 0; phase < 3; ++phase) {
          const metrology::energy::EnergyCounter counter{
              std::int64_t{energy_kWh(kind, direction, tariff, phase)} * 1'000'000'000, 0};
          const auto k = static_cast<metrology::energy::Kind>(kind);
          const auto d = static_cast<metrology::energy::Direction>(direction);
          const auto t = static_cast<metrology::energy::Tariff>(tariff);
          accounts.phase[phase].of(k, d, t) = counter;
          accounts.total.of(k, d, t) = accounts.total.of(k, d, t) + counter;
        }
      }
    }
  }
  accounts.day_start = {std::int64_t{100} * 1'000'000'000, 0};
}

/// Parts of the energy block: all tariffs, L1, L2, L3, T1, T2.
inline constexpr std::uint32_t first_parts[] = {0x00, 0x08, 0x0C, 0x10, 0x100, 0x200};
inline constexpr std::uint32_t second_parts[] = {0x0, 0x6, 0x8, 0xA, 0x2, 0x4};

/// Of one part: sum over what it takes in.
inline double part_kWh(int kind, int direction, int part) {
  double sum = 0;
  for (int tariff = 0; tariff < 2; ++tariff) {
    for (int phase = 0; phase < 3; ++phase) {
      const bool in =
          part == 0 || (part <= 3 && phase == part - 1) || (part >= 4 && tariff == part - 4);
      if (in) sum += energy_kWh(kind, direction, tariff, phase);
    }
  }
  return sum;
}

/// All six blocks of energies; total by the combined code: 05 both directions, 01 forward alone.
inline void add_energies(Matrix& matrix, std::uint32_t base, const std::uint32_t (&parts)[6],
                         std::uint32_t step, bool both) {
  for (int kind = 0; kind < 2; ++kind) {
    for (int part = 0; part < 6; ++part) {
      const double forward = part_kWh(kind, 0, part);
      const double reverse = part_kWh(kind, 1, part);
      const std::uint32_t at = base + static_cast<std::uint32_t>(kind) * 3 * step + parts[part];
      matrix[at] = real(both ? forward + reverse : forward);
      matrix[at + step] = real(forward);
      matrix[at + 2 * step] = real(reverse);
    }
  }
}

/// `values` from `base` on, total first where there is one, `step` addresses apart.
inline void add_powers(Matrix& matrix, std::uint32_t total, std::uint32_t first_phase,
                       std::uint32_t step, const double (&values)[4]) {
  matrix[total] = real(values[3]);
  for (std::uint32_t n = 0; n < 3; ++n) matrix[first_phase + n * step] = real(values[n]);
}

/// The manual's matrix for a direct Mod meter.
inline Matrix first_map(bool second_generation) {
  Matrix m;
  m[0x1000] = long_word(0x14501234);
  m[0x1010] = word(0x0102);
  m[0x1018] = word(1);
  m[0x1020] = word(9600);
  m[0x1030] = text("PRO380-Mod", 32);
  m[0x1050] = real(second_generation ? 3.20 : 1.01);
  m[0x1054] = real(second_generation ? 2.18 : 1.01);
  m[0x1058] = real(second_generation ? 1.32 : 1.01);
  m[0x1060] = word(100);
  m[0x1062] = word(0);
  m[0x1066] = real(1000);
  m[0x107A] = word(second_generation ? 1 : 5);
  m[0x1510] = word(0x0010);
  for (std::uint32_t n = 0; n < 3; ++n) {
    m[0x2008 + 4 * n] = real(volts[n]);
    m[0x2068 + 4 * n] = real(amperes[n]);
  }
  m[0x2020] = real(49.98);
  add_powers(m, 0x2080, 0x2088, 4, active_kW);
  add_powers(m, 0x20A0, 0x20A8, 4, reactive_kvar);
  add_powers(m, 0x20C0, 0x20C8, 4, apparent_kVA);
  add_powers(m, 0x20E0, 0x20E8, 4, power_factor);
  m[0x2200] = word(2);
  add_energies(m, 0x3000, first_parts, 0x20, !second_generation);
  return m;
}

inline Matrix second_map() {
  Matrix m;
  m[0x4000] = long_word(0x14501234);
  m[0x4002] = word(0x0102);
  m[0x4003] = word(1);
  m[0x4004] = word(9600);
  m[0x4005] = real(3.20);
  m[0x4007] = real(2.18);
  m[0x4009] = real(1.32);
  m[0x400B] = word(100);
  m[0x400C] = word(0);
  m[0x400D] = real(1000);
  m[0x400F] = word(1);
  m[0x4010] = word(0x0010);
  m[0x4011] = word(1);
  m[0x4012] = text("1F", 2);
  m[0x4013] = text("2R", 2);
  m[0x4014] = text("3F", 2);
  m[0x4015] = word(0b01010);  // EEPROM, L2
  m[0x4016] = word(42);
  m[0x4017] = word(1);  // 1.202 kW, 0.001 kvar
  m[0x4018] = word(1);
  m[0x4019] = word(2);
  m[0x401A] = word(4);
  m[0x401B] = long_word(0xCAFE'1234);
  m[0x401D] = long_word(0x0010'0101);  // "S 10 101"
  m[0x401F] = word(5);
  m[0x5000] = real(0);
  m[0x500A] = real(0);
  for (std::uint32_t n = 0; n < 3; ++n) {
    m[0x5002 + 2 * n] = real(volts[n]);
    m[0x500C + 2 * n] = real(amperes[n]);
  }
  m[0x5008] = real(49.98);
  add_powers(m, 0x5012, 0x5014, 2, active_kW);
  add_powers(m, 0x501A, 0x501C, 2, reactive_kvar);
  add_powers(m, 0x5022, 0x5024, 2, apparent_kVA);
  add_powers(m, 0x502A, 0x502C, 2, power_factor);
  add_energies(m, 0x6000, second_parts, 0x0C, false);
  m[0x6048] = word(2);
  // Forward energy of all tariffs since the last reset, which was at 100 kWh.
  m[0x6049] = real(part_kWh(0, 0, 0) - 100);
  return m;
}

inline std::uint32_t registers_of(const Bytes& bytes) {
  return static_cast<std::uint32_t>(bytes.size() / 2);
}

}  // namespace tests
