// The device under test: a meter fresh from production, or as a scenario file describes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/typetest/campaign.h"
#include "tools/typetest/subject.h"

namespace tools::typetest {

/// "PRO380-Mod CT" as the scenario language names it. Throws UsageError for what is none.
metrology::hal::MeterVariant variant_of(std::string_view name);
std::string_view name_of(metrology::hal::MeterVariant variant);

/// "B" or "C"; throws UsageError for what is neither.
AccuracyClass class_of(std::string_view text);
std::string_view name_of(AccuracyClass accuracy_class);

/// A meter of that version with ideal parts, four wires, and settings as the manual has them.
MeterSpec new_meter(metrology::hal::MeterVariant variant);

/// Typical parts, the middle of production.
void give_typical_parts(MeterSpec& meter);
/// Parts with tolerances drawn from the seed.
void draw_parts(MeterSpec& meter, std::uint64_t seed);

/// The meter on the bench; `accuracy_class`: what it is held against. Throws UsageError for a meter
/// that is not connected with four wires: the tests' loads are for three elements.
Subject subject_of(const MeterSpec& meter, AccuracyClass accuracy_class, std::uint64_t seed);
/// What the nameplate says: B for direct meters, C for CT meters.
AccuracyClass nameplate_class(metrology::hal::MeterVariant variant);

/// Nameplate and front end as the report shows them.
std::vector<Fact> nameplate_facts(const Subject& subject);
std::vector<Fact> flaw_facts(const MeterSpec& meter);

}  // namespace tools::typetest
