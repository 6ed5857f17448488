#include "models/masters/mbus_search.h"

#include <algorithm>
#include <stdexcept>

namespace models::masters {
namespace {

constexpr int digits = 8;

/// A digit's place in the number, 0: the first.
constexpr int shift_of(int place) { return 4 * (digits - 1 - place); }

}  // namespace

MbusSearch::MbusSearch(const MbusSearchOrder& order) : order_(order), address_(order.from) {
  if (order.kind == MbusSearchOrder::Kind::primary) {
    if (order.from > order.to) throw std::invalid_argument("a scan that ends before it begins");
    step_ = Step::ping;
  }
  for (int place = 0; place < digits; ++place) {
    if ((order.mask.id >> shift_of(place) & 0xF) == 0xF) free_.push_back(place);
  }
  findings_.tag = order.tag;
}

MbusSecondary MbusSearch::asked() const {
  MbusSecondary whom = order_.mask;
  for (std::size_t i = 0; i < fixed_.size(); ++i) {
    const int shift = shift_of(free_[i]);
    whom.id = (whom.id & ~(std::uint32_t{0xF} << shift)) | fixed_[i] << shift;
  }
  return whom;
}

MbusRequest MbusSearch::next() const {
  MbusRequest request;
  switch (step_) {
    case Step::select:
      request = mbus_request(mbus_select_frame(asked()));
      request.repeats = order_.repeats;
      break;
    case Step::read:
      request = mbus_request(mbus_short_frame(mbus_req_ud2, mbus_selected));
      break;
    case Step::release:
      request = mbus_request(mbus_short_frame(mbus_snd_nke, mbus_selected));
      request.repeats = 0;
      break;
    case Step::ping:
      request = mbus_request(mbus_short_frame(mbus_snd_nke, static_cast<std::uint8_t>(address_)));
      request.repeats = order_.repeats;
      break;
    case Step::over:
      throw std::logic_error("a search that is over asks nothing");
  }
  request.repeats_collisions = false;
  request.wait = order_.wait;
  request.not_before = order_.not_before;
  if (findings_.exchanges == 0) request.format = order_.format;
  request.tag = order_.tag;
  return request;
}

void MbusSearch::take(const MbusExchange& exchange) {
  if (findings_.exchanges++ == 0) findings_.begin = exchange.begin;
  findings_.end = exchange.judged;
  switch (step_) {
    case Step::select:
      take_selection(exchange);
      break;
    case Step::read:
      take_reading(exchange);
      break;
    case Step::release:
      step_ = Step::over;
      break;
    case Step::ping:
      take_ping(exchange);
      break;
    case Step::over:
      break;
  }
}

void MbusSearch::take_selection(const MbusExchange& exchange) {
  if (exchange.outcome == MbusOutcome::no_answer) {
    advance();
  } else if (exchange.failed()) {
    descend();
  } else {
    step_ = Step::read;
  }
}

void MbusSearch::take_reading(const MbusExchange& exchange) {
  step_ = Step::select;
  const auto header = exchange.frame ? mbus_header_of(*exchange.frame) : std::nullopt;
  if (!header) {
    descend();
    return;
  }
  auto& found = findings_.secondary;
  if (std::find(found.begin(), found.end(), header->address) == found.end()) {
    found.push_back(header->address);
  }
  advance();
}

void MbusSearch::take_ping(const MbusExchange& exchange) {
  const auto address = static_cast<std::uint8_t>(address_);
  if (exchange.outcome == MbusOutcome::no_answer) {
  } else if (exchange.failed()) {
    findings_.primary_clashes.push_back(address);
  } else {
    findings_.primary.push_back(address);
  }
  if (++address_ > order_.to) step_ = Step::over;
}

void MbusSearch::descend() {
  if (fixed_.size() < free_.size()) {
    fixed_.push_back(0);
    return;
  }
  findings_.clashes.push_back(asked());
  advance();
}

void MbusSearch::advance() {
  while (!fixed_.empty() && fixed_.back() == 9) fixed_.pop_back();
  if (fixed_.empty()) {
    step_ = Step::release;
  } else {
    ++fixed_.back();
  }
}

}  // namespace models::masters
