#include "platform/router.h"

#include <algorithm>

#include "peripherals/bus/commit.h"

namespace platform {

Router::Router(const sc_core::sc_module_name& name, peripherals::Dma& dma, Pace& pace)
    : sc_core::sc_module(name),
      from_cpu("from_cpu"),
      dma_(dma),
      pace_(pace),
      targets_("to", bus_target_count) {
  from_cpu.register_b_transport(this, &Router::b_transport);
  from_cpu.register_transport_dbg(this, &Router::transport_dbg);
}

void Router::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const auto address = static_cast<std::uint32_t>(payload.get_address());
  const BusRegion* region = decode(address);
  const int cycles = 1 + (region != nullptr ? region->wait_cycles : unmapped_wait_cycles);

  auto* commit = payload.get_extension<peripherals::Commit>();
  commit->cycle = dma_.bus_free_at(commit->cycle, cycles) + cycles;
  if (region == nullptr) {
    pace_.reach(commit->cycle);
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  const std::uint32_t offset = address - region->base;
  const auto target = static_cast<std::size_t>(region->target);
  if (shared_[target] == nullptr) {
    pace_.reach(commit->cycle);
  } else {
    pace_.meet(commit->cycle, shared_[target]->shows_after(offset, payload.is_write()));
  }
  payload.set_address(offset);
  targets_[target]->b_transport(payload, delay);
  payload.set_address(address);
}

unsigned Router::transport_dbg(tlm::tlm_generic_payload& payload) {
  const auto address = static_cast<std::uint32_t>(payload.get_address());
  const BusRegion* region = decode(address);
  if (region == nullptr) return 0;
  const std::uint32_t offset = address - region->base;
  const unsigned length = payload.get_data_length();
  payload.set_address(offset);
  payload.set_data_length(std::min(length, region->size - offset));
  const unsigned done = targets_[static_cast<std::size_t>(region->target)]->transport_dbg(payload);
  payload.set_address(address);
  payload.set_data_length(length);
  return done;
}

}  // namespace platform
