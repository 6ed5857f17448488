// COMTRADE's data: one record a sample set, in one of four encodings.
//
// clang-format off
//   ASCII              n,timestamp,A1,…,Ak,D1,…,Dm     a timestamp may be empty where rates count
//   BINARY             n u32, timestamp u32, k × i16, status bits in words of 16
//   BINARY32, FLOAT32  n u32, timestamp u32, k × i32 or f32, status bits in words of 16
// clang-format on
//
// All little endian; records are numbered one after the other. Missing values: 99999 in ASCII and
// 0xFFFF of 1991, an empty field and 0x8000 since, 0x80000000 and a float that is no finite number
// or at its extreme since 2013; they become NaN. Status channels are passed over.
#pragma once

#include <string_view>

#include "models/recordings/comtrade_cfg.h"

namespace models::recordings {

/// The recording of `file` that configuration and data make together. Errors of the data bear the
/// name in `data_source`; those of binary data tell the record instead of a line. Throws
/// RecordingError.
Recording read_comtrade_data(const ComtradeConfig& config, std::string_view data,
                             const std::string& file, const Source& data_source);

}  // namespace models::recordings
