#include "platform/debug_access.h"

#include <vector>

#include "platform/decode_table.h"

namespace platform {

DebugAccess::DebugAccess(Cpu& cpu, const ClockTree& clock, WideTime base)
    : cpu_(cpu), clock_(clock), base_(base) {}

std::uint32_t DebugAccess::debug_read(std::uint32_t address, std::uint32_t length,
                                      unsigned char* bytes, Cycle at) {
  commit_.cycle = at;
  payload_.set_extension(&commit_);
  payload_.set_command(tlm::TLM_READ_COMMAND);
  payload_.set_address(address);
  payload_.set_data_ptr(bytes);
  payload_.set_data_length(length);
  const std::uint32_t done = cpu_.socket->transport_dbg(payload_);
  payload_.clear_extension(&commit_);
  return done;
}

bool DebugAccess::debug_write(std::uint32_t address, std::uint32_t length,
                              const unsigned char* bytes, Cycle at) {
  const BusRegion* region = decode(address);
  if (length == 0) return true;
  if (region == nullptr || region->target != BusTarget::ram ||
      length > region->size - (address - region->base)) {
    return false;
  }
  std::vector<unsigned char> written(bytes, bytes + length);  // the payload's are not const
  commit_.cycle = at;
  payload_.set_extension(&commit_);
  payload_.set_command(tlm::TLM_WRITE_COMMAND);
  payload_.set_address(address);
  payload_.set_data_ptr(written.data());
  payload_.set_data_length(length);
  const bool done = cpu_.socket->transport_dbg(payload_) == length;
  payload_.clear_extension(&commit_);
  cpu_.code_changed(address, length);
  return done;
}

std::optional<WideTime> DebugAccess::debug_instant(Cycle at) const {
  return base_ + clock_.edge(at);
}

}  // namespace platform
