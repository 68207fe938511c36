#include "engine/study/report_columns.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {

std::size_t columns_of(const ResultsFile& file, const std::string& dataset) {
  const std::vector<std::uint64_t> shape = file.dataset(dataset).shape();
  return std::accumulate(shape.begin() + 1, shape.end(), std::size_t(1), std::multiplies<>());
}

void visit_columns(const ResultsFile& file, const std::vector<std::string>& datasets, std::uint64_t bytes,
                   const std::function<void(std::size_t, std::vector<std::vector<double>>&)>& visit) {
  const std::uint64_t scenarios = file.scenarios();
  const std::size_t width = columns_of(file, datasets[0]);
  const std::uint64_t column_bytes = std::max<std::uint64_t>(1, scenarios * sizeof(double) * datasets.size());
  const auto at_once = std::size_t(std::clamp<std::uint64_t>(bytes / column_bytes, 1, width));
  constexpr std::uint64_t step = 16 * kBlockScenarios;
  std::vector<double> rows(std::min(step, scenarios) * width);
  for (std::size_t first_column = 0; first_column < width; first_column += at_once) {
    const std::size_t group = std::min(at_once, width - first_column);
    std::vector<std::vector<std::vector<double>>> columns(group);
    for (auto& one : columns) one.assign(datasets.size(), std::vector<double>(scenarios));
    for (std::size_t d = 0; d < datasets.size(); ++d) {
      const hdf5::Dataset dataset = file.dataset(datasets[d]);
      for (std::uint64_t first = 0; first < scenarios; first += step) {
        const std::uint64_t count = std::min(step, scenarios - first);
        if (int signal = stop_requested()) throw Stopped(signal);
        dataset.read_rows(first, count, rows.data());
        parallel_for(group, [&](std::size_t k) {
          double* column = columns[k][d].data() + first;
          for (std::uint64_t s = 0; s < count; ++s) column[s] = rows[s * width + first_column + k];
        });
      }
    }
    parallel_for(group, [&](std::size_t k) {
      visit(first_column + k, columns[k]);
      columns[k] = {};
    });
  }
}

}  // namespace ballast
