// Elements of a page. What is written into them is text: nothing in it has a meaning for a browser.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/typetest/campaign.h"

namespace tools::typetest::html {

using Node = pugi::xml_node;

/// An element, with a class unless that is empty.
Node add(Node parent, const char* name, const std::string& css_class = "");
/// An element that holds a text; a dash if that is empty, because a browser takes an element
/// without content for one that is still open.
Node add_text(Node parent, const char* name, std::string_view text,
              const std::string& css_class = "");
/// A text behind what the element holds already.
void say(Node node, std::string_view text);
void set(Node node, const char* attribute, const std::string& value);

struct Column {
  const char* heading;
  bool numbers = false;
};

/// A table with a caption unless that is empty; rows go into what is returned.
Node add_table(Node parent, const std::string& caption, const std::vector<Column>& columns);
/// Names and values, a row each.
void add_facts(Node parent, const std::string& caption, const std::vector<Fact>& facts);
/// "pass" or "FAIL": readable without colours.
Node add_verdict(Node parent, const char* name, bool pass);

}  // namespace tools::typetest::html
