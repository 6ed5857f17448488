// Ports that need not be bound: who leaves one open says that nothing is connected there.
#pragma once

#include <functional>
#include <systemc>

namespace vmeter {

template <typename T>
using OptionalIn = sc_core::sc_port<sc_core::sc_signal_in_if<T>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;
template <typename T>
using OptionalOut =
    sc_core::sc_port<sc_core::sc_signal_inout_if<T>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;

/// For end_of_elaboration: `action` is called whenever the event comes.
void follow(const sc_core::sc_event& event, const char* name, std::function<void()> action);
/// … whenever the signal at `port` has changed; never if there is none.
template <typename T>
void follow(OptionalIn<T>& port, const char* name, std::function<void()> action) {
  if (port.size() > 0) follow(port->default_event(), name, std::move(action));
}

}  // namespace vmeter
