// Keeps events in memory, for tests that ask about single ones.
#pragma once

#include <string>
#include <vector>

#include "models/pins/event_sink.h"

namespace test {

class Recorder : public models::pins::EventSink {
 public:
  struct Event {
    models::pins::Ps t;
    std::string instance;
    std::string name;
    std::vector<std::pair<std::string, std::uint64_t>> numbers;  ///< numbers and truth values

    std::uint64_t number(const std::string& field) const {
      for (const auto& [key, value] : numbers) {
        if (key == field) return value;
      }
      return ~std::uint64_t{0};
    }
  };

  void record(models::pins::Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override {
    Event kept{t, std::string(instance), std::string(event), {}};
    for (const models::pins::Field& field : fields) {
      if (const auto* flag = std::get_if<bool>(&field.value)) {
        kept.numbers.emplace_back(field.name, *flag ? 1 : 0);
      } else if (const auto* number = std::get_if<std::uint64_t>(&field.value)) {
        kept.numbers.emplace_back(field.name, *number);
      } else if (const auto* instant = std::get_if<models::pins::Instant>(&field.value)) {
        kept.numbers.emplace_back(field.name, static_cast<std::uint64_t>(instant->since_zero));
      }
    }
    events.push_back(std::move(kept));
  }

  /// Of one instance and name, in the order reported.
  std::vector<Event> of(const std::string& instance, const std::string& name) const {
    std::vector<Event> found;
    for (const Event& event : events) {
      if (event.instance == instance && event.name == name) found.push_back(event);
    }
    return found;
  }

  std::vector<Event> events;
};

}  // namespace test
