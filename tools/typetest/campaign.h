// What a type approval campaign found, as plain data: what the report, the JSON file and the
// verdict on the command line are made from. Whoever fills it in decides; whoever prints it does
// not judge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tools::typetest {

/// How well the source of a limit is known.
enum class Certainty : std::uint8_t {
  standard,   ///< the standard's number
  uncertain,  ///< could not be checked against the standard's text: a parameter of the campaign
  maker,      ///< the manual promises it
  ours,       ///< our own, tighter than any standard
};

/// One row of a chapter's table: something was measured and is held against limits.
struct Finding {
  std::string id;              ///< the point's or procedure's
  std::string condition;       ///< "5 A, PF 0.5 ind, L2 alone, 23 °C", for people
  std::string quantity;        ///< "error", "change of error", "pulses", …
  std::string unit;            ///< "%", "s", "pulses", …; empty for plain counts
  std::optional<double> seen;  ///< none: it could not be measured; then it fails
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::string source;  ///< "EN 50470-3 Table 4", "manual §5.2"
  Certainty certainty = Certainty::standard;
  bool pass = false;
  std::string remark;  ///< why it failed, or what is special; may be empty
};

/// How much of what is allowed was used: 1 at a limit, above 1 outside. Where zero lies between two
/// limits, the part of the limit on the side of `seen`; from zero up, the quotient; else the
/// distance from their middle. None where that has no meaning: nothing was seen, exactly one value
/// is allowed, or nothing but a least (an hour that a test must last is not used up).
std::optional<double> share_of_limit(std::optional<double> seen, std::optional<double> at_least,
                                     std::optional<double> at_most);

struct Curve {
  std::string label;
  std::vector<std::pair<double, double>> points;
};

/// A limit drawn into a plot: ±y from x = from to x = to.
struct LimitBand {
  std::string label;
  double from;
  double to;
  double at_least;
  double at_most;
};

/// Curves over a quantity, with limits.
struct CurvePlot {
  std::string title;
  std::string x_label;  ///< "current [A]"
  std::string y_label;  ///< "error [%]"
  bool logarithmic_x = false;
  std::vector<Curve> curves;
  std::vector<LimitBand> limits;
};

/// A bar a quantity, each within limits of its own: shown as a share of its limit as well.
struct Bar {
  std::string label;
  double seen;
  double at_least;
  double at_most;
};
struct BarPlot {
  std::string title;
  std::string y_label;
  std::vector<Bar> bars;
};

/// How often a value was seen: the spread of a production.
struct HistogramPlot {
  std::string title;
  std::string x_label;
  std::vector<double> values;
  std::optional<double> at_least;
  std::optional<double> at_most;
};

/// A test of the campaign.
struct Chapter {
  std::string id;      ///< "intrinsic"
  std::string title;   ///< "Intrinsic error"
  std::string clause;  ///< "EN 50470-3 §8.7.2"; may be empty
  std::string method;  ///< two or three sentences: what was done and how it is judged
  std::vector<Finding> findings;
  std::vector<CurvePlot> curves;
  std::vector<BarPlot> bars;
  std::vector<HistogramPlot> histograms;

  bool pass() const;
  /// Findings that do not hold.
  int failures() const;
  /// The highest share of its limit that a finding used; none if no finding has one.
  std::optional<double> worst_share() const;
};

/// A constant that calibration found, or a fact of the meter under test.
struct Fact {
  std::string name;
  std::string value;  ///< with its unit
};

struct Campaign {
  std::string title;  ///< "Type test of PRO380-Mod"
  std::string variant;
  std::string accuracy_class;  ///< "B" or "C": what it was held against
  std::uint64_t seed = 0;
  std::string build;        ///< of vmeter, with the firmware's CRC
  std::string date;         ///< of the report; empty: none is shown. Never part of a comparison.
  std::vector<Fact> meter;  ///< nameplate of the meter under test
  std::vector<Fact> flaws;  ///< of its front end
  std::vector<Fact> calibration;  ///< constants that were found; empty: uncalibrated
  std::vector<Fact> standards;    ///< name and edition
  std::vector<Chapter> chapters;
  int points = 0;  ///< measured errors
  double simulated_s = 0;
  double wall_s = 0;

  bool pass() const;
  /// Findings that do not hold.
  int failures() const;
};

}  // namespace tools::typetest
