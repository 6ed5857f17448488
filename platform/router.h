// The AHB-like bus: from the CPU's data port to the targets, with the cost of each access.
//
// An access that begins in cycle c to a region with g wait cycles occupies the bus for k = g + 1
// cycles and commits at edge c + k. If that would overlap a window of the DMA, it begins at the
// window's end instead. The response takes the CPU one cycle more, so an undisturbed load or store
// costs 2 + g. An access to no region is a bus error at c + 1.
//
// b_transport takes the beginning in the payload's Commit extension and leaves the commit edge
// there; its delay argument is not used, for cycle counts are the authority. It waits until the
// kernel has done what is due up to the commit edge; where others act on the target unannounced,
// and that could show by then (peripherals/bus/shared_target.h), until the kernel stands there.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <systemc>
#include <tlm>

#include "peripherals/bus/shared_target.h"
#include "peripherals/dma/dma.h"
#include "platform/decode_table.h"
#include "platform/pace.h"

namespace platform {

class Router : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Router> from_cpu;

  Router(const sc_core::sc_module_name& name, peripherals::Dma& dma, Pace& pace);

  /// The socket to be bound to a target.
  tlm_utils::simple_initiator_socket<Router>& to(BusTarget target) {
    return targets_[static_cast<std::size_t>(target)];
  }
  /// Says that others act on a target unannounced; `shared` must outlive the router.
  void share(BusTarget target, const peripherals::SharedTarget& shared) {
    shared_[static_cast<std::size_t>(target)] = &shared;
  }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  /// Up to the region's end; the payload's Commit extension says as of which edge.
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);

  peripherals::Dma& dma_;
  Pace& pace_;
  sc_core::sc_vector<tlm_utils::simple_initiator_socket<Router>> targets_;
  std::array<const peripherals::SharedTarget*, bus_target_count>
      shared_{};  ///< null: nobody's else
};

}  // namespace platform
