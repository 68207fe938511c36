#include "engine/study/report_columns.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "scenarios/base/error.h"
#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/stop.h"
#include "scenarios/io/large_array.h"

namespace ballast {
namespace {

/// Some columns of one measure, read and measured together.
struct ColumnGroup {
  std::size_t measure = 0, first = 0, count = 0;
};

/// Datasets over (scenario, time) or (scenario, time, label), cut into columns.
class ColumnReader {
 public:
  ColumnReader(const hdf5::File& file, const std::vector<ColumnMeasure>& measures) : file_(file), measures_(measures) {
    const std::vector<std::uint64_t> shape = file.open_dataset(measures.at(0).datasets.at(0)).shape();
    scenarios_ = shape.at(0);
    columns_ = std::accumulate(shape.begin() + 1, shape.end(), std::size_t(1), std::multiplies<>());
    rows_.resize(std::min(kStep, scenarios_) * columns_);
  }

  std::uint64_t scenarios() const { return scenarios_; }
  std::size_t columns() const { return columns_; }  ///< of each dataset

  /// Column k of the group, of dataset d, begins at into + (k x datasets + d) x scenarios. One call at a time.
  void read(const ColumnGroup& group, double* into) {
    const std::vector<std::string>& names = measures_[group.measure].datasets;
    for (std::size_t d = 0; d < names.size(); ++d) {
      const hdf5::Dataset dataset = file_.open_dataset(names[d]);
      for (std::uint64_t first = 0; first < scenarios_; first += kStep) {
        check_stop();
        const std::uint64_t count = std::min(kStep, scenarios_ - first);
        dataset.read_rows(first, count, rows_.data());
        // Block by block, whose rows stay in the second cache while they are turned into columns.
        parallel_for((count + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
          const std::uint64_t begin = block * kBlockScenarios, end = std::min(count, begin + kBlockScenarios);
          for (std::size_t k = 0; k < group.count; ++k) {
            double* column = into + (k * names.size() + d) * scenarios_ + first;
            const double* row = rows_.data() + group.first + k;
            for (std::uint64_t s = begin; s < end; ++s) column[s] = row[s * columns_];
          }
        });
      }
    }
  }

 private:
  static constexpr std::uint64_t kStep = 16 * kBlockScenarios;
  const hdf5::File& file_;
  const std::vector<ColumnMeasure>& measures_;
  std::uint64_t scenarios_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> rows_;
};

/// A rank's part of all (measure, column), cut into groups that take at most so many columns of datasets.
std::vector<ColumnGroup> groups_of(const std::vector<ColumnMeasure>& measures, std::size_t each, RankPart part,
                                   std::size_t columns) {
  std::vector<ColumnGroup> groups;
  for (std::size_t at = part.begin; at < part.end;) {
    const std::size_t measure = at / each, first = at % each;
    const std::size_t fitting = std::max<std::size_t>(1, columns / measures[measure].datasets.size());
    const std::size_t count = std::min({fitting, each - first, part.end - at});
    groups.push_back({measure, first, count});
    at += count;
  }
  return groups;
}

/// The numbers of this rank's part, those of one column of one measure behind the other.
std::vector<double> measure_part(const hdf5::File& file, const std::vector<ColumnMeasure>& measures,
                                 std::uint64_t bytes, const Ranks& ranks) {
  ColumnReader reader(file, measures);
  const std::uint64_t scenarios = reader.scenarios();
  const RankPart part = part_of(ranks, measures.size() * reader.columns());
  if (part.size() == 0) return {};
  std::size_t widest = 1;
  for (const ColumnMeasure& measure : measures) widest = std::max(widest, measure.datasets.size());
  // Two halves where they fit: one is measured while the other one is read.
  const auto fitting = std::size_t(bytes / (sizeof(double) * scenarios));
  const std::size_t halves = fitting >= 2 * widest ? 2 : 1;
  const std::size_t columns = std::clamp(fitting / halves, widest, widest * std::min(part.size(), reader.columns()));
  const std::vector<ColumnGroup> groups = groups_of(measures, reader.columns(), part, columns);
  LargeArray buffer(std::min(halves, groups.size()) * columns * scenarios);
  auto half = [&](std::size_t group) { return buffer.data() + group % halves * columns * scenarios; };

  std::vector<std::vector<double>> found(part.size());
  std::size_t done = 0;
  reader.read(groups[0], half(0));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const ColumnMeasure& measure = measures[groups[g].measure];
    const std::size_t datasets = measure.datasets.size();
    const bool more = g + 1 < groups.size(), read_ahead = more && halves == 2;
    parallel_for(groups[g].count + read_ahead, [&](std::size_t task) {
      if (read_ahead && task == 0) return reader.read(groups[g + 1], half(g + 1));
      const std::size_t k = task - read_ahead;
      std::vector<std::span<double>> values;
      for (std::size_t d = 0; d < datasets; ++d) {
        values.emplace_back(half(g) + (k * datasets + d) * scenarios, scenarios);
      }
      found[done + k] = measure.measure(values);
      found[done + k].resize(measure.numbers);
    });
    done += groups[g].count;
    if (more && !read_ahead) reader.read(groups[g + 1], half(g + 1));
  }
  std::vector<double> all;
  for (const std::vector<double>& numbers : found) all.insert(all.end(), numbers.begin(), numbers.end());
  return all;
}

}  // namespace

std::vector<std::vector<std::vector<double>>> measure_columns(const hdf5::File& file,
                                                              const std::vector<ColumnMeasure>& measures,
                                                              std::uint64_t bytes, Ranks& ranks) {
  std::vector<double> mine;
  run_together(ranks, [&] {
    if (!measures.empty()) mine = measure_part(file, measures, bytes, ranks);
  });
  const std::vector<double> all = ranks.gather(std::move(mine));
  if (!ranks.root() || measures.empty()) return {};
  std::size_t numbers = 0;
  for (const ColumnMeasure& measure : measures) numbers += measure.numbers;
  const std::size_t columns = numbers ? all.size() / numbers : 0;
  std::vector<std::vector<std::vector<double>>> found(measures.size());
  auto at = all.begin();
  for (std::size_t m = 0; m < measures.size(); ++m) {
    for (std::size_t k = 0; k < columns; ++k, at += std::ptrdiff_t(measures[m].numbers)) {
      found[m].emplace_back(at, at + std::ptrdiff_t(measures[m].numbers));
    }
  }
  return found;
}

}  // namespace ballast
