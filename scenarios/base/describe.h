#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace ballast {

/// What is said about one key of a study: from it come the strict reader, `ballast schema`, configs/REFERENCE.md and
/// the resolved study. The default is the member's initial value.
struct Spec {
  const char* help = "";
  const char* unit = "";
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool exclusive_min = false;  ///< the value must exceed min
  bool required = false;
  const char* empty =
      "";  ///< the word that stands for an empty std::optional, e.g. "auto"; "": the key is just left out
};

/// A parameter struct that describes itself once:
///     static void describe(auto& self, auto&& key) { key("mean_block", self.mean_block, Spec{.help = "...", .min =
///     1}); }
/// `self` is mutable for reading a study, const for writing one. Values may be bool, int, std::uint64_t, double,
/// std::string, Date, InputPath, an enum with EnumNames, std::optional, std::vector or std::map<std::string, T> of
/// those, or Described. A Described type may have `static constexpr const char* shorthand = "file";`: a scalar then
/// sets that key alone; with `map_shorthand = "by_asset"` a map none of whose keys it describes sets that key. It may
/// have `void check(auto&& problem) const`, which calls problem("key", "message") for each rule broken between keys.
struct AnyKey {
  template <class T>
  void operator()(const char*, T&&, const Spec&) const {}
};
template <class T>
concept Described = requires(T& t) {
  T::describe(t, AnyKey{});
};

template <class T>
concept HasShorthand = Described<T> && requires {
  T::shorthand;
};
template <class T>
concept HasMapShorthand = Described<T> && requires {
  T::map_shorthand;
};

/// Whether T describes a key of this name.
template <Described T>
bool describes_key(std::string_view name) {
  bool found = false;
  const T value{};
  T::describe(value, [&](const char* key, const auto&, const Spec&) { found = found || name == key; });
  return found;
}

/// The names of an enum's values as the study writes them, in order from 0; specialised beside each enum:
///     template <> struct EnumNames<BlockKind> { static constexpr const char* value[] = {"iid", "moving"}; };
template <class E>
struct EnumNames;

template <class E>
requires std::is_enum_v<E>
const char* name_of(E e) { return EnumNames<E>::value[static_cast<int>(e)]; }

/// A file named in a study, relative to the study file.
struct InputPath {
  std::string text;
  bool empty() const { return text.empty(); }
};

}  // namespace ballast
