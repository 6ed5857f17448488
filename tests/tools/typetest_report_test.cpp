// The report of a type test: what stands in it, that it needs nothing but itself, that the same
// campaign gives the same bytes, and what happens where it cannot be written or drawn.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/report/output_file.h"
#include "tools/typetest/gnuplot.h"
#include "tools/typetest/plots.h"
#include "tools/typetest/report_html.h"
#include "tools/typetest/report_json.h"
#include "tools/typetest/report_numbers.h"

using namespace tools::typetest;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

const std::string nasty =
    R"(<b> & "quotes" 'n' `id` $x @y {z} 0.5 "5" '6' \7 ;8 10 % of 5 %g \n 230 V ± ½ Ω — ]]> -->)";

Finding error_of(const std::string& id, double seen, double limit, bool pass) {
  return {id,
          "5 A, PF 1",
          "error",
          "%",
          seen,
          -limit,
          limit,
          "EN 50470-3 Table 4",
          Certainty::standard,
          pass,
          ""};
}

/// Two chapters, the second fails; with every kind of text, number and plot that is awkward.
Campaign small_campaign() {
  Campaign campaign;
  campaign.title = "Type test of " + nasty;
  campaign.variant = "PRO380-Mod";
  campaign.accuracy_class = "B";
  campaign.seed = std::numeric_limits<std::uint64_t>::max();
  campaign.build = "0.1.0";
  campaign.meter = {{"Serial number", "24380001"}, {nasty, nasty}};
  campaign.flaws = {{"L1 divider", "+0.42 %"}};
  campaign.standards = {{"EN 50470-3", "2006"}};
  campaign.points = 3;
  campaign.simulated_s = 120.5;
  campaign.wall_s = 0.25;

  Chapter intrinsic;
  intrinsic.id = "intrinsic";
  intrinsic.title = "Intrinsic error";
  intrinsic.clause = "EN 50470-3 §8.7.2";
  intrinsic.method = nasty;
  intrinsic.findings = {error_of("intrinsic/5A", 0.25, 1, true),
                        error_of("intrinsic/10A", -0.5, 1.5, true)};
  CurvePlot curves;
  curves.title = nasty;
  curves.x_label = nasty;
  curves.y_label = "error [%]";
  curves.logarithmic_x = true;
  curves.curves = {{nasty, {{0, 0.1}, {0.25, 0.1}, {5, 0.25}, {10, NAN}, {100, -0.125}}},
                   {"empty", {}}};
  curves.limits = {{nasty, 0.25, 5, -1.5, 1.5}, {nasty, 5, 100, -1, 1}};
  intrinsic.curves = {curves, {"nothing", "x", "y", false, {{"none", {}}}, {}}};
  campaign.chapters.push_back(intrinsic);

  Chapter other;
  other.id = "influences/and more";
  other.title = nasty;
  other.findings = {error_of("influences/missing", 0, 1, false),
                    error_of("influences/high", 1.0004, 1, false),
                    {"influences/flashes",
                     nasty,
                     "pulses",
                     "",
                     2.0,
                     {},
                     3.0,
                     nasty,
                     Certainty::uncertain,
                     true,
                     nasty}};
  other.findings[0].seen.reset();
  other.findings[0].remark = "the LED kept dark";
  other.bars = {{"Influences",
                 "change of error",
                 {{nasty, 0.3, -1, 1}, {"far", 9, -0.5, 0.5}, {"none", NAN, -1, 1}}},
                {"No bars", "change", {}}};
  other.histograms = {{nasty, "error [%]", {0.1, 0.2, 0.2, NAN, -0.1}, -1.0, 1.0},
                      {"all the same", "error [%]", {0.5}, {}, 1.0},
                      {"nobody", "error [%]", {}, {}, {}}};
  campaign.chapters.push_back(other);
  return campaign;
}

std::string page_of(const Campaign& campaign) {
  std::vector<std::vector<Figure>> figures;
  for (const Chapter& chapter : campaign.chapters) figures.push_back(figures_of(chapter));
  return report_html(campaign, figures);
}

/// All text of an element, as a reader sees it.
std::string text_of(const pugi::xml_node& node) {
  std::string text = node.value();
  for (const pugi::xml_node child : node.children()) text += text_of(child);
  return text;
}

/// The row of the finding's table in which `id` stands.
pugi::xml_node row_of(const pugi::xml_document& page, const std::string& id) {
  const pugi::xml_node span = page.find_node([&](const pugi::xml_node& node) {
    return std::string(node.name()) == "span" && id == node.child_value();
  });
  return span.parent().parent();
}

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
  return text;
}

/// The search path for programs, put back at the end.
class SearchPath {
 public:
  explicit SearchPath(const std::string& path) {
    if (const char* before = std::getenv("PATH")) before_ = before;
    setenv("PATH", path.c_str(), 1);
  }
  ~SearchPath() { setenv("PATH", before_.c_str(), 1); }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("a type test's page is well formed and shows every text as it is") {
  const std::string page = page_of(small_campaign());
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_string(page.c_str());
  INFO(parsed.description());
  REQUIRE(parsed);
  CHECK(page.rfind("<!DOCTYPE html>", 0) == 0);
  const std::string text = text_of(document);
  // Title, heading, nameplate twice, method, caption and name of the drawing, its axis and key …
  std::size_t count = 0;
  for (std::size_t at = text.find(nasty); at != std::string::npos; at = text.find(nasty, at + 1)) {
    ++count;
  }
  CHECK(count >= 16);
  CHECK_THAT(text, Contains(std::to_string(std::numeric_limits<std::uint64_t>::max())));
  CHECK_THAT(text, Contains("EN 50470-3, 2006") && Contains("24380001") && Contains("+0.42 %"));
  CHECK_THAT(text,
             Contains("3 errors measured in 120 s") || Contains("3 errors measured in 121 s"));
  CHECK_THAT(text, Contains("not calibrated"));
  CHECK_THAT(text, Contains("There is nothing to draw"));
}

TEST_CASE("no element of a type test's page is one that a browser would leave open") {
  pugi::xml_document document;
  REQUIRE(document.load_string(page_of(small_campaign()).c_str()));
  const pugi::xml_node open = document.find_node([](const pugi::xml_node& node) {
    const std::string name = node.name();
    if (node.type() != pugi::node_element || node.first_child() || name == "meta") return false;
    for (pugi::xml_node up = node; up; up = up.parent()) {
      if (std::string(up.name()) == "svg") return false;
    }
    return true;
  });
  INFO(open.path());
  CHECK(!open);
}

TEST_CASE("a type test's page needs nothing from elsewhere and runs nothing") {
  const std::string page = page_of(small_campaign());
  std::string rest = page;
  for (const char* name : {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg",
                           "http://www.w3.org/1999/xlink"}) {
    rest = without(rest, std::string("=\"") + name + "\"");
  }
  for (const char* reference : {"http:", "https:", "//", "src=", "url(", "@import", "@font-face",
                                "<script", "<link", "<img", "<object", "<iframe", "<image"}) {
    INFO(reference);
    CHECK(rest.find(reference) == std::string::npos);
  }
  pugi::xml_document document;
  REQUIRE(document.load_string(page.c_str()));
  std::size_t links = 0;
  for (const char* attribute : {"href", "xlink:href"}) {
    for (const auto& found :
         document.select_nodes((std::string("//*[@") + attribute + "]").c_str())) {
      const std::string to = found.node().attribute(attribute).value();
      INFO(to);
      REQUIRE(to.size() > 1);
      CHECK(to[0] == '#');
      CHECK(document.select_node(("//*[@id='" + to.substr(1) + "']").c_str()));
      ++links;
    }
  }
  CHECK(links > 4);
}

TEST_CASE("an identifier stands once in a type test's page") {
  pugi::xml_document document;
  REQUIRE(document.load_string(page_of(small_campaign()).c_str()));
  std::set<std::string> seen;
  for (const auto& found : document.select_nodes("//*[@id]")) {
    const std::string id = found.node().attribute("id").value();
    INFO(id);
    CHECK(seen.insert(id).second);
    CHECK(id.find_first_of(" /") == std::string::npos);
  }
  CHECK(seen.size() > 10);
}

TEST_CASE("a finding's row shows id and value and limits and share and source and verdict") {
  pugi::xml_document page;
  REQUIRE(page.load_string(page_of(small_campaign()).c_str()));
  struct Expected {
    const char* id;
    std::vector<std::string> cells;  ///< from the second on
  };
  // Shares: 0.25/1, 0.5/1.5 rounded down, none, 1.0004/1 rounded up, 2/3 rounded down.
  const std::vector<Expected> expected = {
      {"intrinsic/5A", {"error\u00a0[%]", "0.250", "±1", "25 %", "EN 50470-3 Table 4", "✓ pass"}},
      {"intrinsic/10A",
       {"error\u00a0[%]", "−0.500", "±1.5", "33 %", "EN 50470-3 Table 4", "✓ pass"}},
      {"influences/missing",
       {"error\u00a0[%]", "not measured", "±1", "—", "EN 50470-3 Table 4", "✗ FAIL"}},
      {"influences/high",
       {"error\u00a0[%]", "1.0004", "±1", "101 %", "EN 50470-3 Table 4", "✗ FAIL"}},
      {"influences/flashes", {"pulses", "2", "≤ 3", "66 %", nasty + " U", "✓ pass"}}};
  for (const Expected& one : expected) {
    INFO(one.id);
    std::vector<std::string> cells;
    for (const pugi::xml_node cell : row_of(page, one.id).children("td")) {
      cells.push_back(text_of(cell));
    }
    REQUIRE(cells.size() == 7);
    CHECK(std::vector<std::string>(cells.begin() + 1, cells.end()) == one.cells);
  }
  CHECK_THAT(text_of(row_of(page, "influences/missing")), Contains("the LED kept dark"));
}

TEST_CASE("a type test's summary has each test's verdict and margin and whatever fails") {
  pugi::xml_document page;
  REQUIRE(page.load_string(page_of(small_campaign()).c_str()));
  const pugi::xml_node summary = page.select_node("//section[@id='summary']").node();
  std::vector<std::string> rows;
  for (const auto& row : summary.select_nodes(".//tbody/tr")) {
    std::string text;
    for (const pugi::xml_node cell : row.node().children("td")) text += text_of(cell) + "|";
    rows.push_back(text);
  }
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == "1|Intrinsic error|EN 50470-3 §8.7.2|2|33 %|✓ pass|");
  CHECK(rows[1] == "2|" + nasty + "|—|3|101 %|✗ FAIL|");
  CHECK(rows[2] == nasty + "|5 A, PF 1|error|not measured|±1|the LED kept dark|");
  CHECK(rows[3] == nasty + "|5 A, PF 1|error|1.0004 %|±1|—|");
  const std::string badge = text_of(page.select_node("//header/p[2]").node());
  CHECK(badge == "✗ FAIL: 2 of 5 findings do not hold");

  Campaign good = small_campaign();
  good.chapters.pop_back();
  REQUIRE(page.load_string(page_of(good).c_str()));
  CHECK(text_of(page.select_node("//header/p[2]").node()) == "✓ PASS: all 2 findings hold");
}

TEST_CASE("a limit that could not be checked stands in the appendix once") {
  Campaign campaign = small_campaign();
  Finding again = campaign.chapters[1].findings[2];
  again.id += "/again";
  campaign.chapters[1].findings.push_back(again);
  pugi::xml_document page;
  REQUIRE(page.load_string(page_of(campaign).c_str()));
  const auto rows = page.select_nodes("//section[@id='appendix']//tbody/tr");
  REQUIRE(rows.size() == 1);
  CHECK(text_of(rows[0].node()) == nasty + "pulses≤ 3" + nasty + "2");
}

TEST_CASE("a type test's date is shown if there is one") {
  Campaign campaign = small_campaign();
  CHECK_THAT(page_of(campaign), !Contains("<dt>Date</dt>"));
  campaign.date = "2026-11-28";
  CHECK_THAT(page_of(campaign), Contains("<dt>Date</dt>") && Contains("2026-11-28"));
}

TEST_CASE("headings of a type test's tables say what they head, drawings have titles") {
  pugi::xml_document page;
  REQUIRE(page.load_string(page_of(small_campaign()).c_str()));
  CHECK(page.select_nodes("//th").size() > 20);
  CHECK(page.select_nodes("//th[not(@scope)]").empty());
  const auto drawings = page.select_nodes("//*[name()='svg']");
  // Curves, bars and two histograms: the other three plots are empty.
  REQUIRE(drawings.size() == 4);
  for (const auto& drawing : drawings) {
    CHECK(std::string(drawing.node().attribute("role").value()) == "img");
    CHECK(!std::string(drawing.node().child("title").child_value()).empty());
    CHECK_THAT(drawing.node().child("title").child_value(), !Contains("Gnuplot"));
    CHECK(std::string(drawing.node().next_sibling().name()) == "figcaption");
  }
}

TEST_CASE("the same campaign gives the same bytes, however long it took") {
  const tests::Folder first;
  const tests::Folder second;
  Campaign campaign = small_campaign();
  write_report(campaign, first.path("r"));
  campaign.wall_s = 99;
  write_report(campaign, second.path("r"));
  const std::vector<std::string> names = {
      "/index.html", "/plots/intrinsic-1.svg", "/plots/influences-and-more-1.svg",
      "/plots/influences-and-more-3.svg", "/plots/influences-and-more-4.svg"};
  for (const std::string& name : names) {
    INFO(name);
    CHECK(tests::read_all(first.path("r" + name)).size() > 1000);
    CHECK(tests::read_all(first.path("r" + name)) == tests::read_all(second.path("r" + name)));
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(first.path("r"))) {
    if (entry.is_regular_file()) ++files;
  }
  CHECK(files == names.size() + 1);
  CHECK(Json::parse(tests::read_all(first.path("r/campaign.json")))["wall_s"] == 0.25);
}

TEST_CASE("a plot that stands alone is a whole drawing") {
  const Campaign campaign = small_campaign();
  const std::string svg = plot_svg(campaign.chapters[0].curves[0], "name");
  pugi::xml_document document;
  REQUIRE(document.load_string(svg.c_str()));
  CHECK(std::string(document.child("svg").attribute("xmlns").value()) ==
        "http://www.w3.org/2000/svg");
  CHECK_THAT(document.child("svg").attribute("viewBox").value(), Contains("0 0 720 "));
  // Both currents that have a value, as a label; those without one, and 0, which has no place on a
  // logarithmic axis, have none.
  const std::string text = text_of(document);
  CHECK_THAT(text, Contains("0.25") && Contains("100") && Contains(nasty));
  CHECK_THAT(text, !Contains("Gnuplot") && !Contains("GNUPLOT"));
  CHECK(plot_svg(CurvePlot{}, "name").empty());
  CHECK(plot_svg(BarPlot{}, "name").empty());
  CHECK(plot_svg(HistogramPlot{}, "name").empty());
}

TEST_CASE("a text is drawn as it is wherever it stands in a plot") {
  const CurvePlot curves{nasty, nasty, nasty, false, {{nasty, {{1, 1}}}}, {{nasty, 0, 1, 0, 1}}};
  const BarPlot bars{nasty, nasty, {{nasty, 1, 0, 2}}};
  const HistogramPlot histogram{nasty, nasty, {1}, {}, {}};
  const auto drawn = [](const std::string& svg) {
    pugi::xml_document document;
    REQUIRE(document.load_string(svg.c_str()));
    std::size_t count = 0;
    for (const auto& text : document.select_nodes("//text")) {
      if (text_of(text.node()).find(nasty) != std::string::npos) ++count;
    }
    return count;
  };
  CHECK(drawn(plot_svg(curves, "n")) == 4);  // both axes, the limit and the curve in the key
  CHECK(drawn(plot_svg(bars, "n")) == 2);    // the bar's name, the axis
  CHECK(drawn(plot_svg(histogram, "n")) == 1);
}

TEST_CASE("a bar is as long as its share of the limit, and says so when it fails") {
  const BarPlot plot{
      "t", "change", {{"quarter", 0.25, -1, 1}, {"half", -1, -2, 2}, {"out", 3, -2, 2}}};
  const std::string svg = plot_svg(plot, "n");
  pugi::xml_document document;
  REQUIRE(document.load_string(svg.c_str()));
  std::vector<double> widths;
  for (const auto& bar : document.select_nodes("//g[@id='n-gnuplot_plot_1' or "
                                               "@id='n-gnuplot_plot_2']//polygon")) {
    // A box's corners: its left and right edge are the lowest and the highest x.
    std::istringstream corners(bar.node().attribute("points").value());
    double low = 1e9;
    double high = -1e9;
    for (std::string corner; corners >> corner;) {
      low = std::min(low, std::stod(corner));
      high = std::max(high, std::stod(corner));
    }
    widths.push_back(high - low);
  }
  REQUIRE(widths.size() == 3);
  CHECK(widths[1] == Approx(2 * widths[0]).epsilon(0.02));
  CHECK(widths[2] == Approx(6 * widths[0]).epsilon(0.02));
  const std::string text = text_of(document);
  CHECK_THAT(text, Contains("0.250 of ±1") && Contains("−1 of ±2"));
  CHECK_THAT(text, Contains("3 of ±2  FAILS"));
  CHECK_THAT(text, Contains("100 %") && Contains("−100 %"));
}

TEST_CASE("a campaign as a document has its numbers as they are") {
  const Campaign campaign = small_campaign();
  const Json json = Json::parse(campaign_document(campaign));
  CHECK(json["title"] == campaign.title);
  CHECK(json["seed"] == std::numeric_limits<std::uint64_t>::max());
  CHECK(json["verdict"] == "fail");
  CHECK(json["failures"] == 2);
  CHECK(json["simulated_s"] == 120.5);
  const Json& intrinsic = json["chapters"][0];
  CHECK(intrinsic["verdict"] == "pass");
  CHECK(intrinsic["findings"][0]["seen"] == 0.25);
  CHECK(intrinsic["findings"][0]["at_least"] == -1);
  CHECK(intrinsic["findings"][1]["share_of_limit"] == Approx(1.0 / 3));
  CHECK(intrinsic["curves"][0]["curves"][0]["points"][4] == Json::array({100.0, -0.125}));
  CHECK(intrinsic["curves"][0]["curves"][0]["points"][3][1].is_null());
  const Json& other = json["chapters"][1];
  CHECK(other["worst_share_of_limit"] == 1.0004);
  CHECK(other["findings"][0]["seen"].is_null());
  CHECK(other["findings"][2]["at_least"].is_null());
  CHECK(other["findings"][2]["certainty"] == "uncertain");
  CHECK(other["histograms"][0]["values"] == Json::array({0.1, 0.2, 0.2, nullptr, -0.1}));
}

TEST_CASE("bytes that are no text spoil neither page nor document") {
  Campaign campaign = small_campaign();
  campaign.variant = "a\xFF\x01 b";
  pugi::xml_document page;
  REQUIRE(page.load_string(page_of(campaign).c_str()));
  CHECK_THAT(text_of(page), Contains("a?? b"));
  CHECK(Json::parse(campaign_document(campaign))["variant"] == "a\xEF\xBF\xBD\x01 b");
}

TEST_CASE("the published schema of campaigns takes what is written and nothing less") {
  const tests::Folder folder;
  const Json good = campaign_json(small_campaign());
  std::vector<Json> documents = {good, Json::parse(campaign_document(Campaign{})), good, good,
                                 good};
  documents[1]["title"] = documents[1]["variant"] = documents[1]["accuracy_class"] = "x";
  documents[1]["build"] = "x";
  documents[2].erase("seed");
  documents[3]["chapters"][0]["findings"][0]["seen"] = "0.25";
  documents[4]["chapters"][0]["findings"][0]["surplus"] = 1;
  const std::string path = folder.write("documents.json", Json(documents).dump());
  const tests::ProcessResult result =
      tests::run_process({"/usr/bin/python3", tests::repository("tests/tools/validate.py"),
                          tests::repository("scenarios/schema/typetest.schema.json"), path});
  INFO(result.err);
  CHECK(result.status == 0);
  CHECK(result.out == "valid\nvalid\ninvalid\ninvalid\ninvalid\n");
}

TEST_CASE("a report that cannot be is refused before anything is measured") {
  const tests::Folder folder;
  folder.write("file", "");
  CHECK_THROWS_AS(prepare_report(folder.path("file")), tools::OutputRefused);
  CHECK_THROWS_AS(prepare_report(folder.path("file/r")), tools::OutputRefused);
  CHECK_THROWS_AS(prepare_report("/proc/r"), tools::OutputRefused);
  CHECK_THROWS_AS(prepare_report(""), tools::OutputRefused);
  std::filesystem::create_directories(folder.path("taken/index.html"));
  CHECK_THROWS_AS(prepare_report(folder.path("taken")), tools::OutputRefused);
  prepare_report(folder.path("deep/er"));
  CHECK(std::filesystem::is_directory(folder.path("deep/er/plots")));
  CHECK(!std::filesystem::exists(folder.path("deep/er/index.html")));
}

TEST_CASE("a report on a full disk leaves nothing half written") {
  for (const char* name : {"index.html", "campaign.json", "plots/intrinsic-1.svg"}) {
    INFO(name);
    const tests::Folder folder;
    std::filesystem::create_directories(folder.path("plots"));
    folder.write("index.html", "old");
    std::filesystem::remove(folder.path(name));
    std::filesystem::create_symlink("/dev/full", folder.path(name));
    CHECK_THROWS_AS(write_report(small_campaign(), folder.path(".")), tools::OutputFailed);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path("."))) {
      CHECK(entry.path().extension() != ".part");
    }
    if (std::string(name) != "index.html")
      CHECK(tests::read_all(folder.path("index.html")) == "old");
  }
}

TEST_CASE("without gnuplot the package to install is named") {
  const tests::Folder folder;
  const SearchPath nowhere(folder.path("nothing here"));
  CHECK_THROWS_WITH(require_gnuplot(), Contains("gnuplot-nox") && Contains("cannot be run"));
  CHECK_THROWS_AS(prepare_report(folder.path("r")), tools::OutputRefused);
  CHECK(!std::filesystem::exists(folder.path("r")));
  CHECK_THROWS_AS(write_report(small_campaign(), folder.path("r")), tools::OutputFailed);
  CHECK(!std::filesystem::exists(folder.path("r")));
}

TEST_CASE("a gnuplot that fails is quoted") {
  CHECK_THROWS_WITH(run_gnuplot("plot $nothing\n"), Contains("no datablock named $nothing"));
  const tests::Folder folder;
  const std::string fake = folder.write("gnuplot", "#!/bin/sh\nexit 7\n");
  std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
  const SearchPath path(folder.path(""));
  CHECK_THROWS_WITH(require_gnuplot(), Contains("status 7"));
  CHECK_THROWS_AS(run_gnuplot(""), tools::OutputFailed);
}

TEST_CASE("a text in a plot's script runs nothing") {
  const tests::Folder folder;
  const std::string mark = folder.path("mark");
  const std::string evil =
      "' ; system('touch " + mark + "') ; `touch " + mark + "` \n!touch " + mark;
  const CurvePlot plot{evil, evil, evil, false, {{evil, {{1, 1}}}}, {{evil, 0, 1, 0, 1}}};
  CHECK(!plot_svg(plot, "n").empty());
  CHECK(!plot_svg(BarPlot{evil, evil, {{evil, 1, 0, 2}}}, "n").empty());
  CHECK(!plot_svg(HistogramPlot{evil, evil, {1}, {}, {}}, "n").empty());
  CHECK(!std::filesystem::exists(mark));
}

TEST_CASE("the share of a limit is 1 at the limit and none where nothing is used up") {
  using Limit = std::optional<double>;
  const auto share = [](double seen, Limit least, Limit most) {
    return share_of_limit(seen, least, most);
  };
  CHECK(share(0.5, -1, 1) == Approx(0.5));
  CHECK(share(-0.5, -2, 1) == Approx(0.25));
  CHECK(share(10.1, 9.9, 10.1) == Approx(1));
  CHECK(share(10, 9.9, 10.1) == Approx(0).margin(1e-9));
  CHECK(share(30, {}, 60) == Approx(0.5));
  CHECK(share(-30, {}, 60) == Approx(0));
  CHECK(share(0, 0, 2) == Approx(0));
  CHECK(share(3, 0, 2) == Approx(1.5));
  CHECK(!share(200, 100, {}));
  CHECK(share(-20, {}, -10) == Approx(0.5));
  CHECK(!share(0, 0, 0));
  CHECK(!share(1, {}, 0));
  CHECK(!share(1, {}, {}));
  CHECK(!share(NAN, -1, 1));
  CHECK(!share_of_limit({}, -1, 1));
}

TEST_CASE("a number beside its limit has the digits that matter") {
  CHECK(measured_number(0.12345, -1.0, 1.0) == "0.123");
  CHECK(measured_number(-0.12345, -0.5, 0.5) == "−0.123");
  CHECK(measured_number(0.012345, -0.05, 0.05) == "0.0123");
  CHECK(measured_number(12.345, {}, 60.0) == "12.35");
  CHECK(measured_number(-0.0001, -1.0, 1.0) == "0.000");
  CHECK(measured_number(3, {}, 3.0) == "3");
  CHECK(measured_number(1.0004, -1.0, 1.0) == "1.0004");
  CHECK(measured_number(0.99996, 1.0, {}) == "0.99996");
  CHECK(measured_number(NAN, -1.0, 1.0) == "not a number");
  CHECK(limits_text(-0.5, 0.5) == "±0.5");
  CHECK(limits_text(-0.2, 0.5) == "−0.2 … 0.5");
  CHECK(limits_text({}, 3.0) == "≤ 3");
  CHECK(limits_text({}, 39.130434782608695) == "≤ 39.1304");
  CHECK(limits_text({}, 0.00414) == "≤ 0.00414");
  CHECK(limits_text(2.0, {}) == "≥ 2");
  CHECK(limits_text(0.0, 0.0) == "0");
  CHECK(limits_text({}, {}) == "none");
  CHECK(share_text(0.999) == "99 %");
  CHECK(share_text(1.0001) == "101 %");
  CHECK(share_text({}) == "—");
}
