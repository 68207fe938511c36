/// write_example FOLDER: the example results files, for readers in other languages.
#include <string>

#include "tests/engine/example_results.h"

int main(int count, char** arguments) {
  using namespace ballast::example;
  if (count != 2) return 64;
  std::string folder = arguments[1];
  write(folder + "/full.h5", full_layout(), full_results());
  write(folder + "/returns.h5", returns_layout(), returns_results());
}
