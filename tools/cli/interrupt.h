// SIGINT as a flag: a run ends cleanly at its next look at it.
#pragma once

namespace tools {

/// From here on SIGINT only sets the flag.
void watch_for_interrupt();
bool interrupt_wanted();

}  // namespace tools
