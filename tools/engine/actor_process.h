// A kernel process for somebody of the world whose next instant may change at any time, because
// others act on him: an end of a serial line. The script cannot wake such a one; what he does is
// nothing that a meter's CPU must wait for, for it shows through a UART alone.
#pragma once

#include <systemc>

#include "tools/engine/script_actor.h"

namespace tools {

class ActorProcess : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(ActorProcess);

  /// `actor` must outlive this. `waits`: he does nothing before `begin`.
  ActorProcess(const sc_core::sc_module_name& name, ScriptActor& actor, bool waits = false);

  /// To be called when the actor's next instant has changed.
  void rearm();
  /// From the present kernel time on he acts, as he was put back.
  void begin();

 private:
  void act();

  ScriptActor& actor_;
  bool waits_;
  sc_core::sc_event wake_;
};

}  // namespace tools
