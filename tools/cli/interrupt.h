// The wish to stop as a flag: a run ends cleanly at its next look at it.
#pragma once

namespace tools {

/// From here on SIGINT, SIGTERM and SIGHUP (unless nohup had it ignored) only set the flag, and
/// writing to a pipe that nobody reads is an error like any other.
void watch_for_interrupt();
bool interrupt_wanted();
/// In a child of `parent`: the parent's death sets the flag too.
void end_with_parent(int parent);

}  // namespace tools
