#include "peripherals/memory/read_only_memory.h"

#include <utility>

#include "peripherals/memory/memory_access.h"

namespace peripherals {

ReadOnlyMemory::ReadOnlyMemory(const sc_core::sc_module_name& name, std::uint32_t size,
                               std::vector<std::uint32_t> image)
    : sc_core::sc_module(name), socket("socket"), size_(size), image_(std::move(image)) {
  socket.register_b_transport(this, &ReadOnlyMemory::b_transport);
  socket.register_transport_dbg(this, &ReadOnlyMemory::transport_dbg);
}

std::uint32_t ReadOnlyMemory::word(std::uint32_t offset) const {
  const std::size_t index = offset / 4;
  return index < image_.size() ? image_[index] : 0xFFFF'FFFF;
}

void ReadOnlyMemory::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  if (!is_plain_memory_access(payload, size_)) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (!payload.is_read()) {
    payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
    return;
  }
  const auto offset = static_cast<std::uint32_t>(payload.get_address());
  const std::uint32_t shifted = word(offset & ~3u) >> 8 * (offset % 4);
  std::memcpy(payload.get_data_ptr(), &shifted, payload.get_data_length());
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

unsigned ReadOnlyMemory::transport_dbg(tlm::tlm_generic_payload& payload) {
  if (!payload.is_read()) return 0;
  const auto begin = static_cast<std::uint32_t>(payload.get_address());
  unsigned done = 0;
  for (; done < payload.get_data_length() && begin + done < size_; ++done) {
    const std::uint32_t offset = begin + done;
    payload.get_data_ptr()[done] =
        static_cast<unsigned char>(word(offset & ~3u) >> 8 * (offset % 4));
  }
  return done;
}

}  // namespace peripherals
