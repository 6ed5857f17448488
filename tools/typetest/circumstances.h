// A Condition in the words of the scenario engine: what the mains are to be, and who else is busy.
#pragma once

#include "tools/scenario/scenario.h"
#include "tools/typetest/condition.h"
#include "tools/typetest/subject.h"

namespace tools::typetest {

/// The mains and the air of a condition, every quantity of them, so that nothing is left of the one
/// before.
/// Throws std::invalid_argument for a condition that nothing can be: a tone beside no current.
GridChange mains_of(const Condition& condition, const Ratings& ratings);

/// 230 V at the tariff input, or nothing.
TariffVoltage tariff_voltage_of(const Condition& condition, const Ratings& ratings);

/// Somebody who reads the meter all the time, by the bus that its version has: Modbus registers one
/// after the other, or the readout of the M-Bus; PRO380-S, which has no bus, by its infra-red port.
/// Added to a scenario of one meter.
void add_bus_traffic(Scenario& scenario);

}  // namespace tools::typetest
