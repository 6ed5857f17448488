// The display's pages as `vmeter pages` prints and draws them.
#include <catch2/catch.hpp>
#include <pugixml.hpp>
#include <string>

#include "metrology/ui/page_table.h"
#include "models/display/glass.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/report/glass_svg.h"

using Catch::Matchers::Contains;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;

namespace {

/// How many of the shapes called `name` have the fill `colour`.
int count(const pugi::xml_node& node, const std::string& name, const std::string& colour) {
  int found = name == node.name() && colour == node.attribute("fill").value() ? 1 : 0;
  for (const pugi::xml_node& child : node.children()) found += count(child, name, colour);
  return found;
}

pugi::xml_document picture(const std::string& text, const std::string& symbols) {
  const auto patterns = models::display::patterns_of(text);
  const auto mask = models::display::symbols_of(symbols);
  REQUIRE(patterns.has_value());
  REQUIRE(mask.has_value());
  pugi::xml_document document;
  const std::string svg =
      tools::glass_svg(models::display::segments(*patterns, *mask), false, "P05 <&>");
  REQUIRE(document.load_string(svg.c_str()));
  return document;
}

}  // namespace

TEST_CASE("pages prints every page with its row, an example and its symbols") {
  const ProcessResult result = vmeter({"pages"});
  CHECK(result.status == 0);
  for (const metrology::ui::Page& page : metrology::ui::pages) {
    char number[8];
    std::snprintf(number, sizeof number, "P%02d ", page.number);
    CHECK_THAT(result.out, Contains(number) && Contains(page.title));
  }
  CHECK_THAT(result.out, Contains("1F 2r 3F") && Contains("100/5") && Contains("kvarh L3 RV T1") &&
                             Contains("right 5 s: reset to 0") && Contains("Mb, Mod"));
  CHECK(vmeter({"pages", "more"}).status == 2);
  CHECK_THAT(vmeter({"pages", "--help"}).out, Contains("Usage: vmeter pages"));
}

TEST_CASE("pages draws a picture of each page") {
  const Folder folder;
  const ProcessResult result = vmeter({"pages", "--svg", folder.path("glass")});
  CHECK(result.status == 0);
  for (const char* name : {"P01.svg", "P67.svg", "test-pattern.svg"}) {
    CAPTURE(name);
    pugi::xml_document document;
    CHECK(document.load_file(folder.path(std::string("glass/") + name).c_str()));
    CHECK(std::string(document.document_element().name()) == "svg");
  }
  folder.write("file", "");
  CHECK(vmeter({"pages", "--svg", folder.path("file")}).status == 2);
}

TEST_CASE("a picture of the glass shows what is lit, and the rest faint") {
  // "-1.8": 1, 2 and 7 segments, one point; two symbols. 8 digits of 7 segments and a point, 15
  // symbols and the bar.
  const pugi::xml_document document = picture("-1.8", "kWh T2");
  const std::string lit = "#1b221d";
  const std::string faint = "#adb6a8";
  CHECK(count(document, "polygon", lit) == 10);
  CHECK(count(document, "polygon", faint) == 46);
  CHECK(count(document, "circle", lit) == 1);
  CHECK(count(document, "circle", faint) == 7);
  CHECK(count(document, "text", lit) == 2);
  CHECK(count(document, "text", faint) == 13);
  CHECK(count(document, "rect", faint) == 1);
  CHECK(std::string(document.document_element().child_value("title")) == "P05 <&>");
}
