#include "tools/typetest/plot_drawing.h"

#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include "tools/report/output_file.h"
#include "tools/scenario/plain_text.h"

namespace tools::typetest {
namespace {

constexpr const char* link = "xlink:href";

std::string linked(const pugi::xml_node& node) {
  const std::string_view target = node.attribute(link).value();
  return std::string(target.substr(target.empty() ? 0 : 1));
}

template <typename Visit>
void each_element(const pugi::xml_node& node, const Visit& visit) {
  for (const pugi::xml_node child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    visit(child);
    each_element(child, visit);
  }
}

/// What is used, and what that uses in its turn.
std::set<std::string> used_definitions(const pugi::xml_node& svg, const pugi::xml_node& defs) {
  std::set<std::string> used;
  std::vector<std::string> open;
  const auto take = [&](const pugi::xml_node& node) {
    std::string target = linked(node);
    if (!target.empty() && used.insert(target).second) open.push_back(std::move(target));
  };
  each_element(svg, [&](const pugi::xml_node& node) {
    if (node.parent() != defs) take(node);
  });
  while (!open.empty()) {
    const std::string id = open.back();
    open.pop_back();
    take(defs.find_child_by_attribute("id", id.c_str()));
  }
  return used;
}

void drop_unused_definitions(const pugi::xml_node& svg) {
  pugi::xml_node defs = svg.find_node(
      [](const pugi::xml_node& node) { return std::string_view(node.name()) == "defs"; });
  const std::set<std::string> used = used_definitions(svg, defs);
  for (pugi::xml_node child = defs.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    if (used.count(child.attribute("id").value()) == 0) defs.remove_child(child);
    child = next;
  }
}

/// gnuplot opens a group whenever a pen changes, whether anything is drawn with it or not.
void drop_empty_groups(pugi::xml_node node) {
  for (pugi::xml_node child = node.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    drop_empty_groups(child);
    const std::string_view name = child.name();
    if ((name == "g" || name == "defs") && !child.first_child()) node.remove_child(child);
    child = next;
  }
}

void make_unique(const pugi::xml_node& svg, const std::string& name) {
  each_element(svg, [&](pugi::xml_node node) {
    if (pugi::xml_attribute id = node.attribute("id")) id = (name + "-" + id.value()).c_str();
    if (pugi::xml_attribute to = node.attribute(link))
      to = ("#" + name + "-" + linked(node)).c_str();
  });
}

void describe(pugi::xml_node svg, const DrawingTexts& texts) {
  for (const char* child : {"desc", "title"}) svg.remove_child(child);
  pugi::xml_node description = svg.prepend_child("desc");
  description.append_attribute("id") = (texts.name + "-desc").c_str();
  description.text() = made_plain(texts.description).c_str();
  pugi::xml_node title = svg.prepend_child("title");
  title.append_attribute("id") = (texts.name + "-title").c_str();
  title.text() = made_plain(texts.title).c_str();
  svg.append_attribute("role") = "img";
  svg.append_attribute("aria-labelledby") = (texts.name + "-title " + texts.name + "-desc").c_str();
}

}  // namespace

std::string made_fit(const std::string& drawing, const DrawingTexts& texts) {
  pugi::xml_document document;
  pugi::xml_node svg;
  if (document.load_buffer(drawing.data(), drawing.size())) svg = document.child("svg");
  if (!svg) throw OutputFailed("gnuplot could not draw a plot of the report: found no drawing");
  drop_unused_definitions(svg);
  drop_empty_groups(svg);
  make_unique(svg, texts.name);
  describe(svg, texts);
  std::ostringstream out;
  document.save(out, " ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace tools::typetest
