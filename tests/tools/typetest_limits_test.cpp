// The tables of limits, number by number, from the standards' own tables.
#include <catch2/catch.hpp>

#include "tests/tools/typetest_points.h"

using namespace tests;

namespace {

/// What governs: the strictest limit of the standards.
PercentLimit governing(const Subject& subject, Quantity quantity, Factor factor, double current_A,
                       Kind kind = Kind::active) {
  const auto limits = limits_for(subject, {}, kind, quantity, factor, current_A);
  REQUIRE_FALSE(limits.empty());
  return limits.front();
}

double percent(const Subject& subject, Quantity quantity, Factor factor, double current_A,
               Kind kind = Kind::active) {
  const PercentLimit limit = governing(subject, quantity, factor, current_A, kind);
  CHECK(limit.at_least == -limit.at_most);
  return limit.at_most;
}

struct Row {
  Quantity quantity;
  Factor factor;
  double current_A;
  double percent;
};

}  // namespace

TEST_CASE("ratings are those of the nameplates") {
  const Ratings direct = ratings_of(false);
  CHECK(direct.Un == 230);
  CHECK(direct.Ist == 0.02);
  CHECK(direct.Ist_reactive == 0.025);
  CHECK(direct.Imin == 0.25);
  CHECK(direct.Itr == 0.5);
  CHECK(direct.Iref == 5);
  CHECK(direct.Imax == 100);
  CHECK(direct.led_imp_per_kWh == 10'000);
  const Ratings transformer = ratings_of(true);
  CHECK(transformer.Ist == 0.0015);
  CHECK(transformer.Ist_reactive == 0.0045);
  CHECK(transformer.Imin == 0.015);
  CHECK(transformer.Itr == 0.075);
  CHECK(transformer.Iref == 1.5);
  CHECK(transformer.Imax == 6);
}

TEST_CASE("limits of class B with class 1 for a meter 5(100) A") {
  const Subject subject = subject_of(false);
  using Q = Quantity;
  using F = Factor;
  for (const Row& row : std::initializer_list<Row>{
           {Q::balanced, F::one, 0.25, 1.5},
           {Q::balanced, F::one, 0.499, 1.5},
           {Q::balanced, F::one, 0.5, 1.0},
           {Q::balanced, F::one, 100, 1.0},
           // EN 50470-3 gives no relief from Itr to 2 Itr.
           {Q::balanced, F::inductive_05, 0.5, 1.0},
           {Q::balanced, F::capacitive_08, 1, 1.0},
           {Q::balanced, F::inductive_025, 1, 3.5},
           {Q::balanced, F::capacitive_05, 5, 2.5},
           {Q::single_phase, F::one, 0.5, 2.0},
           {Q::single_phase, F::inductive_05, 100, 2.0},
           {Q::difference, F::one, 5, 1.5},
           {Q::temperature, F::one, 0.5, 0.05},
           {Q::temperature, F::inductive_05, 1, 0.07},
           {Q::voltage, F::one, 0.25, 0.7},
           {Q::voltage, F::inductive_05, 0.5, 1.0},
           {Q::voltage_extended, F::one, 5, 2.1},
           {Q::voltage_extended, F::inductive_05, 5, 3.0},
           {Q::frequency, F::one, 0.25, 0.5},
           {Q::frequency, F::inductive_05, 5, 0.7},
           {Q::sequence, F::one, 0.5, 1.5},
           {Q::lost_phases, F::one, 5, 2.0},
           {Q::fifth_harmonic, F::one, 50, 0.8},
           {Q::half_wave, F::one, 100, 3.0},
           {Q::phase_fired, F::one, 2.5, 3.0},
           {Q::burst_fired, F::one, 2.5, 3.0},
           {Q::accessories, F::one, 0.25, 0.5},
       }) {
    INFO(name_of(row.quantity) << " at " << row.current_A << " A");
    CHECK(percent(subject, row.quantity, row.factor, row.current_A) == row.percent);
  }
}

TEST_CASE("limits of class C with class 0.5 S for a meter 1.5(6) A") {
  const Subject subject = subject_of(true);
  using Q = Quantity;
  using F = Factor;
  for (const Row& row : std::initializer_list<Row>{
           {Q::balanced, F::one, 0.015, 1.0},
           {Q::balanced, F::one, 0.0749, 1.0},
           {Q::balanced, F::one, 0.075, 0.5},
           {Q::balanced, F::one, 6, 0.5},
           {Q::balanced, F::inductive_05, 0.03, 1.0},
           {Q::balanced, F::inductive_05, 0.075, 0.6},
           {Q::balanced, F::capacitive_08, 0.15, 0.6},
           {Q::balanced, F::inductive_025, 6, 1.0},
           {Q::balanced, F::capacitive_05, 0.15, 1.0},
           {Q::single_phase, F::one, 0.075, 0.6},
           {Q::single_phase, F::inductive_05, 6, 1.0},
           {Q::difference, F::one, 1.5, 1.0},
           {Q::temperature, F::one, 0.075, 0.03},
           {Q::temperature, F::inductive_05, 0.15, 0.05},
           {Q::voltage, F::one, 0.075, 0.2},
           {Q::voltage, F::inductive_05, 0.15, 0.4},
           {Q::voltage_extended, F::one, 1.5, 0.6},
           {Q::voltage_extended, F::inductive_05, 1.5, 1.2},
           {Q::frequency, F::one, 1.5, 0.2},
           {Q::frequency, F::inductive_05, 1.5, 0.2},
           // The IEC asks for a third of what the EN does.
           {Q::sequence, F::one, 0.15, 0.1},
           {Q::lost_phases, F::one, 1.5, 1.0},
           {Q::fifth_harmonic, F::one, 3, 0.5},
           {Q::phase_fired, F::one, 0.75, 1.5},
           {Q::burst_fired, F::one, 0.75, 1.5},
           {Q::accessories, F::one, 0.015, 0.1},
       }) {
    INFO(name_of(row.quantity) << " at " << row.current_A << " A");
    CHECK(percent(subject, row.quantity, row.factor, row.current_A) == row.percent);
  }
}

TEST_CASE("limits of reactive class 2 in both versions") {
  using Q = Quantity;
  using F = Factor;
  for (const bool ct : {false, true}) {
    const Subject subject = subject_of(ct);
    const double Itr = ct ? 0.075 : 0.5;
    for (const Row& row : std::initializer_list<Row>{
             {Q::balanced, F::sine_1, ct ? 0.03 : 0.25, 2.5},
             {Q::balanced, F::sine_1, Itr, 2.0},
             {Q::balanced, F::sine_05, Itr, 2.5},
             {Q::balanced, F::sine_05, 2 * Itr, 2.0},
             {Q::balanced, F::sine_025, 2 * Itr, 2.5},
             {Q::single_phase, F::sine_1, Itr, 3.0},
             {Q::single_phase, F::sine_05, 2 * Itr, 3.0},
             {Q::temperature, F::sine_1, Itr, 0.10},
             {Q::temperature, F::sine_05, 2 * Itr, 0.15},
             {Q::voltage, F::sine_1, Itr, 1.0},
             {Q::voltage, F::sine_05, 2 * Itr, 1.5},
             {Q::frequency, F::sine_1, Itr, 2.5},
             {Q::frequency, F::sine_05, 2 * Itr, 2.5},
         }) {
      INFO(name_of(row.quantity) << " at " << row.current_A << " A");
      CHECK(percent(subject, row.quantity, row.factor, row.current_A, Kind::reactive) ==
            row.percent);
    }
  }
}

TEST_CASE("below the currents of the tables there is no limit") {
  const Subject direct = subject_of(false);
  const Subject transformer = subject_of(true);
  const auto none = [](const Subject& subject, Quantity quantity, Factor factor, double current) {
    return limits_for(subject, {}, Kind::active, quantity, factor, current).empty();
  };
  CHECK(none(direct, Quantity::balanced, Factor::one, 0.249));
  CHECK(none(direct, Quantity::balanced, Factor::inductive_05, 0.499));
  CHECK(none(direct, Quantity::balanced, Factor::one, 100.1));
  CHECK(none(direct, Quantity::balanced, Factor::inductive_025, 10));
  CHECK(none(transformer, Quantity::balanced, Factor::one, 0.0149));
  CHECK(none(transformer, Quantity::voltage, Factor::one, 0.0749));
  CHECK_FALSE(none(transformer, Quantity::voltage, Factor::one, 0.075));
}

TEST_CASE("a limit names the standards that agree on it and the surest of them counts") {
  const PercentLimit agreed = governing(subject_of(false), Quantity::balanced, Factor::one, 0.25);
  CHECK(agreed.source == "EN 50470-3 §8, IEC 62053-21 §8.1");
  CHECK(agreed.certainty == Certainty::standard);
  const PercentLimit strict = governing(subject_of(true), Quantity::single_phase, Factor::one, 1.5);
  CHECK(strict.source == "IEC 62053-22 §8.1");
  CHECK(strict.certainty == Certainty::standard);
  CHECK(governing(subject_of(true), Quantity::phase_fired, Factor::one, 0.75).certainty ==
        Certainty::uncertain);
  CHECK(governing(subject_of(false), Quantity::conducted, Factor::one, 5).certainty ==
        Certainty::uncertain);
  CHECK(governing(subject_of(false), Quantity::manual, Factor::one, 5).certainty ==
        Certainty::maker);
}

TEST_CASE("our own walls stand ten times closer than the standards' beside them") {
  for (const bool ct : {false, true}) {
    const Subject subject = subject_of(ct);
    const double Iref = subject.ratings.Iref;
    for (const auto& [quantity, current_A] : std::initializer_list<std::pair<Quantity, double>>{
             {Quantity::sequence, Iref / 10},
             {Quantity::lost_phases, Iref},
             {Quantity::fifth_harmonic, subject.ratings.Imax / 2},
             {Quantity::phase_fired, Iref / 2},
             {Quantity::burst_fired, Iref / 2}}) {
      const auto limits = limits_for(subject, {}, Kind::active, quantity, Factor::one, current_A);
      INFO(name_of(quantity));
      REQUIRE(limits.size() == 2);
      CHECK(limits[1].certainty == Certainty::ours);
      CHECK(limits[1].at_most == Approx(limits[0].at_most / 10));
    }
  }
}

TEST_CASE("a parameter replaces a limit that is uncertain and no other") {
  Parameters parameters;
  parameters.uncertain_percent["conducted"] = 4;
  parameters.uncertain_percent["voltage"] = 9;
  const Subject subject = subject_of(false);
  CHECK(limits_for(subject, parameters, Kind::active, Quantity::conducted, Factor::one, 5)
            .front()
            .at_most == 4);
  CHECK(limits_for(subject, parameters, Kind::active, Quantity::voltage, Factor::one, 5)
            .front()
            .at_most == 0.7);
}

TEST_CASE("bands of a plot follow the table") {
  const auto bands =
      limit_bands(subject_of(false), {}, Kind::active, Quantity::balanced, Factor::one);
  REQUIRE(bands.size() == 2);
  CHECK(bands[0].from == 0.25);
  CHECK(bands[0].to == 0.5);
  CHECK(bands[0].at_most == 1.5);
  CHECK(bands[1].from == 0.5);
  CHECK(bands[1].to == 100);
  CHECK(bands[1].at_least == -1.0);
}

TEST_CASE("maximum permissible errors are those of the directive") {
  struct Mpe {
    double temperature_C;
    double b_low, b_high, b_one, c_low, c_high, c_one;
  };
  for (const Mpe& row : std::initializer_list<Mpe>{{23, 2, 2, 2.5, 1, 0.7, 1},
                                                   {5, 2, 2, 2.5, 1, 0.7, 1},
                                                   {30, 2, 2, 2.5, 1, 0.7, 1},
                                                   {4.9, 2.5, 2.5, 3, 1.3, 1, 1.3},
                                                   {-10, 2.5, 2.5, 3, 1.3, 1, 1.3},
                                                   {30.1, 2.5, 2.5, 3, 1.3, 1, 1.3},
                                                   {40, 2.5, 2.5, 3, 1.3, 1, 1.3},
                                                   {-10.1, 3.5, 3.5, 4, 1.7, 1.3, 1.7},
                                                   {-25, 3.5, 3.5, 4, 1.7, 1.3, 1.7},
                                                   {55, 3.5, 3.5, 4, 1.7, 1.3, 1.7}}) {
    const TemperatureBand* band = band_at(row.temperature_C);
    REQUIRE(band != nullptr);
    INFO(row.temperature_C << " °C");
    const Ratings direct = ratings_of(false);
    CHECK(mpe_percent(AccuracyClass::b, direct, false, 0.49, *band) == row.b_low);
    CHECK(mpe_percent(AccuracyClass::b, direct, false, 0.5, *band) == row.b_high);
    CHECK(mpe_percent(AccuracyClass::b, direct, true, 5, *band) == row.b_one);
    const Ratings transformer = ratings_of(true);
    CHECK(mpe_percent(AccuracyClass::c, transformer, false, 0.074, *band) == row.c_low);
    CHECK(mpe_percent(AccuracyClass::c, transformer, false, 0.075, *band) == row.c_high);
    CHECK(mpe_percent(AccuracyClass::c, transformer, true, 1.5, *band) == row.c_one);
  }
  CHECK(band_at(-25.1) == nullptr);
  CHECK(band_at(55.1) == nullptr);
}
