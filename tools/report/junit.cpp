#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "tools/report/result.h"

namespace tools {
namespace {

std::string attribute_of(std::size_t value) { return std::to_string(value); }

void add_case(pugi::xml_node suite, const ScenarioResult& result, const Verdict& verdict) {
  pugi::xml_node node = suite.append_child("testcase");
  node.append_attribute("classname") = result.scenario.c_str();
  node.append_attribute("name") = verdict.name.c_str();
  if (verdict.pass) return;
  const std::string seen = verdict.seen.value_or("not reached");
  const std::string when = verdict.at ? " at " + show_time(*verdict.at) : std::string();
  const std::string message = fmt::format("expected {}, seen {}{}", verdict.expected, seen, when);
  node.append_child("failure").append_attribute("message") = message.c_str();
}

}  // namespace

std::string junit_document(const std::vector<ScenarioResult>& results) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  for (const ScenarioResult& result : results) {
    std::size_t failures = 0;
    for (const Verdict& verdict : result.expectations) failures += verdict.pass ? 0 : 1;
    pugi::xml_node suite = suites.append_child("testsuite");
    suite.append_attribute("name") = result.scenario.c_str();
    suite.append_attribute("tests") = attribute_of(result.expectations.size()).c_str();
    suite.append_attribute("failures") = attribute_of(failures).c_str();
    suite.append_attribute("errors") = "0";
    suite.append_attribute("time") = fmt::format("{:.3f}", result.wall_s).c_str();
    for (const Verdict& verdict : result.expectations) add_case(suite, result, verdict);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace tools
