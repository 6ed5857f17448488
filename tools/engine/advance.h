// Lets simulated time pass.
#pragma once

#include "models/pins/time.h"

namespace tools {

/// Runs the kernel for `duration`. Its coroutines tell AddressSanitizer of every switch of stacks,
/// but not where the main stack lies when they come back to it, so that the next exception here
/// would be taken for one on an unknown stack; in such a build this says it again.
void advance(models::pins::Ps duration);

}  // namespace tools
