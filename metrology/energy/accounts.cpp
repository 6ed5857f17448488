#include "metrology/energy/accounts.h"

#include <initializer_list>

namespace metrology::energy {

namespace {

template <typename Action>
void for_each_account(Accounts& accounts, const Action& action) {
  for (int phase = 0; phase < phase_count; ++phase) action(accounts.phase[phase], phase);
  action(accounts.total, phase_count);
}

}  // namespace

void add(Accounts& accounts, const Accounts& stored) {
  for_each_account(accounts, [&stored](Account& account, int number) {
    const Account& more = number == phase_count ? stored.total : stored.phase[number];
    for (int tariff = 0; tariff < tariff_count; ++tariff) {
      for (int kind = 0; kind < kind_count; ++kind) {
        for (int direction = 0; direction < direction_count; ++direction) {
          EnergyCounter& counter = account.counter[tariff][kind][direction];
          counter = counter + more.counter[tariff][kind][direction];
        }
      }
    }
  });
  accounts.day_start = accounts.day_start + stored.day_start;
}

void move_to_t2(Accounts& accounts) {
  for_each_account(accounts, [](Account& account, int) {
    for (const Kind kind : {Kind::active, Kind::reactive}) {
      for (const Direction direction : {Direction::forward, Direction::reverse}) {
        account.of(kind, direction, Tariff::t2) = account.of(kind, direction);
        account.of(kind, direction, Tariff::t1) = {};
      }
    }
  });
}

}  // namespace metrology::energy
