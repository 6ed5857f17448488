#include "tools/typetest/report_html.h"

#include <fmt/format.h>

#include <sstream>

#include "tools/typetest/html_elements.h"
#include "tools/typetest/plots.h"
#include "tools/typetest/report_appendix.h"
#include "tools/typetest/report_numbers.h"
#include "tools/typetest/report_style.h"

namespace tools::typetest {
namespace {

using html::add;
using html::add_text;
using html::Node;
using html::say;
using html::set;

/// The chapter's name in a file's name and in an identifier: letters, digits, dashes.
std::string plain_id(const Chapter& chapter) {
  std::string out = chapter.id;
  for (char& character : out) {
    const bool plain = (character >= 'a' && character <= 'z') ||
                       (character >= 'A' && character <= 'Z') ||
                       (character >= '0' && character <= '9') || character == '-';
    if (!plain) character = '-';
  }
  return out;
}

std::string chapter_anchor(const Chapter& chapter) { return "chapter-" + plain_id(chapter); }

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::size_t finding_count(const Campaign& campaign) {
  std::size_t count = 0;
  for (const Chapter& chapter : campaign.chapters) count += chapter.findings.size();
  return count;
}

void add_term(Node list, const char* term, const std::string& text) {
  if (text.empty()) return;
  add_text(list, "dt", term);
  add_text(list, "dd", text);
}

void add_title(Node body, const Campaign& campaign) {
  const Node header = add(body, "header");
  add_text(header, "p", "Type test report", "kind");
  add_text(header, "h1", campaign.title);
  const std::size_t findings = finding_count(campaign);
  const auto failures = static_cast<std::size_t>(campaign.failures());
  add_text(header, "p",
           campaign.pass()
               ? fmt::format("✓ PASS: all {} hold", plural(findings, "finding"))
               : fmt::format("✗ FAIL: {} of {} do not hold", failures, plural(findings, "finding")),
           campaign.pass() ? "badge pass" : "badge fail");
  const Node list = add(header, "dl");
  add_term(list, "Device under test", campaign.variant);
  add_term(list, "Held against", "class " + campaign.accuracy_class);
  std::string standards;
  for (const Fact& standard : campaign.standards) {
    standards += fmt::format("{}{}{}{}", standards.empty() ? "" : "; ", standard.name,
                             standard.value.empty() ? "" : ", ", standard.value);
  }
  add_term(list, "Standards", standards);
  add_term(list, "Extent",
           fmt::format("{} measured in {:.0f} s of simulated time",
                       plural(static_cast<std::size_t>(campaign.points), "error"),
                       campaign.simulated_s));
  add_term(list, "Seed", std::to_string(campaign.seed));
  add_term(list, "Build", campaign.build);
  add_term(list, "Date", campaign.date);
}

/// A chapter without findings holds, but shows nothing either.
void add_chapter_verdict(Node parent, const char* name, const Chapter& chapter) {
  if (chapter.findings.empty()) {
    add_text(parent, name, "— nothing measured", "verdict");
  } else {
    html::add_verdict(parent, name, chapter.pass());
  }
}

// ---- summary

void add_failures(Node section, const Campaign& campaign) {
  if (campaign.pass()) return;
  const Node rows = html::add_table(
      section, "Findings that do not hold",
      {{"Test"}, {"Condition"}, {"Quantity"}, {"Seen", true}, {"Limits", true}, {"Remark"}});
  for (const Chapter& chapter : campaign.chapters) {
    for (const Finding& finding : chapter.findings) {
      if (finding.pass) continue;
      const Node row = add(rows, "tr", "failed");
      Node link = add_text(add(row, "td"), "a", chapter.title);
      set(link, "href", "#" + chapter_anchor(chapter));
      add_text(row, "td", finding.condition);
      add_text(row, "td", finding.quantity);
      add_text(row, "td",
               finding.seen ? measured_number(*finding.seen, finding.at_least, finding.at_most) +
                                  (finding.unit.empty() ? "" : " " + finding.unit)
                            : "not measured",
               "number");
      add_text(row, "td", limits_text(finding.at_least, finding.at_most), "number");
      add_text(row, "td", finding.remark);
    }
  }
}

void add_summary(Node body, const Campaign& campaign) {
  const Node section = add(body, "section");
  set(section, "id", "summary");
  add_text(section, "h2", "Summary");
  const Node rows = html::add_table(section, "Tests and their verdicts",
                                    {{"No."},
                                     {"Test"},
                                     {"Clause"},
                                     {"Findings", true},
                                     {"Worst share of limit", true},
                                     {"Verdict"}});
  int number = 0;
  for (const Chapter& chapter : campaign.chapters) {
    const Node row = add(rows, "tr", chapter.pass() ? "" : "failed");
    add_text(row, "td", std::to_string(++number));
    Node link = add_text(add(row, "td"), "a", chapter.title);
    set(link, "href", "#" + chapter_anchor(chapter));
    add_text(row, "td", chapter.clause);
    add_text(row, "td", std::to_string(chapter.findings.size()), "number");
    add_text(row, "td", share_text(chapter.worst_share()), "number");
    add_chapter_verdict(row, "td", chapter);
  }
  add_failures(section, campaign);
}

void add_device(Node body, const Campaign& campaign) {
  const Node section = add(body, "section", "sheet");
  set(section, "id", "device");
  add_text(section, "h2", "Device under test");
  html::add_facts(section, "Nameplate", campaign.meter);
  if (!campaign.flaws.empty()) {
    html::add_facts(section, "Flaws of its front end", campaign.flaws);
  }
  if (campaign.calibration.empty()) {
    add_text(section, "p", "The meter is not calibrated: all correction constants are 0.");
  } else {
    html::add_facts(section, "Constants that calibration found", campaign.calibration);
  }
}

// ---- chapters

void add_finding(Node rows, const Finding& finding) {
  const Node row = add(rows, "tr", finding.pass ? "" : "failed");
  const Node condition = add_text(row, "td", finding.condition);
  add_text(condition, "span", finding.id, "id");
  if (!finding.remark.empty()) add_text(condition, "span", finding.remark, "remark");
  add_text(row, "td",
           finding.quantity + (finding.unit.empty() ? "" : "\u00a0[" + finding.unit + "]"));
  add_text(row, "td",
           finding.seen ? measured_number(*finding.seen, finding.at_least, finding.at_most)
                        : "not measured",
           "number");
  add_text(row, "td", limits_text(finding.at_least, finding.at_most), "number");
  add_text(row, "td", share_text(share_of_limit(finding.seen, finding.at_least, finding.at_most)),
           "number");
  const CertaintyMark mark = certainty_mark(finding.certainty);
  const Node source = add_text(row, "td", finding.source);
  if (*mark.letter != '\0') {
    say(source, " ");
    set(add_text(source, "abbr", mark.letter), "title", mark.meaning);
  }
  html::add_verdict(row, "td", finding.pass);
}

void add_figure(Node section, const Figure& figure, const std::string& number) {
  Node node = add(section, "figure");
  if (figure.svg.empty()) {
    add_text(node, "p", "There is nothing to draw: no value was measured.", "note");
  } else {
    pugi::xml_document drawing;
    drawing.load_buffer(figure.svg.data(), figure.svg.size());
    node.append_copy(drawing.child("svg"));
  }
  const Node caption = add(node, "figcaption");
  add_text(caption, "b", "Figure " + number);
  say(caption, ": " + figure.title);
}

void add_chapter(Node body, const Chapter& chapter, int number,
                 const std::vector<Figure>& figures) {
  constexpr std::size_t short_chapter = 10;  // findings that share a sheet of paper with others
  const bool is_long = number > 1 && (chapter.findings.size() > short_chapter || !figures.empty());
  const Node section = add(body, "section", is_long ? "long" : "");
  set(section, "id", chapter_anchor(chapter));
  const Node heading = add_text(section, "h3", fmt::format("{}. {} ", number, chapter.title));
  add_chapter_verdict(heading, "span", chapter);
  if (!chapter.clause.empty()) add_text(section, "p", chapter.clause, "clause");
  if (!chapter.method.empty()) add_text(section, "p", chapter.method);
  int figure_number = 0;
  for (const Figure& figure : figures) {
    add_figure(section, figure, fmt::format("{}.{}", number, ++figure_number));
  }
  if (chapter.findings.empty()) {
    add_text(section, "p", "Nothing was measured.", "note");
    return;
  }
  const Node rows = html::add_table(section, "",
                                    {{"Condition"},
                                     {"Quantity"},
                                     {"Seen", true},
                                     {"Limits", true},
                                     {"Share of limit", true},
                                     {"Source"},
                                     {"Verdict"}});
  for (const Finding& finding : chapter.findings) add_finding(rows, finding);
}

void add_legend(Node section) {
  std::string text =
      "A limit is the number of the standard that stands beside it, unless a letter follows. ";
  for (const Certainty certainty : {Certainty::uncertain, Certainty::maker, Certainty::ours}) {
    const CertaintyMark mark = certainty_mark(certainty);
    text += fmt::format("{}: {}{}", mark.letter, mark.meaning,
                        certainty == Certainty::ours ? "." : "; ");
  }
  add_text(section, "p", text, "note");
}

}  // namespace

std::vector<Figure> figures_of(const Chapter& chapter) {
  std::vector<Figure> figures;
  const auto draw = [&](const auto& plots) {
    for (const auto& plot : plots) {
      std::string name = fmt::format("{}-{}", plain_id(chapter), figures.size() + 1);
      std::string svg = plot_svg(plot, name);
      figures.push_back({std::move(name), plot.title, std::move(svg)});
    }
  };
  draw(chapter.curves);
  draw(chapter.bars);
  draw(chapter.histograms);
  return figures;
}

std::string report_html(const Campaign& campaign, const std::vector<std::vector<Figure>>& figures) {
  pugi::xml_document document;
  document.append_child(pugi::node_doctype).set_value("html");
  Node root = document.append_child("html");
  set(root, "xmlns", "http://www.w3.org/1999/xhtml");
  set(root, "lang", "en");
  Node head = add(root, "head");
  set(add(head, "meta"), "charset", "utf-8");
  const Node viewport = add(head, "meta");
  set(viewport, "name", "viewport");
  set(viewport, "content", "width=device-width, initial-scale=1");
  add_text(head, "title", campaign.title);
  head.append_child("style").text() = report_style;

  const Node body = add(root, "body");
  add_title(body, campaign);
  const Node main = add(body, "main");
  add_summary(main, campaign);
  add_device(main, campaign);
  const Node tests = add(main, "section", "sheet");
  set(tests, "id", "tests");
  add_text(tests, "h2", "Tests");
  add_legend(tests);
  for (std::size_t i = 0; i < campaign.chapters.size(); ++i) {
    add_chapter(tests, campaign.chapters[i], static_cast<int>(i + 1), figures.at(i));
  }
  add_appendix(main, campaign);

  std::ostringstream out;
  document.save(out, " ", pugi::format_default | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

}  // namespace tools::typetest
