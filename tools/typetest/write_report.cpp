#include <filesystem>
#include <memory>
#include <system_error>

#include "tools/report/output_file.h"
#include "tools/typetest/gnuplot.h"
#include "tools/typetest/report_html.h"
#include "tools/typetest/report_json.h"

namespace tools::typetest {
namespace {

constexpr const char* page_name = "/index.html";
constexpr const char* document_name = "/campaign.json";
constexpr const char* plots_name = "/plots";

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw OutputRefused(folder + ": the report's folder cannot be created: " + error.message());
  }
}

}  // namespace

void prepare_report(const std::string& folder) {
  if (folder.empty()) throw OutputRefused("found a report without a name, expected a folder's");
  require_gnuplot();
  make_folder(folder + plots_name);
  for (const std::string& name : {folder + page_name, folder + document_name}) {
    make_staging(name);
    discard_output(name);
  }
}

void write_report(const Campaign& campaign, const std::string& folder) {
  std::vector<std::vector<Figure>> figures;
  for (const Chapter& chapter : campaign.chapters) figures.push_back(figures_of(chapter));

  std::vector<std::pair<std::string, std::string>> texts;
  for (const std::vector<Figure>& chapter : figures) {
    for (const Figure& figure : chapter) {
      if (figure.svg.empty()) continue;
      texts.emplace_back(folder + plots_name + "/" + figure.name + ".svg", figure.svg);
    }
  }
  texts.emplace_back(folder + document_name, campaign_document(campaign));
  // The page last: whoever finds it finds the rest.
  texts.emplace_back(folder + page_name, report_html(campaign, figures));

  make_folder(folder + plots_name);
  std::vector<std::unique_ptr<OutputFile>> files;
  for (const auto& [path, text] : texts) {
    files.push_back(std::make_unique<OutputFile>(path));
    files.back()->write(text);
  }
  for (const std::unique_ptr<OutputFile>& file : files) file->commit();
}

}  // namespace tools::typetest
