#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/io/hdf5.h"

namespace ballast {

/// Datasets over scenarios are cut into chunks of this many.
inline constexpr std::uint64_t kChunkScenarios = 256;

/// Units as results.h5 writes them. Never "days": xarray would turn a duration into a timedelta.
namespace units {
inline constexpr const char* fraction = "1";
inline constexpr const char* years = "years";
inline constexpr const char* years_squared = "years^2";
inline constexpr const char* currency = "currency of the cash flows";
inline constexpr const char* initial_assets = "fraction of initial assets";
inline constexpr const char* rate = "1/year, continuously compounded";
}  // namespace units

/// Throws std::logic_error when what is to be written does not fit the file's layout: a mistake of ours, not of a user.
void require_consistent(bool condition, std::string_view rule);

/// One dataset of results.h5 with labelled dimensions.
struct DatasetDescription {
  const char* name;
  const char* long_name;
  const char* unit;
};

/// Creates a dataset whose dimensions are those scales, in order, with long_name and units.
hdf5::Dataset create_labelled(hdf5::Group& group, const DatasetDescription& description, hdf5::Type type,
                              const std::vector<const hdf5::Dataset*>& scales, hdf5::DatasetOptions options = {});

/// The same, its rows being those of datasets of the same name in other files.
hdf5::Dataset create_virtual_labelled(hdf5::Group& group, const DatasetDescription& description, hdf5::Type type,
                                      const std::vector<const hdf5::Dataset*>& scales,
                                      const std::vector<hdf5::VirtualRows>& parts);

/// Creates a coordinate: a dataset that is the scale of the dimension of its own name.
hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description,
                           const std::vector<double>& values);
hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description,
                           const std::vector<std::string>& values);
/// first, first + 1, ..., count of them.
hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description, std::uint64_t count,
                           std::uint64_t first = 0);

}  // namespace ballast
