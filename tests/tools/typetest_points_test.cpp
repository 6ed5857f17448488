// How the tests made of points judge: errors are invented, so every verdict follows from
// arithmetic.
#include "tests/tools/typetest_points.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace tests;

namespace {

const Finding& finding_of(const Chapter& chapter, const std::string& id,
                          Certainty certainty = Certainty::standard) {
  const auto found = std::find_if(
      chapter.findings.begin(), chapter.findings.end(),
      [&](const Finding& finding) { return finding.id == id && finding.certainty == certainty; });
  INFO(id);
  REQUIRE(found != chapter.findings.end());
  return *found;
}

Chapter judged(const Test& test, const Subject& subject, const Results& results) {
  return test.judge(subject, {}, results);
}

double no_error(const Point&) { return 0; }

}  // namespace

TEST_CASE("a meter without error passes every test of points") {
  for (const bool ct : {false, true}) {
    const Subject subject = subject_of(ct);
    for (const auto& test : point_tests()) {
      const Chapter chapter = judged(*test, subject, invented(*test, subject, no_error));
      INFO(test->id());
      CHECK(chapter.id == test->id());
      CHECK_FALSE(chapter.title.empty());
      CHECK_FALSE(chapter.clause.empty());
      CHECK_FALSE(chapter.method.empty());
      CHECK_FALSE(chapter.findings.empty());
      CHECK(chapter.pass());
      for (const Finding& finding : chapter.findings) {
        INFO(finding.id);
        CHECK(finding.seen == 0);
        CHECK_FALSE(finding.condition.empty());
        CHECK_FALSE(finding.source.empty());
        CHECK(finding.at_most.has_value());
      }
    }
  }
}

TEST_CASE("a meter that was never measured fails every test of points") {
  const Subject subject = subject_of(false);
  for (const auto& test : point_tests()) {
    const Chapter chapter = judged(*test, subject, {});
    for (const Finding& finding : chapter.findings) {
      INFO(test->id() << ": " << finding.id);
      CHECK_FALSE(finding.pass);
      CHECK_FALSE(finding.seen);
      CHECK_FALSE(finding.remark.empty());
    }
  }
}

TEST_CASE("an error at the limit passes and one beyond it fails") {
  const Subject subject = subject_of(false);
  const auto test = intrinsic_test();
  const std::string id = "active/import/L123/pf1/5A";
  for (const double sign : {1., -1.}) {
    Results results = invented(*test, subject, no_error);
    results.points[id].error_percent = sign * 1.0;
    CHECK(judged(*test, subject, results).pass());
    results.points[id].error_percent = sign * 1.000001;
    const Chapter chapter = judged(*test, subject, results);
    CHECK_FALSE(finding_of(chapter, id).pass);
    CHECK(std::count_if(chapter.findings.begin(), chapter.findings.end(),
                        [](const Finding& f) { return !f.pass; }) == 1);
  }
}

TEST_CASE("an error that is no number fails") {
  const Subject subject = subject_of(false);
  const auto test = intrinsic_test();
  const Results results = invented(
      *test, subject, [](const Point&) { return std::numeric_limits<double>::quiet_NaN(); });
  for (const Finding& finding : judged(*test, subject, results).findings) {
    CHECK_FALSE(finding.pass);
  }
}

TEST_CASE("a point that could not be measured fails and says why") {
  const Subject subject = subject_of(false);
  const auto test = intrinsic_test();
  Results results = invented(*test, subject, no_error);
  const std::string dark = "active/import/L123/pf1/5A";
  const std::string lost = "active/import/L123/pf1/100A";
  results.points[dark].fault = "the LED kept dark";
  results.points.erase(lost);
  const Chapter chapter = judged(*test, subject, results);
  CHECK_FALSE(chapter.pass());
  CHECK_FALSE(finding_of(chapter, dark).seen);
  CHECK(finding_of(chapter, dark).remark == "the LED kept dark");
  CHECK(finding_of(chapter, lost).remark == "not measured");
  // Nor is it in the curve: 10 currents of PF 1 from Imin to Imax less these two.
  CHECK(chapter.curves.front().curves.front().points.size() == 8);
}

TEST_CASE("a meter of class B fails where class C is asked for") {
  Subject subject = subject_of(false);
  const auto test = intrinsic_test();
  const auto error = [](const Point&) { return 0.7; };
  CHECK(judged(*test, subject, invented(*test, subject, error)).pass());
  subject.accuracy_class = AccuracyClass::c;
  CHECK_FALSE(judged(*test, subject, invented(*test, subject, error)).pass());
}

TEST_CASE("an influence is the difference from the reference point") {
  const Subject subject = subject_of(false);
  const auto test = voltage_test();
  const std::string id = "active/import/L123/pf1/5A/U0.9";
  // 0.6 − (−0.1) is the limit of 0.7; the error of 0.6 itself would be within any.
  Results results = invented(*test, subject, [](const Point& point) {
    return point.condition.voltage == 0.9 ? 0.6 : -0.1;
  });
  CHECK(finding_of(judged(*test, subject, results), id).pass);
  CHECK(*finding_of(judged(*test, subject, results), id).seen == Approx(0.7));
  results.points["active/import/L123/pf1/5A"].error_percent = -0.11;
  CHECK_FALSE(finding_of(judged(*test, subject, results), id).pass);
}

TEST_CASE("an influence without its reference fails and names it") {
  const Subject subject = subject_of(false);
  const auto test = frequency_test();
  Results results = invented(*test, subject, no_error);
  results.points["active/import/L123/pf1/5A"].fault = "interrupted";
  const Chapter chapter = judged(*test, subject, results);
  const Finding& finding = finding_of(chapter, "active/import/L123/pf1/5A/f49");
  CHECK_FALSE(finding.pass);
  CHECK(finding.remark == "reference active/import/L123/pf1/5A: interrupted");
}

TEST_CASE("below 0.8 Un a meter may register nothing but not a tenth too much") {
  const Subject subject = subject_of(false);
  const auto test = voltage_test();
  const std::string id = "active/import/L123/pf1/5A/U0.5";
  Results results = invented(*test, subject, no_error);
  results.points[id].error_percent = -100;
  CHECK(finding_of(judged(*test, subject, results), id).pass);
  results.points[id].error_percent = 10;
  CHECK(finding_of(judged(*test, subject, results), id).pass);
  results.points[id].error_percent = 10.001;
  CHECK_FALSE(finding_of(judged(*test, subject, results), id).pass);
}

TEST_CASE("a temperature coefficient is the change over 20 K") {
  const Subject subject = subject_of(false);
  const auto test = temperature_test();
  // Errors that rise by 0.05 %/K at PF 1 are at the limit of class 1, and below 0.07 at PF 0.5.
  const auto rising = [](double percent_per_K) {
    return [percent_per_K](const Point& point) {
      return percent_per_K * (point.condition.temperature_C - 23);
    };
  };
  CHECK(judged(*test, subject, invented(*test, subject, rising(0.05))).pass());
  const Chapter chapter = judged(*test, subject, invented(*test, subject, rising(0.06)));
  const Finding& finding = finding_of(chapter, "active/import/L123/pf1/5A/T-5");
  CHECK(*finding.seen == Approx(0.06));
  CHECK(finding.unit == "%/K");
  CHECK_FALSE(finding.pass);
  CHECK(finding_of(chapter, "active/import/L123/pf0.5ind/5A/T-5").pass);
}

TEST_CASE("our own wall fails where the standard's still holds") {
  const Subject subject = subject_of(false);
  const auto test = phases_test();
  const std::string id = "active/import/L123/pf1/0.5A/reversed";
  Results results = invented(*test, subject, no_error);
  results.points[id].error_percent = 0.16;
  const Chapter chapter = judged(*test, subject, results);
  CHECK(finding_of(chapter, id).pass);
  CHECK_FALSE(finding_of(chapter, id, Certainty::ours).pass);
}

TEST_CASE("one phase is compared with the balanced load of its direction") {
  const Subject subject = subject_of(false);
  const auto test = single_phase_test();
  Results results = invented(*test, subject, no_error);
  results.points["active/export/L123/pf1/5A"].error_percent = 1.2;
  results.points["active/export/L2/pf1/5A"].error_percent = -0.4;
  const Chapter chapter = judged(*test, subject, results);
  // Each alone is within 2 %, and they are 1.6 % apart.
  int failed = 0;
  for (const Finding& finding : chapter.findings) {
    if (finding.pass) continue;
    ++failed;
    CHECK(finding.id == "active/export/L2/pf1/5A");
    CHECK(finding.quantity == "change of error");
    CHECK(*finding.seen == Approx(-1.6));
  }
  CHECK(failed == 1);
}

TEST_CASE("half-waves are for meters that are connected directly") {
  const auto test = waveforms_test();
  const auto half_waves = [&](bool ct) {
    Plan plan;
    test->plan(subject_of(ct), {}, plan);
    return std::count_if(plan.points.begin(), plan.points.end(), [](const Point& point) {
      return point.condition.recipe == Recipe::half_wave_positive ||
             point.condition.recipe == Recipe::half_wave_negative;
    });
  };
  CHECK(half_waves(false) == 2);
  CHECK(half_waves(true) == 0);
}

TEST_CASE("what half of Iref means of a fired load is a parameter") {
  const auto test = waveforms_test();
  Parameters parameters;
  parameters.rms_after_gating = false;
  Plan plan;
  test->plan(subject_of(false), parameters, plan);
  int fired = 0;
  for (const Point& point : plan.points) {
    const Recipe recipe = point.condition.recipe;
    if (recipe != Recipe::phase_fired && recipe != Recipe::burst_fired) continue;
    ++fired;
    CHECK_FALSE(point.condition.rms_after_gating);
    CHECK(point.condition.current_A == 2.5);
  }
  CHECK(fired == 2);
}

TEST_CASE("tones beside the current have the levels of CLC/TR 50579") {
  const auto test = conducted_test();
  for (const bool ct : {false, true}) {
    Plan plan;
    test->plan(subject_of(ct), {}, plan);
    for (const Point& point : plan.points) {
      const Condition& c = point.condition;
      if (c.recipe != Recipe::conducted) continue;
      INFO(c.conducted_Hz);
      const bool low = c.conducted_Hz <= 30e3;
      // 2 % and 1 % of 6 A.
      CHECK(c.conducted_A == Approx(ct ? (low ? 0.12 : 0.06) : (low ? 2 : 1)));
      CHECK(c.conducted_Hz >= 2e3);
      CHECK(c.conducted_Hz <= 150e3);
    }
  }
}

TEST_CASE("a composite error is the root of the sum of squares") {
  CHECK(composite_percent(1, 2, 2, 4) == 5);
  CHECK(composite_percent(-3, 0, 4, 0) == 5);
  CHECK(composite_percent(0, 0, 0, 0) == 0);

  // e = 0.1, over temperature +0.3 at most in the coldest band (0.2 elsewhere), over voltage −0.3,
  // over frequency +0.9: √(0.01 + 0.09 + 0.09 + 0.81) = 1.
  const Subject subject = subject_of(false);
  const auto test = composite_test();
  const Results results = invented(*test, subject, [](const Point& point) {
    const Condition& c = point.condition;
    double error = 0.1;
    if (c.temperature_C == -25) error += 0.3;
    if (c.temperature_C == -10) error -= 0.2;
    if (c.voltage == 0.9) error -= 0.3;
    if (c.voltage == 1.1) error += 0.1;
    if (c.frequency_Hz == 51) error += 0.9;
    return error;
  });
  const Chapter chapter = judged(*test, subject, results);
  const Finding& coldest = finding_of(chapter, "composite/active/import/L123/pf1/5A/T-25to-10");
  CHECK(*coldest.seen == Approx(1.0));
  CHECK(*coldest.at_most == 3.5);
  // √(0.01 + 0.04 + 0.09 + 0.81)
  const Finding& cold = finding_of(chapter, "composite/active/import/L123/pf1/5A/T-10to5");
  CHECK(*cold.seen == Approx(std::sqrt(0.95)));
  CHECK(*cold.at_most == 2.5);
  // √(0.01 + 0.09 + 0.81)
  const Finding& mild = finding_of(chapter, "composite/active/import/L123/pf1/5A/T5to30");
  CHECK(*mild.seen == Approx(std::sqrt(0.91)));
  CHECK(*mild.at_most == 2.0);
}

TEST_CASE("a composite error of one phase has the limits of one phase") {
  const Subject subject = subject_of(true);
  const auto test = composite_test();
  // Nothing but an error of 0.8: beyond 0.7 of the balanced load, within 1 of a phase alone and of
  // what is below Itr, and within 1 of the balanced load in the next band.
  const Chapter chapter =
      judged(*test, subject, invented(*test, subject, [](const Point&) { return 0.8; }));
  const std::string at = "composite/active/import/";
  CHECK_FALSE(finding_of(chapter, at + "L123/pf1/1.5A/T5to30").pass);
  CHECK(finding_of(chapter, at + "L123/pf1/0.015A/T5to30").pass);
  CHECK(finding_of(chapter, at + "L2/pf1/1.5A/T5to30").pass);
  CHECK(finding_of(chapter, at + "L123/pf1/1.5A/T30to40").pass);
}

TEST_CASE("a composite error that lacks one of its constituents fails") {
  const Subject subject = subject_of(false);
  const auto test = composite_test();
  Results results = invented(*test, subject, no_error);
  results.points["active/import/L123/pf1/5A/T55"].fault = "interrupted";
  const Chapter chapter = judged(*test, subject, results);
  const Finding& hottest = finding_of(chapter, "composite/active/import/L123/pf1/5A/T40to55");
  CHECK_FALSE(hottest.pass);
  CHECK_FALSE(hottest.seen);
  CHECK(hottest.remark == "active/import/L123/pf1/5A/T55: interrupted");
  CHECK(finding_of(chapter, "composite/active/import/L123/pf1/5A/T30to40").pass);
}

TEST_CASE("error curves have a plot of the rated power factors and one each with limits drawn") {
  const Subject subject = subject_of(false);
  const auto test = intrinsic_test();
  const Chapter chapter = judged(*test, subject, invented(*test, subject, [](const Point& point) {
    return point.condition.exports ? 0.2 : 0.1;
  }));
  REQUIRE(chapter.curves.size() == 1 + 5);
  for (const CurvePlot& plot : chapter.curves) {
    INFO(plot.title);
    CHECK(plot.logarithmic_x);
    CHECK_FALSE(plot.limits.empty());
  }
  const CurvePlot& rated = chapter.curves[0];
  REQUIRE(rated.curves.size() == 3);
  for (const Curve& curve : rated.curves) {
    CHECK_FALSE(curve.points.empty());
    for (const auto& [x, y] : curve.points) CHECK(y == 0.1);
  }
  for (std::size_t n = 1; n < chapter.curves.size(); ++n) {
    const CurvePlot& plot = chapter.curves[n];
    INFO(plot.title);
    REQUIRE(plot.curves.size() == 2);
    for (const auto& [x, y] : plot.curves[0].points) CHECK(y == 0.1);
    for (const auto& [x, y] : plot.curves[1].points) CHECK(y == 0.2);
  }
  const Curve& import = chapter.curves[1].curves[0];
  CHECK(import.points.front().first == 0.25);
  CHECK(import.points.back().first == 100);
}

TEST_CASE("a bar shows the worst of its group") {
  const Subject subject = subject_of(false);
  const auto test = phases_test();
  Results results = invented(*test, subject, no_error);
  results.points["active/import/L123/pf1/5A/noU1"].error_percent = 0.1;
  results.points["active/import/L123/pf1/5A/noU3"].error_percent = -0.15;
  const Chapter chapter = judged(*test, subject, results);
  REQUIRE(chapter.bars.size() == 1);
  const auto& bars = chapter.bars[0].bars;
  const auto bar = std::find_if(bars.begin(), bars.end(),
                                [](const Bar& b) { return b.label == "one voltage lost"; });
  REQUIRE(bar != bars.end());
  CHECK(bar->seen == Approx(-0.15));
  CHECK(bar->at_most == 2.0);
}
