#include "engine/study/report_columns.h"

#include <algorithm>

#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {

void visit_columns(const ResultsFile& file, const std::vector<std::string>& datasets, std::uint64_t bytes,
                   const std::function<void(std::size_t, std::vector<std::vector<double>>&)>& visit) {
  const std::uint64_t scenarios = file.scenarios();
  const std::size_t times = std::size_t(file.dataset(datasets[0]).shape().at(1));
  const std::uint64_t column_bytes = std::max<std::uint64_t>(1, scenarios * sizeof(double) * datasets.size());
  const auto at_once = std::size_t(std::clamp<std::uint64_t>(bytes / column_bytes, 1, times));
  constexpr std::uint64_t step = 16 * kBlockScenarios;
  std::vector<double> rows(std::min(step, scenarios) * times);
  for (std::size_t first_time = 0; first_time < times; first_time += at_once) {
    const std::size_t group = std::min(at_once, times - first_time);
    std::vector<std::vector<std::vector<double>>> columns(group);
    for (auto& of_time : columns) of_time.assign(datasets.size(), std::vector<double>(scenarios));
    for (std::size_t d = 0; d < datasets.size(); ++d) {
      const hdf5::Dataset dataset = file.dataset(datasets[d]);
      for (std::uint64_t first = 0; first < scenarios; first += step) {
        const std::uint64_t count = std::min(step, scenarios - first);
        if (int signal = stop_requested()) throw Stopped(signal);
        dataset.read_rows(first, count, rows.data());
        parallel_for(group, [&](std::size_t t) {
          double* column = columns[t][d].data() + first;
          for (std::uint64_t s = 0; s < count; ++s) column[s] = rows[s * times + first_time + t];
        });
      }
    }
    parallel_for(group, [&](std::size_t t) {
      visit(first_time + t, columns[t]);
      columns[t] = {};
    });
  }
}

}  // namespace ballast
