#include "peripherals/memory/ram.h"

#include <algorithm>

#include "peripherals/bus/commit.h"
#include "peripherals/memory/memory_access.h"

namespace peripherals {

Ram::Ram(const sc_core::sc_module_name& name) : sc_core::sc_module(name), socket("socket") {
  socket.register_b_transport(this, &Ram::b_transport);
  socket.register_transport_dbg(this, &Ram::transport_dbg);
}

void Ram::catch_up(Cycle at) {
  if (lazy_writer_ != nullptr) lazy_writer_->catch_up(at);
}

void Ram::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  if (!is_plain_memory_access(payload, metrology::hal::ram_size)) {
    payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  catch_up(payload.get_extension<Commit>()->cycle);
  auto* place = reinterpret_cast<unsigned char*>(state_.words.data()) + payload.get_address();
  if (payload.is_write()) {
    std::memcpy(place, payload.get_data_ptr(), payload.get_data_length());
  } else {
    std::memcpy(payload.get_data_ptr(), place, payload.get_data_length());
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

unsigned Ram::transport_dbg(tlm::tlm_generic_payload& payload) {
  const std::uint64_t offset = payload.get_address();
  if (offset >= metrology::hal::ram_size) return 0;
  catch_up(payload.get_extension<Commit>()->cycle);
  const auto length = static_cast<unsigned>(
      std::min<std::uint64_t>(payload.get_data_length(), metrology::hal::ram_size - offset));
  auto* place = reinterpret_cast<unsigned char*>(state_.words.data()) + offset;
  if (payload.is_write()) {
    std::memcpy(place, payload.get_data_ptr(), length);
  } else {
    std::memcpy(payload.get_data_ptr(), place, length);
  }
  return length;
}

}  // namespace peripherals
