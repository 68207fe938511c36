#include "scenarios/io/hdf5.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_damage.h"
#include "scenarios/io/hdf5_scenarios.h"

using namespace ballast;

namespace {

struct Folder {
  Folder() {
    path = std::filesystem::temp_directory_path() / ("ballast_hdf5_" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  std::filesystem::path path;
};

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

void write_example(const std::string& path) {
  hdf5::File file = hdf5::File::create(path);
  file.set_attribute("text", std::string(100'000, 'x') + " Zürich");  // longer than an object header's 64 KB
  file.set_attribute("empty", "");
  file.set_attribute("seed", std::numeric_limits<std::uint64_t>::max());
  file.set_attribute("count", std::int64_t(-3));
  file.set_attribute("share", 0.1);
  hdf5::Dataset asset = file.create_dataset("asset", hdf5::Type::text, {2});
  asset.write(std::vector<std::string>{"Aktien (€)", ""});
  asset.make_scale("asset");
  hdf5::Dataset row = file.create_dataset("row", hdf5::Type::int64, {600});
  row.write(std::vector<std::int64_t>(600, 7));
  row.make_scale("row");
  hdf5::Group group = file.create_group("group");
  hdf5::Dataset values = group.create_dataset("values", hdf5::Type::float64, {600, 2}, {.chunk_rows = 256});
  values.attach_scale(0, row);
  values.attach_scale(1, asset);
  std::vector<double> block;
  for (int k = 0; k < 1200; ++k) block.push_back(k == 5 ? std::nan("") : 0.1 * k);
  values.write_rows(0, 512, block.data());
  values.write_rows(512, 88, block.data() + 1024);
  hdf5::Dataset single = group.create_dataset("single", hdf5::Type::float32, {2, 3});
  single.write(std::vector<double>{0.1, 1, 2, 3, 4, 5});
  hdf5::Dataset partly = group.create_dataset("partly", hdf5::Type::float64, {3}, {.fully_written = false});
  partly.write_rows(1, 1, block.data() + 10);
  group.create_dataset("bytes", hdf5::Type::uint8, {5}).write(std::string_view("a\0\xff\nb", 5));
  file.close();
}

}  // namespace

TEST_CASE("what is written to HDF5 reads back") {
  Folder folder;
  write_example(folder / "a.h5");
  hdf5::File file = hdf5::File::open(folder / "a.h5");
  CHECK(file.attribute_names() == std::vector<std::string>{"text", "empty", "seed", "count", "share"});
  CHECK(file.members() == std::vector<std::string>{"asset", "row", "group"});
  CHECK(file.text_attribute("text") == std::string(100'000, 'x') + " Zürich");
  CHECK(file.text_attribute("empty").empty());
  CHECK(file.uint64_attribute("seed") == std::numeric_limits<std::uint64_t>::max());
  CHECK(file.int64_attribute("count") == -3);
  CHECK(file.double_attribute("share") == 0.1);
  CHECK(file.attribute_type("text") == "text");
  CHECK(file.attribute_type("seed") == "uint64");
  CHECK(file.open_dataset("asset").read_texts() == std::vector<std::string>{"Aktien (€)", ""});
  CHECK(file.open_dataset("row").read_int64s() == std::vector<std::int64_t>(600, 7));

  CHECK(file.is_group("group"));
  CHECK_FALSE(file.is_group("row"));
  hdf5::Group group = file.open_group("group");
  hdf5::Dataset values = group.open_dataset("values");
  CHECK(values.name() == "/group/values");
  CHECK(values.shape() == std::vector<std::uint64_t>{600, 2});
  CHECK(values.type() == hdf5::Type::float64);
  CHECK(values.scale_of(0) == "/row");
  CHECK(values.scale_of(1) == "/asset");
  CHECK(file.open_dataset("asset").is_scale());
  CHECK_FALSE(values.is_scale());
  std::vector<double> all = values.read_doubles();
  for (int k = 0; k < 1200; ++k) CHECK((k == 5 ? std::isnan(all[5]) : all[std::size_t(k)] == 0.1 * k));
  CHECK(values.read_rows(511, 2) == std::vector<double>{0.1 * 1022, 0.1 * 1023, 0.1 * 1024, 0.1 * 1025});

  CHECK(group.open_dataset("single").read_doubles()[0] == double(0.1f));
  std::vector<double> partly = group.open_dataset("partly").read_doubles();
  CHECK(std::isnan(partly[0]));
  CHECK(partly[1] == 1.0);
  CHECK(std::isnan(partly[2]));
  CHECK(group.open_dataset("bytes").read_bytes() == std::string("a\0\xff\nb", 5));
}

TEST_CASE("files written twice are the same, byte by byte") {
  Folder folder;
  write_example(folder / "a.h5");
  write_example(folder / "b.h5");
  CHECK(content(folder / "a.h5") == content(folder / "b.h5"));
}

TEST_CASE("a file held in memory opens like one on disk") {
  Folder folder;
  write_example(folder / "a.h5");
  hdf5::File file = hdf5::File::open_content("inside", content(folder / "a.h5"));
  CHECK(file.open_group("group").open_dataset("values").read_rows(1, 1)[0] == 0.2);
}

TEST_CASE("errors of reading are input errors that name the file and the reason") {
  Folder folder;
  write_example(folder / "a.h5");
  auto message = [&](auto&& act, ExitCode code = ExitCode::bad_input) {
    try {
      act();
    } catch (const InputError& error) {
      CHECK(error.code() == code);
      CHECK_FALSE(error.problems().at(0).file.empty());
      return std::string(error.what());
    }
    return std::string("no error");
  };
  auto contains = [](const std::string& text, const char* part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  contains(message([&] { hdf5::File::open(folder / "none.h5"); }, ExitCode::missing_input), "No such file");
  contains(message([&] { hdf5::File::open(folder.path.string()); }, ExitCode::missing_input), "is a folder");
  write(folder / "foreign.h5", "Date,Rate\n");
  contains(message([&] { hdf5::File::open(folder / "foreign.h5"); }), "is not an HDF5 file");
  write(folder / "empty.h5", "");
  contains(message([&] { hdf5::File::open(folder / "empty.h5"); }), "is not an HDF5 file");
  std::string whole = content(folder / "a.h5");
  write(folder / "half.h5", whole.substr(0, whole.size() / 2));
  contains(message([&] { hdf5::File::open(folder / "half.h5"); }), "truncated file");
  hdf5::File file = hdf5::File::open(folder / "a.h5");
  contains(message([&] { file.open_dataset("nothing"); }), "has no dataset '/nothing'");
  contains(message([&] { file.open_group("nothing"); }), "has no group '/nothing'");
  contains(message([&] { file.text_attribute("seed"); }), "attribute 'seed' of '/' is not one text");
  contains(message([&] { file.int64_attribute("text"); }), "is not one number");
  contains(message([&] { file.double_attribute("nothing"); }), "attribute 'nothing'");
  contains(message([&] { file.open_dataset("asset").read_doubles(); }), "does not hold numbers");
  contains(message([&] { file.open_dataset("row").read_texts(); }), "does not hold texts");
}

TEST_CASE("a file that cannot be created says why") {
  try {
    hdf5::File::create("/nonexistent/folder/a.h5");
    FAIL("created");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::cannot_create);
    CHECK(std::string(error.what()).find("'/nonexistent/folder/a.h5' (No such file or directory)") !=
          std::string::npos);
  }
}

TEST_CASE("a full disk is an error, and the process survives it") {
  if (::access("/dev/full", W_OK) != 0) {
    MESSAGE("left out: there is no /dev/full");
    return;
  }
  try {
    hdf5::File file = hdf5::File::create("/dev/full");
    file.create_dataset("x", hdf5::Type::float64, {1000}).write(std::vector<double>(1000, 1.0));
    file.close();
    FAIL("written");
  } catch (const Error& error) {
    CHECK((error.code() == ExitCode::cannot_write || error.code() == ExitCode::cannot_create));
    INFO(error.what());
    CHECK(std::string(error.what()).find("No space left on device") != std::string::npos);
  }
}

namespace {

void write_scenarios(const std::string& path, bool named, double last, std::uint64_t probabilities) {
  hdf5::File file = hdf5::File::create(path);
  hdf5::Dataset returns = file.create_dataset("asset_return", hdf5::Type::float32, {3, 2});
  returns.write(std::vector<double>{0.5, -0.25, 0.125, 0, 1, last});
  if (named) {
    hdf5::Dataset asset = file.create_dataset("asset", hdf5::Type::text, {2});
    asset.write(std::vector<std::string>{"equity", "bonds"});
    asset.make_scale("asset");
    returns.attach_scale(1, asset);
  }
  file.create_dataset("probability", hdf5::Type::float64, {probabilities})
      .write(std::vector<double>(probabilities, 0.25));
  file.close();
}

}  // namespace

TEST_CASE("scenarios are read from HDF5, with or without names") {
  Folder folder;
  write_scenarios(folder / "named.h5", true, 2, 3);
  StoredScenarios stored = read_scenarios_hdf5(folder / "named.h5");
  CHECK(stored.scenarios == 3);
  CHECK(stored.assets == std::vector<std::string>{"equity", "bonds"});
  CHECK(stored.asset_return == std::vector<double>{0.5, -0.25, 0.125, 0, 1, 2});
  CHECK(stored.probability == std::vector<double>(3, 0.25));
  CHECK(stored.liability.empty());
  write_scenarios(folder / "plain.h5", false, 2, 3);
  CHECK(read_scenarios_hdf5(folder / "plain.h5").assets == std::vector<std::string>{"asset_1", "asset_2"});
  CHECK(read_scenarios_hdf5_content("x", content(folder / "plain.h5")).asset_return == stored.asset_return);

  write_scenarios(folder / "nan.h5", true, std::nan(""), 3);
  CHECK_THROWS_WITH_AS(read_scenarios_hdf5(folder / "nan.h5"),
                       doctest::Contains("nan for scenario 2, asset 'bonds' (counted from 0; 1 of 3"), InputError);
  write_scenarios(folder / "percent.h5", false, -5, 3);
  CHECK_THROWS_WITH_AS(read_scenarios_hdf5(folder / "percent.h5"), doctest::Contains("are these percent"), InputError);
  {
    hdf5::File file = hdf5::File::create(folder / "twice.h5");
    file.create_dataset("asset_return", hdf5::Type::float64, {1, 2}).write(std::vector<double>{0.1, 0.2});
    file.create_dataset("asset", hdf5::Type::text, {2}).write(std::vector<std::string>{"a", "a"});
    file.close();
  }
  CHECK_THROWS_WITH_AS(read_scenarios_hdf5(folder / "twice.h5"), doctest::Contains("two assets are named 'a'"),
                       InputError);
  write_scenarios(folder / "short.h5", true, 2, 2);
  CHECK_THROWS_WITH_AS(read_scenarios_hdf5(folder / "short.h5"), doctest::Contains("dataset 'probability' is 2"),
                       InputError);
  write_example(folder / "other.h5");
  CHECK_THROWS_WITH_AS(read_scenarios_hdf5(folder / "other.h5"), doctest::Contains("no dataset 'asset_return'"),
                       InputError);
}

TEST_CASE("a damaged file is refused or harmless, and never ends the program") {
  Folder folder;
  const std::string path = folder / "whole.h5", damaged = folder / "damaged.h5";
  write_example(path);
  CHECK_NOTHROW(hdf5::refuse_damaged(path));
  const std::string whole = content(path);
  int refused = 0;
  for (std::size_t at = 48; at < std::min<std::size_t>(whole.size(), 12'000); at += 149) {
    std::string bytes = whole;
    bytes[at] = char(~bytes[at]);
    write(damaged, bytes);
    try {
      hdf5::refuse_damaged(damaged, 2);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::bad_input);
      CHECK(std::string(error.what()).find("the file is damaged") != std::string::npos);
      ++refused;
    }
  }
  CHECK(refused > 5);
}
