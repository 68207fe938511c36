#include "engine/output/results_datasets.h"

#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace ballast {
namespace {

void describe(hdf5::Dataset& dataset, const DatasetDescription& description) {
  dataset.set_attribute("long_name", description.long_name);
  if (*description.unit) dataset.set_attribute("units", description.unit);
}

std::vector<std::uint64_t> shape_of(const std::vector<const hdf5::Dataset*>& scales) {
  std::vector<std::uint64_t> shape;
  for (const hdf5::Dataset* scale : scales) shape.push_back(scale->shape().at(0));
  return shape;
}

hdf5::Dataset labelled(hdf5::Dataset dataset, const DatasetDescription& description,
                       const std::vector<const hdf5::Dataset*>& scales) {
  for (std::size_t k = 0; k < scales.size(); ++k) dataset.attach_scale(k, *scales[k]);
  describe(dataset, description);
  return dataset;
}

template <class Values>
hdf5::Dataset scale_of(hdf5::Group& group, const DatasetDescription& description, hdf5::Type type,
                       const Values& values) {
  hdf5::Dataset scale = group.create_dataset(description.name, type, {values.size()});
  scale.write(values);
  scale.make_scale(description.name);
  describe(scale, description);
  return scale;
}

}  // namespace

void require_consistent(bool condition, std::string_view rule) {
  if (!condition) throw std::logic_error(fmt::format("results.h5: {}", rule));
}

hdf5::Dataset create_labelled(hdf5::Group& group, const DatasetDescription& description, hdf5::Type type,
                              const std::vector<const hdf5::Dataset*>& scales, hdf5::DatasetOptions options) {
  return labelled(group.create_dataset(description.name, type, shape_of(scales), options), description, scales);
}

hdf5::Dataset create_virtual_labelled(hdf5::Group& group, const DatasetDescription& description, hdf5::Type type,
                                      const std::vector<const hdf5::Dataset*>& scales,
                                      const std::vector<hdf5::VirtualRows>& parts) {
  return labelled(group.create_virtual_dataset(description.name, type, shape_of(scales), parts), description, scales);
}

hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description,
                           const std::vector<double>& values) {
  return scale_of(group, description, hdf5::Type::float64, values);
}

hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description,
                           const std::vector<std::string>& values) {
  return scale_of(group, description, hdf5::Type::text, values);
}

hdf5::Dataset create_scale(hdf5::Group& group, const DatasetDescription& description, std::uint64_t count,
                           std::uint64_t first) {
  std::vector<std::int64_t> values(count);
  std::iota(values.begin(), values.end(), std::int64_t(first));
  return scale_of(group, description, hdf5::Type::int64, values);
}

}  // namespace ballast
