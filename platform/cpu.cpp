#include "platform/cpu.h"

#include <cstring>
#include <utility>

namespace platform {

Cpu::Cpu(const sc_core::sc_module_name& name, Pace& pace, ResetUnit& resets, const ClockTree& clock,
         CpuTrace trace)
    : sc_core::sc_module(name),
      socket("socket"),
      pace_(pace),
      clock_(clock),
      resets_(resets),
      trace_(std::move(trace)) {
  payload_.set_extension(&commit_);
}

Cpu::~Cpu() { payload_.clear_extension(&commit_); }

void Cpu::take_reset(Cycle at, ResetCause cause) {
  resets_.act(at, cause);
  throw Reset{at};
}

void Cpu::take_requested_reset() {
  if (resets_.requested()) take_reset(resets_.requested_at(), ResetCause::software);
}

bool Cpu::transfer(tlm::tlm_command command, std::uint32_t address, unsigned length, void* data) {
  payload_.set_command(command);
  payload_.set_address(address);
  payload_.set_data_ptr(static_cast<unsigned char*>(data));
  payload_.set_data_length(length);
  payload_.set_streaming_width(length);
  payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  commit_.cycle = now_;
  sc_core::sc_time unused;
  socket->b_transport(payload_, unused);
  now_ = commit_.cycle;

  const bool failed = payload_.is_response_error();
  if (trace_.log != nullptr) {
    std::uint32_t value = 0;
    if (!failed) std::memcpy(&value, data, length);
    trace_.log->record(clock_.edge(now_), trace_.instance, "access",
                       {{"address", std::uint64_t{address}},
                        {"write", command == tlm::TLM_WRITE_COMMAND},
                        {"value", std::uint64_t{value}},
                        {"error", failed}});
  }
  return !failed;
}

void Cpu::trace_event(const char* event) {
  if (trace_.log != nullptr) {
    trace_.log->record(clock_.edge(now_), trace_.instance, event, {});
  }
}

}  // namespace platform
