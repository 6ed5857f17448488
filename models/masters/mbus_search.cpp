#include "models/masters/mbus_search.h"

#include <algorithm>
#include <stdexcept>

namespace models::masters {
namespace {

constexpr int digits = 8;

/// A digit's place in the number, 0: the first.
constexpr int shift_of(int place) { return 4 * (digits - 1 - place); }

}  // namespace

MbusSearch::MbusSearch(const MbusSearchOrder& order) {
  state_.order = order;
  state_.address = order.from;
  if (order.kind == MbusSearchOrder::Kind::primary) {
    if (order.from > order.to) throw std::invalid_argument("a scan that ends before it begins");
    state_.step = Step::ping;
  }
  for (int place = 0; place < digits; ++place) {
    if ((order.mask.id >> shift_of(place) & 0xF) == 0xF) state_.free.push_back(place);
  }
  state_.findings.tag = order.tag;
}

MbusSecondary MbusSearch::asked() const {
  MbusSecondary whom = state_.order.mask;
  for (std::size_t i = 0; i < state_.fixed.size(); ++i) {
    const int shift = shift_of(state_.free[i]);
    whom.id = (whom.id & ~(std::uint32_t{0xF} << shift)) | state_.fixed[i] << shift;
  }
  return whom;
}

MbusRequest MbusSearch::next() const {
  MbusRequest request;
  switch (state_.step) {
    case Step::select:
      request = mbus_request(mbus_select_frame(asked()));
      request.repeats = state_.order.repeats;
      break;
    case Step::read:
      request = mbus_request(mbus_short_frame(mbus_req_ud2, mbus_selected));
      break;
    case Step::release:
      request = mbus_request(mbus_short_frame(mbus_snd_nke, mbus_selected));
      request.repeats = 0;
      break;
    case Step::ping:
      request =
          mbus_request(mbus_short_frame(mbus_snd_nke, static_cast<std::uint8_t>(state_.address)));
      request.repeats = state_.order.repeats;
      break;
    case Step::over:
      throw std::logic_error("a search that is over asks nothing");
  }
  request.repeats_collisions = false;
  request.wait = state_.order.wait;
  request.not_before = state_.order.not_before;
  if (state_.findings.exchanges == 0) request.format = state_.order.format;
  request.tag = state_.order.tag;
  return request;
}

void MbusSearch::take(const MbusExchange& exchange) {
  if (state_.findings.exchanges++ == 0) state_.findings.begin = exchange.begin;
  state_.findings.end = exchange.judged;
  switch (state_.step) {
    case Step::select:
      take_selection(exchange);
      break;
    case Step::read:
      take_reading(exchange);
      break;
    case Step::release:
      state_.step = Step::over;
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
    state_.step = Step::read;
  }
}

void MbusSearch::take_reading(const MbusExchange& exchange) {
  state_.step = Step::select;
  const auto header = exchange.frame ? mbus_header_of(*exchange.frame) : std::nullopt;
  if (!header) {
    descend();
    return;
  }
  auto& found = state_.findings.secondary;
  if (std::find(found.begin(), found.end(), header->address) == found.end()) {
    found.push_back(header->address);
  }
  advance();
}

void MbusSearch::take_ping(const MbusExchange& exchange) {
  const auto address = static_cast<std::uint8_t>(state_.address);
  if (exchange.outcome == MbusOutcome::no_answer) {
  } else if (exchange.failed()) {
    state_.findings.primary_clashes.push_back(address);
  } else {
    state_.findings.primary.push_back(address);
  }
  if (++state_.address > state_.order.to) state_.step = Step::over;
}

void MbusSearch::descend() {
  if (state_.fixed.size() < state_.free.size()) {
    state_.fixed.push_back(0);
    return;
  }
  state_.findings.clashes.push_back(asked());
  advance();
}

void MbusSearch::advance() {
  while (!state_.fixed.empty() && state_.fixed.back() == 9) state_.fixed.pop_back();
  if (state_.fixed.empty()) {
    state_.step = Step::release;
  } else {
    ++state_.fixed.back();
  }
}

}  // namespace models::masters
