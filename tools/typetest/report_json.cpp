#include "tools/typetest/report_json.h"

#include <cmath>
#include <optional>

namespace tools::typetest {
namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json verdict(bool pass) { return pass ? "pass" : "fail"; }

Json facts_json(const std::vector<Fact>& facts) {
  Json list = Json::array();
  for (const Fact& fact : facts) list.push_back({{"name", fact.name}, {"value", fact.value}});
  return list;
}

Json finding_json(const Finding& finding) {
  Json json;
  json["id"] = finding.id;
  json["condition"] = finding.condition;
  json["quantity"] = finding.quantity;
  json["unit"] = finding.unit;
  json["seen"] = number(finding.seen);
  json["at_least"] = number(finding.at_least);
  json["at_most"] = number(finding.at_most);
  json["share_of_limit"] = number(share_of_limit(finding.seen, finding.at_least, finding.at_most));
  json["source"] = finding.source;
  json["certainty"] = certainty_word(finding.certainty);
  json["verdict"] = verdict(finding.pass);
  json["remark"] = finding.remark;
  return json;
}

Json plot_json(const CurvePlot& plot) {
  Json curves = Json::array();
  for (const Curve& curve : plot.curves) {
    Json points = Json::array();
    for (const auto& [x, y] : curve.points) {
      points.push_back(Json::array({number(x), number(y)}));
    }
    curves.push_back({{"label", curve.label}, {"points", std::move(points)}});
  }
  Json limits = Json::array();
  for (const LimitBand& limit : plot.limits) {
    limits.push_back({{"label", limit.label},
                      {"from", number(limit.from)},
                      {"to", number(limit.to)},
                      {"at_least", number(limit.at_least)},
                      {"at_most", number(limit.at_most)}});
  }
  return {{"title", plot.title},         {"x_label", plot.x_label},
          {"y_label", plot.y_label},     {"logarithmic_x", plot.logarithmic_x},
          {"curves", std::move(curves)}, {"limits", std::move(limits)}};
}

Json plot_json(const BarPlot& plot) {
  Json bars = Json::array();
  for (const Bar& bar : plot.bars) {
    bars.push_back({{"label", bar.label},
                    {"seen", number(bar.seen)},
                    {"at_least", number(bar.at_least)},
                    {"at_most", number(bar.at_most)}});
  }
  return {{"title", plot.title}, {"y_label", plot.y_label}, {"bars", std::move(bars)}};
}

Json plot_json(const HistogramPlot& plot) {
  Json values = Json::array();
  for (const double value : plot.values) values.push_back(number(value));
  return {{"title", plot.title},
          {"x_label", plot.x_label},
          {"values", std::move(values)},
          {"at_least", number(plot.at_least)},
          {"at_most", number(plot.at_most)}};
}

template <typename Plot>
Json plots_json(const std::vector<Plot>& plots) {
  Json list = Json::array();
  for (const Plot& plot : plots) list.push_back(plot_json(plot));
  return list;
}

Json chapter_json(const Chapter& chapter) {
  Json findings = Json::array();
  for (const Finding& finding : chapter.findings) findings.push_back(finding_json(finding));
  Json json;
  json["id"] = chapter.id;
  json["title"] = chapter.title;
  json["clause"] = chapter.clause;
  json["method"] = chapter.method;
  json["verdict"] = verdict(chapter.pass());
  json["worst_share_of_limit"] = number(chapter.worst_share());
  json["findings"] = std::move(findings);
  json["curves"] = plots_json(chapter.curves);
  json["bars"] = plots_json(chapter.bars);
  json["histograms"] = plots_json(chapter.histograms);
  return json;
}

}  // namespace

const char* certainty_word(Certainty certainty) {
  switch (certainty) {
    case Certainty::standard:
      return "standard";
    case Certainty::uncertain:
      return "uncertain";
    case Certainty::maker:
      return "maker";
    case Certainty::ours:
      break;
  }
  return "ours";
}

Json campaign_json(const Campaign& campaign) {
  Json json;
  json["title"] = campaign.title;
  json["variant"] = campaign.variant;
  json["accuracy_class"] = campaign.accuracy_class;
  json["verdict"] = verdict(campaign.pass());
  json["failures"] = campaign.failures();
  json["seed"] = campaign.seed;
  json["build"] = campaign.build;
  json["date"] = campaign.date;
  json["points"] = campaign.points;
  json["simulated_s"] = number(campaign.simulated_s);
  json["wall_s"] = number(campaign.wall_s);
  json["standards"] = facts_json(campaign.standards);
  json["meter"] = facts_json(campaign.meter);
  json["flaws"] = facts_json(campaign.flaws);
  json["calibration"] = facts_json(campaign.calibration);
  Json chapters = Json::array();
  for (const Chapter& chapter : campaign.chapters) chapters.push_back(chapter_json(chapter));
  json["chapters"] = std::move(chapters);
  return json;
}

std::string campaign_document(const Campaign& campaign) {
  return campaign_json(campaign).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tools::typetest
