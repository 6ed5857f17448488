#include "tools/scenario/schema.h"

#include <fmt/format.h>

#include <string>

#include "tools/scenario/keys.h"

namespace tools {
namespace {

using Json = nlohmann::ordered_json;

/// What a number looks like in text, and the parameter that may stand for any value.
constexpr const char* number_pattern = "[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?";
constexpr const char* parameter_pattern = "\\$\\{[A-Za-z0-9_]+\\}";

Json reference(std::string_view type) { return {{"$ref", fmt::format("#/$defs/{}", type)}}; }

std::string escaped(std::string_view unit) {
  std::string out;
  for (const char c : unit) {
    if (c == '.' || c == '+' || c == '*') out += '\\';
    out += c;
  }
  return out;
}

/// Numbers without units may stand as YAML numbers or, after a parameter is put in, as text.
Json quantity_schema(const QuantityType& type) {
  std::string units;
  bool plain = false;
  for (const Dimension dimension : type.dimensions) {
    const bool bare = dimension == Dimension::number || dimension == Dimension::count;
    plain = plain || bare;
    for (const std::string_view unit : units_of(dimension)) {
      units += fmt::format("{}{}", units.empty() ? "" : "|", escaped(unit));
    }
  }
  std::string pattern = fmt::format("^ *({}", number_pattern);
  if (!units.empty()) pattern += fmt::format(" *({}){}", units, plain ? "?" : "");
  pattern += fmt::format("|.*{}.*) *$", parameter_pattern);
  Json text = {{"type", "string"}, {"pattern", pattern}};
  if (!plain) return text;
  const bool whole = type.dimensions.size() == 1 && type.dimensions[0] == Dimension::count;
  return {{"anyOf", Json::array({{{"type", whole ? "integer" : "number"}}, text})}};
}

Json choice_schema(const ChoiceType& type) {
  Json words = Json::array();
  for (const std::string_view word : type.words) words.push_back(std::string(word));
  const Json parameter = {{"type", "string"}, {"pattern", parameter_pattern}};
  return {{"anyOf", Json::array({{{"enum", words}}, parameter})}};
}

Json text_schema(const TextType& type) {
  const std::string pattern(type.pattern);
  const Json text = {{"type", "string"},
                     {"pattern", fmt::format("{}|{}", pattern, parameter_pattern)}};
  // What an editor takes for a number or for yes and no is text here.
  const Json words = {{"type", Json::array({"number", "boolean"})}};
  return {{"anyOf", Json::array({text, words})}};
}

Json list_schema(const ListType& type) {
  return {{"type", "array"},
          {"items", reference(type.item)},
          {"minItems", type.at_least},
          {"maxItems", type.at_most}};
}

Json union_schema(const UnionType& type) {
  Json any = Json::array();
  for (const std::string_view member : type.types) any.push_back(reference(member));
  return {{"anyOf", any}};
}

Json section_schema(const Section& section) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Key& key : section.keys) {
    Json property = reference(key.type);
    property["description"] = std::string(key.meaning);
    properties[std::string(key.name)] = property;
    if (key.required) required.push_back(std::string(key.name));
  }
  Json out = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  if (section.name == "scenario") {
    // A file to be included need not be whole.
    out.erase("required");
    out["not"] = {{"required", Json::array({"meter", "meters"})}};
    out["anyOf"] = Json::array({{{"required", Json::array({"include"})}},
                                {{"required", Json::array({"duration", "meter"})}},
                                {{"required", Json::array({"duration", "meters"})}}});
  }
  return out;
}

}  // namespace

Json scenario_schema() {
  Json definitions = Json::object();
  const auto define = [&definitions](std::string_view name, Json schema) {
    definitions[std::string(name)] = std::move(schema);
  };
  for (const QuantityType& type : quantity_types()) define(type.name, quantity_schema(type));
  for (const ChoiceType& type : choice_types()) define(type.name, choice_schema(type));
  for (const TextType& type : text_types()) define(type.name, text_schema(type));
  for (const ListType& type : list_types()) define(type.name, list_schema(type));
  for (const UnionType& type : union_types()) define(type.name, union_schema(type));
  for (const Section& section : sections()) define(section.name, section_schema(section));
  const Json scalar = {{"type", Json::array({"string", "number", "boolean"})}};
  define("parameters", {{"type", "object"}, {"additionalProperties", scalar}});
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "PRO380 twin: scenario"},
          {"$ref", "#/$defs/scenario"},
          {"$defs", definitions}};
}

}  // namespace tools
