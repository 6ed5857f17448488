// A campaign as a document for programs: everything that the report for people shows, and its wall
// time. The published schema is scenarios/schema/typetest.schema.json.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/typetest/campaign.h"

namespace tools::typetest {

/// Numbers are numbers, and null where there is none or none that is finite.
nlohmann::ordered_json campaign_json(const Campaign& campaign);

/// The same as a file's text. Bytes that are not UTF-8 become U+FFFD.
std::string campaign_document(const Campaign& campaign);

/// The word for it in documents: "standard", "uncertain", "maker", "ours".
const char* certainty_word(Certainty certainty);

}  // namespace tools::typetest
