#include "engine/study/report_columns.h"

#include <filesystem>
#include <numeric>

#include <doctest/doctest.h>

using namespace ballast;

namespace {

constexpr std::uint64_t kScenarios = 2500;  // two whole blocks and a part
constexpr std::size_t kTimes = 5;

double value(int dataset, std::uint64_t scenario, std::size_t time) {
  return 1e6 * dataset + 10.0 * double(scenario) + double(time);
}

/// Two datasets over (scenario, time) in a file of its own.
struct StoredTimes {
  std::string path = (std::filesystem::temp_directory_path() / "ballast_report_columns.h5").string();
  StoredTimes() {
    hdf5::File file = hdf5::File::create(path);
    for (int dataset : {1, 2}) {
      std::vector<double> values;
      for (std::uint64_t s = 0; s < kScenarios; ++s) {
        for (std::size_t t = 0; t < kTimes; ++t) values.push_back(value(dataset, s, t));
      }
      file.create_dataset(dataset == 1 ? "one" : "two", hdf5::Type::float64, {kScenarios, kTimes}).write(values);
    }
    file.close();
  }
  ~StoredTimes() { std::filesystem::remove(path); }
};

/// First, last, and the sum of all, of one dataset; or of the difference of two, left in the second's place.
std::vector<ColumnMeasure> measures() {
  auto numbers = [](std::span<double> x) {
    return std::vector<double>{x.front(), x.back(), std::accumulate(x.begin(), x.end(), 0.0)};
  };
  return {{{"one"}, 3, [=](const auto& columns) { return numbers(columns.at(0)); }},
          {{"one", "two"},
           3,
           [=](const auto& columns) {
             for (std::size_t s = 0; s < columns[1].size(); ++s) columns[1][s] -= columns[0][s];
             return numbers(columns[1]);
           }},
          {{"two"}, 1, [](const auto& columns) { return std::vector<double>{columns[0][1024]}; }}};
}

void check(const std::vector<std::vector<std::vector<double>>>& found) {
  REQUIRE(found.size() == 3);
  for (const auto& times : found) REQUIRE(times.size() == kTimes);
  for (std::size_t t = 0; t < kTimes; ++t) {
    const double sum = kScenarios * 1e6 + 10.0 * kScenarios * (kScenarios - 1) / 2 + double(kScenarios * t);
    CHECK(found[0][t] == std::vector<double>{value(1, 0, t), value(1, kScenarios - 1, t), sum});
    CHECK(found[1][t] == std::vector<double>{1e6, 1e6, kScenarios * 1e6});
    CHECK(found[2][t] == std::vector<double>{value(2, 1024, t)});
  }
}

/// Ranks that come one after the other, the root last: HDF5 allows one thread at a time.
class InTurn final : public Ranks {
 public:
  InTurn(std::size_t rank, std::vector<std::vector<double>>& sent) : rank_(rank), sent_(sent) {}
  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return sent_.size(); }
  std::vector<double> gather(std::vector<double> mine) override {
    sent_[rank_] = std::move(mine);
    std::vector<double> all;
    for (const std::vector<double>& part : sent_) all.insert(all.end(), part.begin(), part.end());
    return all;
  }
  std::vector<double> gather_everywhere(std::vector<double> mine) override { return mine; }
  void broadcast(std::span<std::byte>, std::size_t) override {}
  void sum(std::span<std::uint64_t>) override {}
  double least(double mine) override { return mine; }
  double largest(double mine) override { return mine; }
  void wait() override {}
  int leave(int code, const std::function<void()>&) override { return code; }

 private:
  std::size_t rank_;
  std::vector<std::vector<double>>& sent_;
};

}  // namespace

TEST_CASE("report times are measured alike whatever memory allows") {
  const StoredTimes stored;
  const hdf5::File file = hdf5::File::open(stored.path);
  const std::uint64_t column = kScenarios * sizeof(double);
  for (std::uint64_t bytes : {std::uint64_t(0), 2 * column, 4 * column, 7 * column, 100 * column}) {
    CAPTURE(bytes);
    check(measure_columns(file, measures(), bytes, one_process()));
  }
}

TEST_CASE("ranks divide measures and report times") {
  const StoredTimes stored;
  const hdf5::File file = hdf5::File::open(stored.path);
  for (std::size_t size : {2, 4, 20}) {  // of 15 parts: with 20 some have none
    CAPTURE(size);
    std::vector<std::vector<double>> sent(size);
    std::vector<std::vector<std::vector<double>>> found;
    for (std::size_t rank = size; rank-- > 0;) {
      InTurn ranks(rank, sent);
      found = measure_columns(file, measures(), 6 * kScenarios * sizeof(double), ranks);
      CHECK(found.empty() == (rank > 0));
    }
    check(found);
  }
}
