// Band-limited resampling: what lies between the samples of a recorder with a proper anti-alias
// filter, at a whole multiple of its rate.
//
// A sinc of the recorder's rate under a Kaiser window, 48 samples to either side, one set of
// coefficients for each place between two samples (polyphase). It goes exactly through the samples.
// Up to 0.93 of half the rate a tone comes out as it went in within 3e-5 of its amplitude; above,
// it fades, to half at half the rate. [twin]
#pragma once

#include <cstddef>
#include <vector>

namespace models::recordings {

/// What lies beyond the samples: their own repetition, or each end's point reflection.
enum class Edges { repeat, reflect };

/// `multiple` values for each step from one sample to the next: with `repeat` as many steps as
/// samples, else one less and the last sample itself. Value n is the waveform at n/multiple − shift
/// samples.
std::vector<double> resampled(const std::vector<double>& samples, Edges edges, std::size_t multiple,
                              double shift);

}  // namespace models::recordings
