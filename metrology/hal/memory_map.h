// The virtual MCU as its programmer sees it: memory map, register offsets and bits, interrupt
// numbers, and the few constants of time that the silicon fixes. The firmware and the peripherals'
// register files both read it, so a layout is written once.
//
//   base         size      what                        wait cycles g (see peripherals/bus)
//   0x0000'0000  128 KiB   flash                       0
//   0x1000'0000    1 KiB   parameter page (read only)  0
//   0x2000'0000   32 KiB   RAM                         0
//   0x4000'0000    4 KiB   ADC                         2 (APB bridge)
//   0x4000'1000    4 KiB   DMA                         0
//   0x4000'2000    4 KiB   interrupt controller        0
//   0x4000'3000    4 KiB   system control              2
//   0x4000'4000    4 KiB   pulse timers                2
//   0x4000'5000    4 KiB   GPIO                        2
//   0x4000'6000    4 KiB   debug mailbox               2
//   0x4000'7000    4 KiB   real-time clock             2
//   0x4000'8000    4 KiB   I²C master                  2
//   0x4000'9000    4 KiB   LCD controller              2
//   0x4000'A000    4 KiB   power monitor               2
//   0x4000'B000    4 KiB   watchdog                    2
//   0x4000'C000    4 KiB   UART of the bus terminals   2
//   0x4000'D000    4 KiB   UART of the infra-red port  2
//
// Registers are 32 bits wide and take aligned 32-bit accesses only; anything else on a peripheral,
// and every access to an address not listed in its header, is a bus error.
#pragma once

#include <cstdint>

namespace metrology::hal {

// --- time ---------------------------------------------------------------------------------------

/// Nominal core clock, 32 768 Hz crystal × 768.
inline constexpr std::int64_t core_hz = 25'165'824;
/// Core clocks in one clock of the delta-sigma modulators (1.048576 MHz).
inline constexpr int core_cycles_per_modulator_clock = 24;
/// Modulator clocks in one sample of a channel: the sinc³ filter's decimation.
inline constexpr int adc_decimation = 256;
/// Core clocks from one sample set to the next.
inline constexpr int core_cycles_per_sample = core_cycles_per_modulator_clock * adc_decimation;
/// Sample sets in one second.
inline constexpr int samples_per_second = 4096;
static_assert(std::int64_t{core_cycles_per_sample} * samples_per_second == core_hz);

// --- ADC ----------------------------------------------------------------------------------------

enum class AdcChannel : std::uint8_t { u1, u2, u3, i1, i2, i3, temperature };
inline constexpr int adc_channel_count = 7;
/// Sample codes are 24-bit two's complement, sign-extended to 32 bits.
inline constexpr std::int32_t adc_code_max = 0x7F'FFFF;
inline constexpr std::int32_t adc_code_min = -0x80'0000;

/// Sample sets in one half of the DMA's double buffer; one interrupt a block.
inline constexpr int block_samples = 128;
/// Sample sets of a channel lie next to each other: word (channel * block_samples + sample).
inline constexpr int block_words = adc_channel_count * block_samples;

/// A set's transfer starts this many core clocks after the set's nominal instant, later than the
/// latest channel start offset (31 modulator clocks), and holds the bus for `dma_set_cycles`.
inline constexpr int dma_request_latency_cycles = 32 * core_cycles_per_modulator_clock;
inline constexpr int dma_set_cycles = 2 * adc_channel_count;

// --- memory -------------------------------------------------------------------------------------

inline constexpr std::uint32_t flash_base = 0x0000'0000;
inline constexpr std::uint32_t flash_size = 128 * 1024;
/// The program's constants under their checksum (app/program_block.h): flash's last 8 KiB.
inline constexpr std::uint32_t program_block_size = 8 * 1024;
inline constexpr std::uint32_t program_block_base = flash_base + flash_size - program_block_size;
/// The CRC-32 (IEEE 802.3) of all that stands before it, erased bytes as ones: flash's last word.
/// The image's build writes it, and who flashes checks it; natively there is none.
inline constexpr std::uint32_t image_checksum_base = flash_base + flash_size - 4;
inline constexpr std::uint32_t parameter_page_base = 0x1000'0000;
inline constexpr std::uint32_t parameter_page_size = 1024;
inline constexpr std::uint32_t ram_base = 0x2000'0000;
inline constexpr std::uint32_t ram_size = 32 * 1024;
/// The DMA's two blocks stand at the start of RAM; the linker script keeps them free.
inline constexpr std::uint32_t sample_buffer_base = ram_base;
inline constexpr std::uint32_t sample_buffer_bytes = 2 * block_words * 4;

// --- peripherals --------------------------------------------------------------------------------

namespace adc {
inline constexpr std::uint32_t base = 0x4000'0000;
inline constexpr std::uint32_t control = 0x00;        ///< bit 0 run
inline constexpr std::uint32_t start_time_lo = 0x04;  ///< core counter at sample 0, read only
inline constexpr std::uint32_t start_time_hi = 0x08;
inline constexpr std::uint32_t sample_count = 0x0C;  ///< sets converted since start, low 32 bits
inline constexpr std::uint32_t clip_status =
    0x10;  ///< bit n: channel n clipped since last clear; write 1 clears
inline constexpr std::uint32_t start_delay =
    0x14;  ///< core clocks from the last reset before which sample 0 is not taken; while stopped
inline constexpr std::uint32_t offset_0 =
    0x20;  ///< start offset of channel n at +4n, 0…31 modulator clocks; only while stopped
inline constexpr std::uint32_t clip_count_0 =
    0x40;  ///< clipped samples of channel n at +4n, wraps, read only
inline constexpr std::uint32_t data_0 = 0x60;  ///< latest code of channel n at +4n, read only
inline constexpr std::uint32_t control_run = 1;
inline constexpr std::uint32_t offset_max = 31;
}  // namespace adc

namespace dma {
inline constexpr std::uint32_t base = 0x4000'1000;
inline constexpr std::uint32_t control = 0x00;  ///< bit 0 enable
inline constexpr std::uint32_t destination =
    0x04;                                      ///< word address of block 0; block 1 follows at once
inline constexpr std::uint32_t status = 0x08;  ///< bit 0 block done, bit 1 overrun; write 1 clears
inline constexpr std::uint32_t blocks_done =
    0x0C;  ///< complete blocks since enable; the newest is (n - 1) & 1
inline constexpr std::uint32_t control_enable = 1;
inline constexpr std::uint32_t status_done = 1;
inline constexpr std::uint32_t status_overrun = 2;
}  // namespace dma

namespace intc {
inline constexpr std::uint32_t base = 0x4000'2000;
inline constexpr std::uint32_t pending = 0x00;    ///< level of every source, read only
inline constexpr std::uint32_t enable = 0x04;     ///< bit per source
inline constexpr std::uint32_t threshold = 0x08;  ///< only priorities above it reach the CPU
inline constexpr std::uint32_t claim =
    0x0C;  ///< read: best source above threshold, or 0; raises threshold to its priority
inline constexpr std::uint32_t complete = 0x10;    ///< write: previous threshold comes back
inline constexpr std::uint32_t priority_0 = 0x40;  ///< source n at +4n, 0 (never) … 7
inline constexpr int source_count = 16;
}  // namespace intc

/// Interrupt sources; 0 means "none".
enum class Irq : std::uint8_t {
  none = 0,
  dma_block = 1,
  pulse = 2,
  gpio = 3,
  debug_mailbox = 4,
  i2c = 5,
  power = 6,
  rtc = 7,
  uart_bus = 8,
  uart_ir = 9
};

namespace sysctrl {
inline constexpr std::uint32_t base = 0x4000'3000;
inline constexpr std::uint32_t counter_lo =
    0x00;  ///< free-running core counter; reading LO latches HI
inline constexpr std::uint32_t counter_hi = 0x04;
inline constexpr std::uint32_t reset_cause =
    0x08;  ///< 1 power-on, 2 software, 4 bus error, 8 watchdog
inline constexpr std::uint32_t reset_request =
    0x0C;  ///< write 0x5AFE'0001: reset at the commit edge
inline constexpr std::uint32_t reset_key = 0x5AFE'0001;
inline constexpr std::uint32_t cause_power_on = 1;
inline constexpr std::uint32_t cause_software = 2;
inline constexpr std::uint32_t cause_bus_error = 4;
inline constexpr std::uint32_t cause_watchdog = 8;
}  // namespace sysctrl

namespace pulse {
inline constexpr std::uint32_t base = 0x4000'4000;
inline constexpr std::uint32_t stride = 0x20;  ///< channel n's registers start at n * stride
inline constexpr std::uint32_t compare =
    0x00;  ///< core counter bits 31…0 at which the pulse starts
inline constexpr std::uint32_t width = 0x04;  ///< width in core clocks, 1 … 2^24 - 1
inline constexpr std::uint32_t control =
    0x08;  ///< bit 0 armed (cleared by the start), write 0 disarms
inline constexpr std::uint32_t status =
    0x0C;  ///< bit 0 started, bit 1 active (read only), bit 2 late; write 1 clears
inline constexpr std::uint32_t control_arm = 1;
inline constexpr std::uint32_t status_started = 1;
inline constexpr std::uint32_t status_active = 2;
inline constexpr std::uint32_t status_late = 4;
inline constexpr std::uint32_t width_max = 0xFF'FFFF;
/// From the end of a channel's pulse to its next start the hardware lets at least this many core
/// clocks, 1 ms, pass: also across a reset two pulses never merge.
inline constexpr std::int64_t minimum_gap_cycles = (core_hz + 999) / 1000;
inline constexpr int channel_count = 4;
}  // namespace pulse
/// The pulse timers' channels.
enum class PulseChannel : std::uint8_t { led_active, led_reactive, s0_forward, s0_reverse };

namespace gpio {
inline constexpr std::uint32_t base = 0x4000'5000;
inline constexpr std::uint32_t input = 0x00;  ///< pin levels behind the synchronisers, read only
inline constexpr std::uint32_t output = 0x04;
inline constexpr std::uint32_t direction = 0x08;  ///< bit 1: output
inline constexpr std::uint32_t rise_enable = 0x0C;
inline constexpr std::uint32_t fall_enable = 0x10;
inline constexpr std::uint32_t status = 0x14;  ///< edges seen; write 1 clears
inline constexpr std::uint32_t high_time_0 =
    0x40;  ///< core clocks that INPUT n was high since power-on at +4n, wraps, read only
inline constexpr int pin_count = 16;
/// Synchroniser: a level that stands at edge n shows in INPUT from edge n + 2 on.
inline constexpr int synchroniser_stages = 2;
}  // namespace gpio
/// What the board wires to the GPIO pins.
enum class GpioPin : std::uint8_t {
  button_left,           ///< high while pressed
  button_right,          ///< high while pressed
  tariff_input,          ///< the opto-coupler of terminals 24/25, high while it conducts
  led_tariff,            ///< output
  backlight,             ///< output
  eeprom_write_protect,  ///< output to the EEPROM's WP pin, which is pulled up: high protects
};

namespace mailbox {
inline constexpr std::uint32_t base = 0x4000'6000;
inline constexpr std::uint32_t status = 0x00;     ///< bit 0: a request waits
inline constexpr std::uint32_t operation = 0x04;  ///< MailboxOperation
inline constexpr std::uint32_t row = 0x08;        ///< register address (first generation's map)
inline constexpr std::uint32_t shown =
    0x0C;  ///< bits 31…0 of the core counter from which on the newest request shows
inline constexpr std::uint32_t request_0 =
    0x10;  ///< eight words of value, big-endian bytes of the row
inline constexpr std::uint32_t response_0 = 0x40;  ///< eight words
inline constexpr std::uint32_t reply =
    0x60;  ///< write MailboxReply: hands the response over, clears STATUS
inline constexpr std::uint32_t note =
    0x64;  ///< write only: what the panel shows, fields below; no other bits
/// NOTE: bits 7…0 page, 10…8 ui::Mode + 1 (0: nothing was said yet), bit 11 lit (glass and
/// backlight are not off for want of mains).
inline constexpr std::uint32_t note_mode_shift = 8;
inline constexpr std::uint32_t note_lit = 1 << 11;
inline constexpr std::uint32_t note_mask = 0xFFF;
inline constexpr int words = 8;
}  // namespace mailbox
enum class MailboxOperation : std::uint32_t { read_row = 1, read_raw = 2, write_row = 3 };
enum class MailboxReply : std::uint32_t {
  ok = 1,
  no_such_row = 2,
  read_only = 3,
  bad_value = 4,
  no_raw = 5
};

namespace rtc {
inline constexpr std::uint32_t base = 0x4000'7000;
inline constexpr std::uint32_t count = 0x00;    ///< ticks since power-on, wraps, read only
inline constexpr std::uint32_t alarm = 0x04;    ///< tick at which an armed alarm goes off
inline constexpr std::uint32_t control = 0x08;  ///< bit 0 armed (cleared by the alarm), 0 disarms
inline constexpr std::uint32_t status = 0x0C;   ///< bit 0 alarm went off; write 1 clears
inline constexpr std::uint32_t control_arm = 1;
inline constexpr std::uint32_t status_alarm = 1;
inline constexpr std::uint32_t ticks_per_second = 32'768;
inline constexpr int core_cycles_per_tick = 768;
static_assert(std::int64_t{ticks_per_second} * core_cycles_per_tick == core_hz);
}  // namespace rtc

namespace i2c {
inline constexpr std::uint32_t base = 0x4000'8000;
inline constexpr std::uint32_t control = 0x00;  ///< bit 0 enable; 0 lets both wires go at once
inline constexpr std::uint32_t divider = 0x04;  ///< core clocks in a quarter of a bit, 4 … 1023
inline constexpr std::uint32_t command = 0x08;  ///< write: starts a transaction, fields below
inline constexpr std::uint32_t status =
    0x0C;  ///< bit 0 busy (read only), 1 done, 2 not acknowledged, 3 bus stuck; write 1 clears
inline constexpr std::uint32_t buffer_0 =
    0x40;  ///< 20 words: bytes to write, replaced by those read; byte n at bits 8 (n mod 4)
inline constexpr std::uint32_t control_enable = 1;
inline constexpr std::uint32_t status_busy = 1;
inline constexpr std::uint32_t status_done = 2;
inline constexpr std::uint32_t status_nak = 4;
inline constexpr std::uint32_t status_stuck = 8;
/// COMMAND: bits 6…0 device, 15…8 bytes to write, 23…16 bytes to read after a repeated start.
inline constexpr std::uint32_t command_write_shift = 8;
inline constexpr std::uint32_t command_read_shift = 16;
inline constexpr std::uint32_t buffer_bytes = 80;
inline constexpr std::uint32_t divider_min = 4;
inline constexpr std::uint32_t divider_max = 1023;
}  // namespace i2c

namespace lcd {
inline constexpr std::uint32_t base = 0x4000'9000;
inline constexpr std::uint32_t control = 0x00;  ///< bit 0 enable: 0 lets the glass go dark
inline constexpr std::uint32_t segment_0 =
    0x10;  ///< segments of common n at +4n; shown from the next frame on
inline constexpr std::uint32_t control_enable = 1;
inline constexpr int commons = 4;
inline constexpr int segments = 20;
/// A frame is four slots of 128 ticks of the 32 768 Hz crystal: 64 frames a second.
inline constexpr int ticks_per_slot = 128;
inline constexpr int ticks_per_frame = commons * ticks_per_slot;
}  // namespace lcd

namespace power {
inline constexpr std::uint32_t base = 0x4000'A000;
inline constexpr std::uint32_t state = 0x00;   ///< levels, read only: bit 0 mains, bit 1 charged
inline constexpr std::uint32_t events = 0x04;  ///< write 1 clears; see event_…
inline constexpr std::uint32_t enable = 0x08;  ///< which events interrupt
inline constexpr std::uint32_t state_mains = 1;
/// The hold-up capacitor is charged enough for a save of everything.
inline constexpr std::uint32_t state_charged = 2;
inline constexpr std::uint32_t event_mains_lost = 1;
inline constexpr std::uint32_t event_mains_back = 2;
inline constexpr std::uint32_t event_charged = 4;
}  // namespace power

namespace watchdog {
inline constexpr std::uint32_t base = 0x4000'B000;
inline constexpr std::uint32_t control = 0x00;  ///< bit 0 run; once set it stays until a reset
inline constexpr std::uint32_t timeout = 0x04;  ///< ticks of 1/32 768 s, 1 … 2^20; while stopped
inline constexpr std::uint32_t kick = 0x08;     ///< write `kick_key`: the time begins anew
inline constexpr std::uint32_t control_run = 1;
inline constexpr std::uint32_t kick_key = 0x5AFE'0D06;
inline constexpr std::uint32_t timeout_max = 1U << 20U;
}  // namespace watchdog

/// One layout for every UART; the header of peripherals/uart says what each does when.
namespace uart {
inline constexpr std::uint32_t bus_base = 0x4000'C000;
inline constexpr std::uint32_t ir_base = 0x4000'D000;
inline constexpr std::uint32_t control = 0x00;   ///< see control_…
inline constexpr std::uint32_t divider = 0x04;   ///< bit time in 1/16 core clocks
inline constexpr std::uint32_t rx_gap = 0x08;    ///< silence inside a frame beyond which it is torn
inline constexpr std::uint32_t rx_idle = 0x0C;   ///< silence beyond which a frame is over; 0: never
inline constexpr std::uint32_t rx_level = 0x10;  ///< characters waiting, read only
inline constexpr std::uint32_t rx_data = 0x14;   ///< read: takes the oldest, see rx_…
inline constexpr std::uint32_t rx_end = 0x18;    ///< core counter at the newest character's end
inline constexpr std::uint32_t rx_flush = 0x1C;  ///< write 1: forgets all that wait
inline constexpr std::uint32_t rx_threshold = 0x20;  ///< characters that set status_rx; 0: never
inline constexpr std::uint32_t tx_data = 0x24;       ///< write: one more character to send
inline constexpr std::uint32_t tx_level = 0x28;      ///< characters not begun yet, read only
inline constexpr std::uint32_t tx_start = 0x2C;      ///< core counter at which the first one begins
inline constexpr std::uint32_t tx_driver =
    0x30;  ///< bits 15…0 lead, 31…16 tail: driver on, in clocks
inline constexpr std::uint32_t command = 0x34;     ///< write one of command_…
inline constexpr std::uint32_t status = 0x38;      ///< write 1 clears; see status_…
inline constexpr std::uint32_t irq_enable = 0x3C;  ///< which of STATUS interrupt

inline constexpr std::uint32_t control_enable = 1;
inline constexpr std::uint32_t control_mute = 2;  ///< deaf while its driver is on
inline constexpr std::uint32_t control_parity_even = 1U << 4U;
inline constexpr std::uint32_t control_parity_odd = 2U << 4U;
inline constexpr std::uint32_t control_seven_bits = 1U << 6U;
inline constexpr std::uint32_t control_two_stop = 1U << 7U;

inline constexpr std::uint32_t rx_byte = 0xFF;
inline constexpr std::uint32_t rx_parity_error = 1U << 8U;
inline constexpr std::uint32_t rx_framing_error = 1U << 9U;
inline constexpr std::uint32_t rx_break = 1U << 10U;      ///< every bit space, stop bits too
inline constexpr std::uint32_t rx_after_gap = 1U << 11U;  ///< silence before it: beyond RX_GAP …
inline constexpr std::uint32_t rx_first = 1U << 12U;      ///< … beyond RX_IDLE
inline constexpr std::uint32_t rx_overrun = 1U << 13U;    ///< others were lost before it
inline constexpr std::uint32_t rx_none = 1U << 31U;       ///< nothing waits

inline constexpr std::uint32_t command_start_at = 1;  ///< send from TX_START on
inline constexpr std::uint32_t command_start = 2;     ///< send at once
inline constexpr std::uint32_t command_abort = 4;     ///< forget what is to be sent, driver off

inline constexpr std::uint32_t status_frame_end = 1;  ///< silence beyond RX_IDLE after characters
inline constexpr std::uint32_t status_rx = 2;  ///< as many as RX_THRESHOLD wait; not to be cleared
inline constexpr std::uint32_t status_tx_done = 4;  ///< the last stop bit and the tail are over
inline constexpr std::uint32_t status_tx_late = 8;  ///< TX_START had passed when told to start
inline constexpr std::uint32_t status_overrun = 16;
inline constexpr std::uint32_t status_tx_overflow = 32;  ///< a character too many was written

inline constexpr std::uint32_t fifo_size = 512;
inline constexpr std::uint32_t divider_min = 16 * 16;
inline constexpr std::uint32_t divider_max = (1U << 24U) - 1;
inline constexpr std::uint32_t limit_max = (1U << 24U) - 1;  ///< of RX_GAP and RX_IDLE
}  // namespace uart

}  // namespace metrology::hal
