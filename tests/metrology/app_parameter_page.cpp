// What the parameter page makes of a meter: which values it takes, and what the CT ratio does.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <iterator>

#include "metrology/app/boot.h"
#include "metrology/app/row_writes.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::MailboxOperation;
using hal::PulseChannel;
using tests::core_hz;
using tests::cycles;
using tests::FakeMcu;
using tests::load;
using tests::page_of;
using tests::steady;

namespace {

/// Accuracy demanded of energy and power (0.01 %).
Approx accurate(double value) { return Approx(value).epsilon(1e-4); }

}  // namespace

TEST_CASE("A blank or damaged parameter page gives defaults") {
  hal::ParameterPage blank{};
  const hal::ParameterPage usable = app::usable_page(blank);
  CHECK(usable.variant == hal::MeterVariant::mod);
  CHECK(usable.s0_rate_centi == 100'000);

  hal::ParameterPage damaged = page_of(static_cast<hal::MeterVariant>(99), 7);
  damaged.connection = static_cast<hal::Connection>(3);
  damaged.ct_primary_A = 100;
  damaged.adc_offset[2] = 32;
  damaged.adc_offset[3] = 31;
  damaged.calibration[1] = {2'000'000, 99'999,  -32'001,   10'000,    500'001,
                            -500'000,  -20'001, 1'000'001, -1'000'000};
  const hal::ParameterPage mended = app::usable_page(damaged);
  CHECK(mended.variant == hal::MeterVariant::mod);
  CHECK(mended.connection == hal::Connection::three_phase_four_wire);
  CHECK(mended.s0_rate_centi == 100'000);
  CHECK(mended.ct_primary_A == 0);  // direct
  CHECK(mended.adc_offset[2] == 0);
  CHECK(mended.adc_offset[3] == 31);
  CHECK(mended.calibration[1].voltage_ppm == 0);
  CHECK(mended.calibration[1].current_ppm == 99'999);
  CHECK(mended.calibration[1].current_delay_ns == 0);
  CHECK(mended.calibration[1].current_lead_urad == 10'000);
  CHECK(mended.calibration[1].voltage_ppb_per_K == 0);
  CHECK(mended.calibration[1].current_ppb_per_K == -500'000);
  CHECK(mended.calibration[1].lead_ppm_per_K == 0);
  CHECK(mended.calibration[1].active_offset_uW == 0);
  CHECK(mended.calibration[1].reactive_offset_uvar == -1'000'000);
  CHECK(mended.serial_lo == 0x14501234);
}

TEST_CASE("The display's times are the manual's unless the parameter page scales them") {
  hal::ParameterPage page = page_of(hal::MeterVariant::mod);
  CHECK(app::usable_page(page).ui_time_permille == 1000);
  page.ui_time_permille = 1;
  CHECK(app::usable_page(page).ui_time_permille == 1);
  page.ui_time_permille = 1'000'000;
  CHECK(app::usable_page(page).ui_time_permille == 1'000'000);
  page.ui_time_permille = 1'000'001;
  CHECK(app::usable_page(page).ui_time_permille == 1000);
}

TEST_CASE(
    "Generation, reply delay and old exceptions come from the parameter page, in their ranges") {
  hal::ParameterPage page{};
  CHECK(app::usable_page(page).firmware == 1);
  CHECK(app::usable_page(page).reply_delay_ms == 20);
  CHECK(app::usable_page(page).legacy_exceptions == 0);
  page = page_of(hal::MeterVariant::mod);
  for (const std::uint32_t firmware : {0U, 1U, 2U, 3U, 0xFFFF'FFFFU}) {
    page.firmware = firmware;
    CHECK(app::usable_page(page).firmware == (firmware == 2 ? 2U : 1U));
  }
  for (const std::uint32_t delay_ms : {0U, 10'001U, 0xFFFF'FFFFU}) {
    page.reply_delay_ms = delay_ms;
    CHECK(app::usable_page(page).reply_delay_ms == 20);
  }
  page.variant = hal::MeterVariant::mb_ct;  // on M-Bus half of it
  for (const std::uint32_t delay_ms : {0U, 10'001U, 0xFFFF'FFFFU}) {
    page.reply_delay_ms = delay_ms;
    CHECK(app::usable_page(page).reply_delay_ms == 10);
  }
  for (const std::uint32_t delay_ms : {1U, 21U, 10'000U}) {
    page.reply_delay_ms = delay_ms;
    CHECK(app::usable_page(page).reply_delay_ms == delay_ms);
  }
  for (const std::uint32_t legacy : {0U, 1U, 2U}) {
    page.legacy_exceptions = legacy;
    CHECK(app::usable_page(page).legacy_exceptions == (legacy == 1 ? 1U : 0U));
  }
}

TEST_CASE("A stored ID or parity that the meter cannot have gives its default") {
  const auto held = [](hal::MeterVariant variant, std::uint32_t firmware, std::uint16_t id,
                       int parity) {
    app::State state{};
    state.page = page_of(variant);
    state.page.firmware = firmware;
    state.page = app::usable_page(state.page);
    registers::Settings stored = registers::factory_settings(state.page);
    stored.meter_id = id;
    stored.parity = static_cast<registers::Parity>(parity);
    app::configure(state, stored);
    return state.settings;
  };
  constexpr hal::MeterVariant mod = hal::MeterVariant::mod;
  constexpr hal::MeterVariant mb = hal::MeterVariant::mb;
  CHECK(held(mod, 1, 0, 1).meter_id == 1);
  CHECK(held(mod, 1, 247, 1).meter_id == 247);
  CHECK(held(mod, 1, 248, 1).meter_id == 1);
  CHECK(held(mb, 1, 0, 1).meter_id == 0);
  CHECK(held(mb, 1, 250, 1).meter_id == 250);
  CHECK(held(mb, 1, 251, 1).meter_id == 1);
  CHECK(held(mb, 2, 251, 1).meter_id == 0);
  // 0: what stands in a record from before parity was a setting.
  CHECK(held(mod, 2, 1, 0).parity == registers::Parity::even);
  CHECK(held(mod, 2, 1, 2).parity == registers::Parity::none);
  CHECK(held(mod, 2, 1, 3).parity == registers::Parity::even);
  CHECK(held(mod, 1, 1, 2).parity == registers::Parity::even);  // the first generation has no other
}

TEST_CASE("The CT ratio set later holds from then on, and what was booked stays") {
  app::State state{};
  state.page = page_of(hal::MeterVariant::mod_ct);
  state.settings = registers::factory_settings(state.page);
  app::apply_ct_ratio(state);
  CHECK(state.booking_setup.primary[0].mantissa == state.booking_setup.secondary[0].mantissa);
  CHECK(state.booking_setup.primary[0].shift == state.booking_setup.secondary[0].shift);
  const double factor = state.measurement_setup.current_factor_A[2];
  state.settings.ct_primary_A = 40;  // × 8: three bits
  app::apply_ct_ratio(state);
  CHECK(state.booking_setup.primary[0].mantissa == state.booking_setup.secondary[0].mantissa);
  CHECK(state.booking_setup.primary[0].shift == state.booking_setup.secondary[0].shift - 3);
  CHECK(state.measurement_setup.current_factor_A[2] == 8 * factor);
}

TEST_CASE("The ADC's start offsets come from the parameter page") {
  hal::ParameterPage page = page_of(hal::MeterVariant::mod);
  for (std::uint32_t channel = 0; channel < 6; ++channel) page.adc_offset[channel] = 5 + channel;
  FakeMcu mcu(page, steady(load({1, 1, 1}, 0.0)));
  mcu.run(cycles(0.1));
  for (int channel = 0; channel < 6; ++channel) {
    CHECK(mcu.adc_offset(channel) == 5U + static_cast<std::uint32_t>(channel));
  }
}

TEST_CASE("Only the manual's CT ratios are taken, anything else is never set") {
  constexpr std::uint32_t manual[] = {5,    40,   50,   60,   75,   100,  125,  150,  200,
                                      250,  300,  400,  500,  600,  800,  1000, 1250, 1500,
                                      2000, 2500, 3000, 4000, 5000, 6000, 7500};
  hal::ParameterPage page = page_of(hal::MeterVariant::s_ct);
  std::size_t taken = 0;
  for (std::uint32_t primary_A = 0; primary_A <= 7600; ++primary_A) {
    page.ct_primary_A = primary_A;
    const bool known =
        std::find(std::begin(manual), std::end(manual), primary_A) != std::end(manual);
    REQUIRE(app::usable_page(page).ct_primary_A == (known ? primary_A : 0));  // 0: never set
    taken += known ? 1U : 0U;
  }
  CHECK(taken == 25);
  page.ct_primary_A = 0xFFFF'FFFF;
  CHECK(app::usable_page(page).ct_primary_A == 0);
}

TEST_CASE("A CT meter shows primary values and the ratio") {
  hal::ParameterPage page = page_of(hal::MeterVariant::mb_ct);
  page.ct_primary_A = 250;
  FakeMcu mcu(page, steady(load({5, 5, 5}, 180.0, tests::transformer_full_scale_A)));
  mcu.request({cycles(3.0), MailboxOperation::read_row, 0x2088, 0});
  mcu.request({cycles(3.1), MailboxOperation::read_row, 0x2068, 0});
  mcu.request({cycles(3.2), MailboxOperation::read_row, 0x1062, 0});
  mcu.request({cycles(3.3), MailboxOperation::read_row, 0x1030, 0});
  mcu.request({cycles(3.4), MailboxOperation::read_row, 0x1010, 0});
  mcu.request({cycles(3.5), MailboxOperation::read_row, 0x1000, 0});
  mcu.run(cycles(4.0));
  const auto& replies = mcu.replies();
  REQUIRE(replies.size() == 6);
  CHECK(replies[0].row_float() == -57.5F);  // 230 V · 5 A · 50
  CHECK(replies[1].row_float() == -250.0F);
  CHECK(replies[2].words[0] == 250U << 16U);
  CHECK(replies[3].words[0] == 0x50524F33);  // "PRO3"
  CHECK(replies[3].words[1] == 0x38302D4D);  // "80-M"
  CHECK(replies[3].words[2] == 0x62204354);  // "b CT"
  CHECK(replies[4].words[0] == 0x0103U << 16U);
  CHECK(replies[5].words[0] == 0x14501234);
  CHECK(mcu.pulses(PulseChannel::s0_forward).empty());
  // 172.5 kW at 1000 imp/kWh: 47.9 a second, 2.5 ms wide; LED secondary: 3.45 kW.
  CHECK(mcu.pulses(PulseChannel::s0_reverse).back().width == 62'915);
  CHECK(static_cast<double>(mcu.pulses(PulseChannel::s0_reverse).size()) ==
        Approx(3.9 * 47.9).margin(8));
  CHECK(static_cast<double>(mcu.pulses(PulseChannel::led_active).size()) ==
        Approx(3.9 * 9.58).margin(2));
}

TEST_CASE("What a CT meter cannot give in pulses it owes, and says so") {
  // 3 × 230 V · 6 A · 1500 = 6.21 MW: 17 250 pulses a second are due at 10 000 imp/kWh, and 3.5 ms
  // are the least from one start to the next.
  hal::ParameterPage page = page_of(hal::MeterVariant::mod_ct, 1'000'000);
  page.ct_primary_A = 7500;
  FakeMcu mcu(page, steady(load({6, 6, 6}, 0.0, tests::transformer_full_scale_A)));
  constexpr double first_s = 2.0;
  constexpr double last_s = 12.0;
  for (const double at : {first_s, last_s}) {
    mcu.request({cycles(at), MailboxOperation::read_row, 0xF008, 0});
    mcu.request({cycles(at) + 100'000, MailboxOperation::read_row, 0xF018, 0});
    mcu.request({cycles(at) + 200'000, MailboxOperation::read_raw, 0x3020, 0});
    mcu.request({cycles(at) + 300'000, MailboxOperation::read_row, 0xF020, 0});
    mcu.request({cycles(at) + 400'000, MailboxOperation::read_row, 0xF000, 0});
  }
  const app::State state = mcu.run(cycles(last_s + 0.1));
  const auto& replies = mcu.replies();
  REQUIRE(replies.size() == 10);
  const auto grown = [&](std::size_t row) {
    return static_cast<double>(replies[5 + row].words[0]) -
           static_cast<double>(replies[row].words[0]);
  };
  constexpr double seconds = last_s - first_s;
  constexpr double power_W = 3 * 230.0 * 6.0 * 1500.0;
  const double due = power_W * seconds / 3.6e6 * 10'000;
  // Width 62 915 and gap 25 166 clocks: 285.7 a second.
  const double given = seconds * core_hz / (62'915 + 25'166);
  CHECK(grown(1) == Approx(given).margin(1).epsilon(0));
  CHECK(grown(0) == Approx(due - given).epsilon(1e-4));
  CHECK(replies[7].energy_Wh() - replies[2].energy_Wh() ==
        accurate(power_W * (replies[7].until_s() - replies[2].until_s()) / 3600));
  // From the start of sampling: nothing wrapped on the way.
  const double start_s = static_cast<double>(state.adc_start_cycle + 4 * 6144 - 21'468) / core_hz;
  CHECK(replies[7].energy_Wh() == accurate(power_W * (replies[7].until_s() - start_s) / 3600));
  const double played_s = last_s - start_s - 320.0 / 4096;
  CHECK(static_cast<double>(replies[5].words[0]) + static_cast<double>(replies[6].words[0]) ==
        accurate(power_W * played_s / 3.6e6 * 10'000));
  CHECK(replies[8].words[0] == 1U << static_cast<unsigned>(PulseChannel::s0_forward));
  CHECK(replies[9].words[0] == 0);  // the LED is secondary
  CHECK(state.diagnostics.late_pulses == 0);
  CHECK(state.diagnostics.lost_blocks == 0);
}
