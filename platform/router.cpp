#include "platform/router.h"

#include "peripherals/bus/commit.h"

namespace platform {

Router::Router(const sc_core::sc_module_name& name, peripherals::Dma& dma, Pace& pace)
    : sc_core::sc_module(name),
      from_cpu("from_cpu"),
      dma_(dma),
      pace_(pace),
      targets_("to", bus_target_count) {
  from_cpu.register_b_transport(this, &Router::b_transport);
}

void Router::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const auto address = static_cast<std::uint32_t>(payload.get_address());
  const BusRegion* region = decode(address);
  const int cycles = 1 + (region != nullptr ? region->wait_cycles : unmapped_wait_cycles);

  auto* commit = payload.get_extension<peripherals::Commit>();
  commit->cycle = dma_.bus_free_at(commit->cycle, cycles) + cycles;
  if (region != nullptr && region->is_shared) {
    pace_.meet(commit->cycle);
  } else {
    pace_.reach(commit->cycle);
  }

  if (region == nullptr) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  payload.set_address(address - region->base);
  targets_[static_cast<std::size_t>(region->target)]->b_transport(payload, delay);
  payload.set_address(address);
}

}  // namespace platform
