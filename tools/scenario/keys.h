// The scenario language's vocabulary: every section, every key in it, and what may stand there.
// The loader refuses what is not in these tables, and the published schema is made from them, so
// neither can know a key that the other does not.
#pragma once

#include <string_view>
#include <vector>

#include "tools/scenario/units.h"

namespace tools {

/// A key of a section. `type` names a scalar type, a list type, a union or a section below.
struct Key {
  std::string_view name;
  std::string_view type;
  bool required;
  /// A sentence; "…; 1 s without it" in it says what holds without the key.
  std::string_view meaning;
  std::string_view range = {};  ///< of a value, where the type does not say it
};

struct Section {
  std::string_view name;
  std::vector<Key> keys;

  const Key* find(std::string_view key) const;
};

/// A value with a unit, of one of these dimensions.
struct QuantityType {
  std::string_view name;
  std::vector<Dimension> dimensions;
};

/// One of these words.
struct ChoiceType {
  std::string_view name;
  std::vector<std::string_view> words;
};

/// Text of a form, given as a regular expression for the schema; the loader's checks are stricter.
struct TextType {
  std::string_view name;
  std::string_view pattern;
};

/// A list of one type, `at_least` … `at_most` items.
struct ListType {
  std::string_view name;
  std::string_view item;
  int at_least;
  int at_most;
};

/// Any one of these types.
struct UnionType {
  std::string_view name;
  std::vector<std::string_view> types;
};

const std::vector<Section>& sections();
/// Those of them that say what is expected of a master's exchanges (keys_exchanges.cpp).
std::vector<Section> exchange_sections();
/// Those of them that say what is wrong with a meter's front end (keys_front_end.cpp).
std::vector<Section> front_end_sections();
/// Those of them that the infra-red port adds (keys_ir.cpp).
std::vector<Section> ir_sections();
/// Those of them that an M-Bus line adds (keys_mbus.cpp).
std::vector<Section> mbus_sections();
/// Those of them that a load profile adds (keys_profile.cpp).
std::vector<Section> profile_sections();
/// Those of them that a recording adds (keys_recording.cpp).
std::vector<Section> recording_sections();
const std::vector<QuantityType>& quantity_types();
const std::vector<ChoiceType>& choice_types();
const std::vector<TextType>& text_types();
const std::vector<ListType>& list_types();
const std::vector<UnionType>& union_types();

/// The entry of that name; throws std::logic_error when the tables hold none.
const Section& section(std::string_view name);
const QuantityType& quantity_type(std::string_view name);
const ChoiceType& choice_type(std::string_view name);

}  // namespace tools
