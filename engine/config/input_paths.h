#pragma once

#include <optional>
#include <type_traits>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// Goes through a described value: its members, what is given of the optional ones, and lists.
template <class Action>
struct InputPathVisitor {
  Action& action;

  template <class T>
  void operator()(const char*, T& value, const Spec&) const {
    visit(value);
  }
  template <class T>
  void visit(T& value) const {
    if constexpr (std::is_same_v<T, InputPath>) {
      if (!value.empty()) action(value);
    } else if constexpr (Described<T>) {
      T::describe(value, *this);
    }
  }
  template <class T>
  void visit(std::optional<T>& value) const {
    if (value) visit(*value);
  }
  template <class T>
  void visit(std::vector<T>& values) const {
    for (T& value : values) visit(value);
  }
};

/// Calls action(InputPath&) for every path to an input file in a described value.
template <class T, class Action>
void for_each_input_path(T& value, Action&& action) {
  InputPathVisitor<std::remove_reference_t<Action>>{action}.visit(value);
}

}  // namespace ballast
