#include "peripherals/bus/register_target.h"

#include <algorithm>
#include <cstring>

#include "peripherals/bus/commit.h"

namespace peripherals {

RegisterTarget::RegisterTarget(const sc_core::sc_module_name& name)
    : sc_core::sc_module(name), socket("socket") {
  socket.register_b_transport(this, &RegisterTarget::b_transport);
  socket.register_transport_dbg(this, &RegisterTarget::transport_dbg);
}

void RegisterTarget::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  const auto offset = static_cast<std::uint32_t>(payload.get_address());
  if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4 || offset % 4 != 0) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (payload.get_byte_enable_ptr() != nullptr) {
    payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  const Cycle at = payload.get_extension<Commit>()->cycle;
  std::uint32_t value = 0;
  bool done = false;
  if (payload.is_write()) {
    std::memcpy(&value, payload.get_data_ptr(), sizeof value);
    done = write(offset, at, value);
  } else if (payload.is_read()) {
    done = read(offset, at, value);
    if (done) std::memcpy(payload.get_data_ptr(), &value, sizeof value);
  }
  payload.set_response_status(done ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

unsigned RegisterTarget::transport_dbg(tlm::tlm_generic_payload& payload) {
  if (!payload.is_read()) return 0;
  const Cycle at = payload.get_extension<Commit>()->cycle;
  const auto begin = static_cast<std::uint32_t>(payload.get_address());
  unsigned done = 0;
  while (done < payload.get_data_length()) {
    const std::uint32_t offset = begin + done;
    std::uint32_t value = 0;
    if (reading_acts(offset & ~3u) || !read(offset & ~3u, at, value)) break;
    const unsigned lane = offset % 4;
    const unsigned count = std::min(4 - lane, payload.get_data_length() - done);
    value >>= 8 * lane;
    std::memcpy(payload.get_data_ptr() + done, &value, count);
    done += count;
  }
  return done;
}

}  // namespace peripherals
