// What gnuplot drew, made fit for a page of many drawings and for readers who do not see them.
#pragma once

#include <string>

namespace tools::typetest {

struct DrawingTexts {
  std::string name;         ///< what every identifier begins with
  std::string title;        ///< what is read out for the drawing
  std::string description;  ///< in more words
};

/// The drawing without gnuplot's unused definitions and empty groups, its identifiers made unique,
/// its title and description replaced. Throws OutputFailed for what is no drawing.
std::string made_fit(const std::string& drawing, const DrawingTexts& texts);

}  // namespace tools::typetest
