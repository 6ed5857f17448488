#include "tools/cli/version.h"

#include <fmt/format.h>

#include "metrology/energy/pulse_width.h"
#include "metrology/registers/table.h"
#include "metrology/signal/signal_path.h"
#include "tools/cli/build_name.h"

namespace tools {
namespace {

class Crc32 {
 public:
  void add(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      crc_ ^= static_cast<std::uint32_t>(value >> (8 * i)) & 0xFFU;
      for (int bit = 0; bit < 8; ++bit) {
        crc_ = (crc_ >> 1U) ^ ((crc_ & 1U) != 0 ? 0xEDB8'8320U : 0U);
      }
    }
  }
  std::uint32_t value() const { return ~crc_; }

 private:
  std::uint32_t crc_ = 0xFFFF'FFFF;
};

void add_registers(Crc32& crc) {
  for (const metrology::registers::Row& row : metrology::registers::rows) {
    crc.add(row.address, 2);
    crc.add(row.second_address, 2);
    for (const std::uint64_t field :
         {std::uint64_t{row.bytes}, static_cast<std::uint64_t>(row.type),
          static_cast<std::uint64_t>(row.unit), std::uint64_t{row.decimals},
          static_cast<std::uint64_t>(row.ir), static_cast<std::uint64_t>(row.mbus),
          static_cast<std::uint64_t>(row.modbus), static_cast<std::uint64_t>(row.content),
          std::uint64_t{row.index}}) {
      crc.add(field, 1);
    }
    for (const char c : row.name) crc.add(static_cast<unsigned char>(c), 1);
  }
}

void add_pulse_widths(Crc32& crc) {
  namespace energy = metrology::energy;
  constexpr std::uint64_t pWh_per_s_of_1_W = 1'000'000'000'000 / 3600;
  constexpr std::int64_t one_second = energy::ticks_per_core_cycle * metrology::hal::core_hz;
  for (const std::uint32_t rate : energy::s0_rates_centi) {
    crc.add(rate, 4);
    for (const std::uint64_t watts : {1000, 5000, 15'000, 30'000, 45'000, 60'000}) {
      crc.add(energy::s0_width_cycles(rate, watts * pWh_per_s_of_1_W, one_second), 4);
    }
  }
  crc.add(energy::led_width_cycles, 4);
}

}  // namespace

std::string build_name() { return PRO380_BUILD_NAME; }

std::uint32_t firmware_crc() {
  Crc32 crc;
  add_registers(crc);
  add_pulse_widths(crc);
  crc.add(static_cast<std::uint64_t>(metrology::signal::signal_delay_half_cycles), 4);
  crc.add(static_cast<std::uint64_t>(metrology::signal::reactive_extra_delay_samples), 4);
  return crc.value();
}

std::string version_text() {
  return fmt::format("vmeter {}\nfirmware constants CRC-32 {:08X}\n", build_name(), firmware_crc());
}

}  // namespace tools
