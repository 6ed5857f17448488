// The numbers themselves. Currents are in those of the nameplate, so that one row serves both
// versions: 0.05 Ib of a direct meter and 0.01 In of one with transformers are its Imin, 0.1 Ib and
// 0.05 In are Itr, 0.2 Ib and 0.1 In are 2 Itr.
#include "tools/typetest/points/limits.h"

namespace tools::typetest {
namespace {

constexpr std::string_view en = "EN 50470-3 §8";
constexpr std::string_view iec_b = "IEC 62053-21 §8.1";
constexpr std::string_view iec_c = "IEC 62053-22 §8.1";
constexpr std::string_view iec_b_influence = "IEC 62053-21 §8.2";
constexpr std::string_view iec_c_influence = "IEC 62053-22 §8.2";
constexpr std::string_view iec_reactive = "IEC 62053-23 §8.1";
constexpr std::string_view iec_reactive_influence = "IEC 62053-23 §8.2";
constexpr std::string_view tr = "CLC/TR 50579";
constexpr std::string_view manual = "manual §5.2";
constexpr std::string_view tenth = "a tenth of the standard's limit";

constexpr Bound Imin{Rated::Imin};
constexpr Bound Itr{Rated::Itr};
constexpr Bound two_Itr{Rated::Itr, 2};
constexpr Bound Iref{Rated::Iref};
constexpr Bound Imax{Rated::Imax};
constexpr Bound half_Imax{Rated::Imax, 0.5};
constexpr Bound half_Iref{Rated::Iref, 0.5};
constexpr Bound twentieth_Iref{Rated::Iref, 0.05};
constexpr Bound tenth_Iref{Rated::Iref, 0.1};
constexpr Bound fifth_Iref{Rated::Iref, 0.2};

constexpr Kind active = Kind::active;
constexpr Kind reactive = Kind::reactive;
constexpr Certainty sure = Certainty::standard;
constexpr Certainty unsure = Certainty::uncertain;
constexpr Certainty ours = Certainty::ours;
constexpr Certainty maker = Certainty::maker;
constexpr ForClass b = ForClass::b;
constexpr ForClass c = ForClass::c;
constexpr ForClass both = ForClass::both;
constexpr Factor one = Factor::one;
constexpr Factor ind05 = Factor::inductive_05;
constexpr Factor cap08 = Factor::capacitive_08;
constexpr Factor ind025 = Factor::inductive_025;
constexpr Factor cap05 = Factor::capacitive_05;
constexpr Factor sine1 = Factor::sine_1;
constexpr Factor sine05 = Factor::sine_05;
constexpr Factor sine025 = Factor::sine_025;
using Q = Quantity;

// clang-format off
const std::vector<LimitRow> rows = {
    // energy, what, class, factor, from, to, to included, percent, source, certainty

    // Error, all phases loaded.
    {active, Q::balanced, b, one, Imin, Itr, false, 1.5, en, unsure},
    {active, Q::balanced, b, one, Itr, Imax, true, 1.0, en, sure},
    {active, Q::balanced, b, ind05, Itr, Imax, true, 1.0, en, unsure},
    {active, Q::balanced, b, cap08, Itr, Imax, true, 1.0, en, unsure},
    {active, Q::balanced, b, one, Imin, Itr, false, 1.5, iec_b, sure},
    {active, Q::balanced, b, one, Itr, Imax, true, 1.0, iec_b, sure},
    {active, Q::balanced, b, ind05, Itr, two_Itr, false, 1.5, iec_b, sure},
    {active, Q::balanced, b, cap08, Itr, two_Itr, false, 1.5, iec_b, sure},
    {active, Q::balanced, b, ind05, two_Itr, Imax, true, 1.0, iec_b, sure},
    {active, Q::balanced, b, cap08, two_Itr, Imax, true, 1.0, iec_b, sure},
    {active, Q::balanced, b, ind025, two_Itr, Iref, true, 3.5, iec_b, unsure},
    {active, Q::balanced, b, cap05, two_Itr, Iref, true, 2.5, iec_b, unsure},
    {active, Q::balanced, c, one, Imin, Itr, false, 1.0, en, unsure},
    {active, Q::balanced, c, one, Itr, Imax, true, 0.5, en, sure},
    {active, Q::balanced, c, ind05, Itr, Imax, true, 0.6, en, unsure},
    {active, Q::balanced, c, cap08, Itr, Imax, true, 0.6, en, unsure},
    {active, Q::balanced, c, one, Imin, Itr, false, 1.0, iec_c, sure},
    {active, Q::balanced, c, one, Itr, Imax, true, 0.5, iec_c, sure},
    {active, Q::balanced, c, ind05, {Rated::Itr, 0.4}, two_Itr, false, 1.0, iec_c, sure},
    {active, Q::balanced, c, cap08, {Rated::Itr, 0.4}, two_Itr, false, 1.0, iec_c, sure},
    {active, Q::balanced, c, ind05, two_Itr, Imax, true, 0.6, iec_c, sure},
    {active, Q::balanced, c, cap08, two_Itr, Imax, true, 0.6, iec_c, sure},
    {active, Q::balanced, c, ind025, two_Itr, Imax, true, 1.0, iec_c, unsure},
    {active, Q::balanced, c, cap05, two_Itr, Imax, true, 1.0, iec_c, unsure},

    // Error, one phase loaded. That of class C in EN 50470-3 was remembered with less certainty
    // than any other number here; the stricter one of the IEC governs at PF 1.
    {active, Q::single_phase, b, one, Itr, Imax, true, 2.0, en, unsure},
    {active, Q::single_phase, b, ind05, Itr, Imax, true, 2.0, en, unsure},
    {active, Q::single_phase, b, one, Itr, Imax, true, 2.0, iec_b, sure},
    {active, Q::single_phase, b, ind05, two_Itr, Imax, true, 2.0, iec_b, sure},
    {active, Q::single_phase, c, one, Itr, Imax, true, 1.0, en, unsure},
    {active, Q::single_phase, c, ind05, Itr, Imax, true, 1.0, en, unsure},
    {active, Q::single_phase, c, one, Itr, Imax, true, 0.6, iec_c, sure},
    {active, Q::single_phase, c, ind05, two_Itr, Imax, true, 1.0, iec_c, sure},
    {active, Q::difference, b, one, Iref, Iref, true, 1.5, iec_b, sure},
    {active, Q::difference, c, one, Iref, Iref, true, 1.0, iec_c, sure},

    // What the manual prints for both versions.
    {active, Q::manual, both, one, twentieth_Iref, tenth_Iref, false, 1.5, manual, maker},
    {active, Q::manual, both, one, tenth_Iref, Imax, true, 1.0, manual, maker},
    {active, Q::manual, both, ind05, tenth_Iref, fifth_Iref, false, 1.5, manual, maker},
    {active, Q::manual, both, cap08, tenth_Iref, fifth_Iref, false, 1.5, manual, maker},
    {active, Q::manual, both, ind05, fifth_Iref, Imax, true, 1.0, manual, maker},
    {active, Q::manual, both, cap08, fifth_Iref, Imax, true, 1.0, manual, maker},

    // Influence quantities.
    {active, Q::temperature, b, one, Itr, Imax, true, 0.05, iec_b_influence, sure},
    {active, Q::temperature, b, ind05, two_Itr, Imax, true, 0.07, iec_b_influence, sure},
    {active, Q::temperature, c, one, Itr, Imax, true, 0.03, iec_c_influence, sure},
    {active, Q::temperature, c, ind05, two_Itr, Imax, true, 0.05, iec_c_influence, sure},
    {active, Q::voltage, b, one, Imin, Imax, true, 0.7, iec_b_influence, sure},
    {active, Q::voltage, b, ind05, Itr, Imax, true, 1.0, iec_b_influence, sure},
    {active, Q::voltage, c, one, Itr, Imax, true, 0.2, iec_c_influence, sure},
    {active, Q::voltage, c, ind05, two_Itr, Imax, true, 0.4, iec_c_influence, sure},
    {active, Q::voltage_extended, b, one, Imin, Imax, true, 2.1, iec_b_influence, sure},
    {active, Q::voltage_extended, b, ind05, Itr, Imax, true, 3.0, iec_b_influence, sure},
    {active, Q::voltage_extended, c, one, Itr, Imax, true, 0.6, iec_c_influence, sure},
    {active, Q::voltage_extended, c, ind05, two_Itr, Imax, true, 1.2, iec_c_influence, sure},
    {active, Q::voltage_low, both, one, Iref, Iref, true, 10, en, sure},
    {active, Q::frequency, b, one, Imin, Imax, true, 0.5, iec_b_influence, sure},
    {active, Q::frequency, b, ind05, Itr, Imax, true, 0.7, iec_b_influence, sure},
    {active, Q::frequency, c, one, Itr, Imax, true, 0.2, iec_c_influence, sure},
    {active, Q::frequency, c, ind05, two_Itr, Imax, true, 0.2, iec_c_influence, sure},

    // Disturbances of long duration. A meter that computes should not feel what is only another
    // arrangement of the same tones: there a tenth of the limit is our own wall.
    {active, Q::sequence, b, one, tenth_Iref, tenth_Iref, true, 1.5, iec_b_influence, sure},
    {active, Q::sequence, b, one, tenth_Iref, tenth_Iref, true, 0.15, tenth, ours},
    {active, Q::sequence, c, one, tenth_Iref, tenth_Iref, true, 0.3, en, sure},
    {active, Q::sequence, c, one, tenth_Iref, tenth_Iref, true, 0.1, iec_c_influence, sure},
    {active, Q::sequence, c, one, tenth_Iref, tenth_Iref, true, 0.01, tenth, ours},
    {active, Q::lost_phases, b, one, Iref, Iref, true, 2.0, iec_b_influence, sure},
    {active, Q::lost_phases, b, one, Iref, Iref, true, 0.2, tenth, ours},
    {active, Q::lost_phases, c, one, Iref, Iref, true, 1.0, iec_c_influence, sure},
    {active, Q::lost_phases, c, one, Iref, Iref, true, 0.1, tenth, ours},
    {active, Q::unbalance, b, one, Iref, Iref, true, 0.15, "a tenth of the limit for one phase", ours},
    {active, Q::unbalance, c, one, Iref, Iref, true, 0.1, "a tenth of the limit for one phase", ours},
    {active, Q::fifth_harmonic, b, one, half_Imax, half_Imax, true, 0.8, iec_b_influence, sure},
    {active, Q::fifth_harmonic, b, one, half_Imax, half_Imax, true, 0.08, tenth, ours},
    {active, Q::fifth_harmonic, c, one, half_Imax, half_Imax, true, 0.5, iec_c_influence, sure},
    {active, Q::fifth_harmonic, c, one, half_Imax, half_Imax, true, 0.05, tenth, ours},
    {active, Q::half_wave, b, one, Imax, Imax, true, 3.0, iec_b_influence, sure},
    {active, Q::half_wave, c, one, Imax, Imax, true, 1.5, en, sure},
    {active, Q::phase_fired, b, one, half_Iref, half_Iref, true, 3.0, iec_b_influence, sure},
    {active, Q::phase_fired, b, one, half_Iref, half_Iref, true, 0.3, tenth, ours},
    {active, Q::phase_fired, c, one, half_Iref, half_Iref, true, 1.5, en, unsure},
    {active, Q::phase_fired, c, one, half_Iref, half_Iref, true, 0.15, tenth, ours},
    {active, Q::burst_fired, b, one, half_Iref, half_Iref, true, 3.0, iec_b_influence, sure},
    {active, Q::burst_fired, b, one, half_Iref, half_Iref, true, 0.3, tenth, ours},
    {active, Q::burst_fired, c, one, half_Iref, half_Iref, true, 1.5, iec_c_influence, sure},
    {active, Q::burst_fired, c, one, half_Iref, half_Iref, true, 0.15, tenth, ours},
    {active, Q::accessories, b, one, Imin, Imin, true, 0.5, iec_b_influence, sure},
    {active, Q::accessories, c, one, Imin, Imin, true, 0.1, iec_c_influence, sure},
    // The levels of the report are public, its limits are not: those of the MID for other
    // conducted disturbances stand for them.
    {active, Q::conducted, b, one, Iref, Iref, true, 2.0, tr, unsure},
    {active, Q::conducted, c, one, Iref, Iref, true, 1.0, tr, unsure},

    // Reactive energy, class 2. Of the currents' ranges in the standard's first row, 0.05 Ib is
    // Imin and 0.02 In is 0.4 Itr.
    {reactive, Q::balanced, both, sine1, {Rated::Itr, 0.4}, Itr, false, 2.5, iec_reactive, sure},
    {reactive, Q::balanced, both, sine1, Itr, Imax, true, 2.0, iec_reactive, sure},
    {reactive, Q::balanced, both, sine05, Itr, two_Itr, false, 2.5, iec_reactive, sure},
    {reactive, Q::balanced, both, sine05, two_Itr, Imax, true, 2.0, iec_reactive, sure},
    {reactive, Q::balanced, both, sine025, two_Itr, Imax, true, 2.5, iec_reactive, sure},
    {reactive, Q::single_phase, both, sine1, Itr, Imax, true, 3.0, iec_reactive, sure},
    {reactive, Q::single_phase, both, sine05, two_Itr, Imax, true, 3.0, iec_reactive, sure},
    {reactive, Q::difference, both, sine1, Iref, Iref, true, 2.5, iec_reactive, unsure},
    {reactive, Q::temperature, both, sine1, Itr, Imax, true, 0.10, iec_reactive_influence, unsure},
    {reactive, Q::temperature, both, sine05, two_Itr, Imax, true, 0.15, iec_reactive_influence, unsure},
    {reactive, Q::voltage, both, sine1, Itr, Imax, true, 1.0, iec_reactive_influence, unsure},
    {reactive, Q::voltage, both, sine05, two_Itr, Imax, true, 1.5, iec_reactive_influence, unsure},
    {reactive, Q::frequency, both, sine1, Itr, Imax, true, 2.5, iec_reactive_influence, unsure},
    {reactive, Q::frequency, both, sine05, two_Itr, Imax, true, 2.5, iec_reactive_influence, unsure},
    {reactive, Q::half_wave, both, sine1, Imax, Imax, true, 6.0, iec_reactive_influence, unsure},
};
// clang-format on

}  // namespace

const std::vector<LimitRow>& limit_rows() { return rows; }

}  // namespace tools::typetest
