// Judges expectations by what a run left behind.
#pragma once

#include <vector>

#include "tools/checks/evidence.h"
#include "tools/checks/verdict.h"

namespace tools {

/// Energy of the world at t is played as pulses at t + 320 samples, exactly (pro380 §7).
inline constexpr Ps active_latency = 320 * 244'140'625ull;
/// Reactive energy 196 samples later.
inline constexpr Ps reactive_latency = (320 + 196) * 244'140'625ull;
/// Accuracy that active energy is promised with; what counts may drift by against the truth.
inline constexpr double energy_accuracy = 1e-4;

/// The verdict on expectation `index` of the scenario.
Verdict judge(const Scenario& scenario, std::size_t index, const Evidence& evidence);

std::vector<Verdict> judge_all(const Scenario& scenario, const Evidence& evidence);

/// Whether no later evidence can change what becomes of expectation `index`. What came of a line's
/// exchanges is known at the scenario's end only.
bool is_decided(const Scenario& scenario, std::size_t index, const Evidence& evidence);

}  // namespace tools
