// A campaign as a laboratory's report: one page of HTML that needs nothing but itself, with the
// document for programs and every plot as a drawing of its own beside it.
//
//   index.html                  the report: tables and plots in it, no scripts, nothing from
//   elsewhere campaign.json               the same as report_json.h has it plots/<chapter>-<n>.svg
//   its plots, the n-th of a chapter, for other documents
//
// The report holds no wall time: the same campaign gives the same bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tools/typetest/campaign.h"

namespace tools::typetest {

/// A plot that was drawn: its caption and its drawing.
struct Figure {
  std::string name;  ///< "<chapter>-<n>"
  std::string title;
  std::string svg;  ///< empty: there was nothing to draw
};

/// Curves, bars and histograms of a chapter, in this order. Throws OutputFailed.
std::vector<Figure> figures_of(const Chapter& chapter);

/// The page. `figures` are those of each chapter. Well-formed XML and HTML.
std::string report_html(const Campaign& campaign, const std::vector<std::vector<Figure>>& figures);

/// Creates the folder and makes sure that a report can be written there, before hours are spent.
/// Throws OutputRefused, also when there is no gnuplot.
void prepare_report(const std::string& folder);

/// Writes all of it, or nothing: files appear when all of them are complete. Throws OutputRefused
/// and OutputFailed.
void write_report(const Campaign& campaign, const std::string& folder);

}  // namespace tools::typetest
