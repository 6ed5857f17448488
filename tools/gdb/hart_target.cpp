#include "tools/gdb/hart_target.h"

#include <fmt/format.h>

namespace tools::gdb {

using platform::rv32::Hart;

std::optional<Breakpoints::Met> HartTarget::point_at(const Hart& hart) const {
  const Hart::State& state = hart.state();
  if (const auto kind = points_.at(state.pc)) return Breakpoints::Met{*kind, state.pc};
  if (!points_.any_watchpoint() || view_ == nullptr) return std::nullopt;
  unsigned char bytes[4] = {};
  if (view_->debug_read(state.pc, sizeof bytes, bytes, state.now) < 2) return std::nullopt;
  std::uint32_t code = 0;
  for (unsigned n = 0; n < sizeof bytes; ++n) code |= std::uint32_t{bytes[n]} << 8 * n;
  const auto access = data_access(code, state.x);
  return access ? points_.by(*access) : std::nullopt;
}

std::optional<std::uint32_t> HartTarget::read_register(std::uint32_t number) {
  const Hart::State& state = hart_->state();
  if (number < state.x.size()) return state.x[number];
  if (number == register_pc) return state.pc;
  std::uint32_t value = 0;
  if (number < first_csr || !hart_->read_csr(number - first_csr, value)) return std::nullopt;
  return value;
}

bool HartTarget::write_register(std::uint32_t number, std::uint32_t value) {
  if (number < register_pc) {
    hart_->set_register(number, value);
  } else if (number == register_pc) {
    hart_->set_pc(value);
  } else {
    return number >= first_csr && hart_->write_csr(number - first_csr, value);
  }
  return true;
}

std::string HartTarget::read_memory(std::uint32_t address, std::uint32_t length) {
  std::string bytes(view_ == nullptr ? 0 : length, '\0');
  if (bytes.empty()) return bytes;
  bytes.resize(view_->debug_read(address, length, reinterpret_cast<unsigned char*>(bytes.data()),
                                 hart_->state().now));
  return bytes;
}

bool HartTarget::write_memory(std::uint32_t address, std::string_view bytes) {
  return view_ != nullptr &&
         view_->debug_write(address, static_cast<std::uint32_t>(bytes.size()),
                            reinterpret_cast<const unsigned char*>(bytes.data()),
                            hart_->state().now);
}

}  // namespace tools::gdb
