// What a SystemC model includes that has a meter in it; README.md's section shows how.
#pragma once

#include "tools/embedding/meter_module.h"
