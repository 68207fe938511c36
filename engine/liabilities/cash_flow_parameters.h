#pragma once

#include "scenarios/base/describe.h"

namespace ballast {

/// Dated amounts from a file.
struct CashFlowFileParameters {
  static constexpr const char* shorthand = "file";
  InputPath file;

  static void describe(auto& self, auto&& key) {
    key("file", self.file,
        Spec{.help = "CSV file: date,amount or time_years,amount (Cashflow = amount); positive amounts are payments",
             .required = true});
  }
};

}  // namespace ballast
