#include "tools/typetest/html_elements.h"

#include "tools/scenario/plain_text.h"

namespace tools::typetest::html {

Node add(Node parent, const char* name, const std::string& css_class) {
  Node node = parent.append_child(name);
  if (!css_class.empty()) set(node, "class", css_class);
  return node;
}

Node add_text(Node parent, const char* name, std::string_view text, const std::string& css_class) {
  const Node node = add(parent, name, css_class);
  say(node, text.empty() ? "—" : text);
  return node;
}

void say(Node node, std::string_view text) {
  node.append_child(pugi::node_pcdata).set_value(made_plain(text).c_str());
}

void set(Node node, const char* attribute, const std::string& value) {
  node.append_attribute(attribute) = made_plain(value).c_str();
}

Node add_table(Node parent, const std::string& caption, const std::vector<Column>& columns) {
  const Node table = add(add(parent, "div", "table"), "table");
  if (!caption.empty()) add_text(table, "caption", caption);
  const Node row = add(add(table, "thead"), "tr");
  for (const Column& column : columns) {
    set(add_text(row, "th", column.heading, column.numbers ? "number" : ""), "scope", "col");
  }
  return add(table, "tbody");
}

void add_facts(Node parent, const std::string& caption, const std::vector<Fact>& facts) {
  const Node table = add(add(parent, "div", "table"), "table", "facts");
  if (!caption.empty()) add_text(table, "caption", caption);
  const Node body = add(table, "tbody");
  for (const Fact& fact : facts) {
    const Node row = add(body, "tr");
    set(add_text(row, "th", fact.name), "scope", "row");
    add_text(row, "td", fact.value);
  }
}

Node add_verdict(Node parent, const char* name, bool pass) {
  return add_text(parent, name, pass ? "✓ pass" : "✗ FAIL", pass ? "verdict pass" : "verdict fail");
}

}  // namespace tools::typetest::html
