#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/output/results_file.h"
#include "engine/study/checkpoint.h"
#include "engine/study/run_study.h"

namespace ballast {

/// The results file of a run while it is made, by one rank or by many: begun anew or where an earlier run stopped, and
/// kept for a later one when this is stopped.
class RunFile {
 public:
  /// Creates the output folder, and removes what killed runs left in it. All ranks at once. Throws InputError when
  /// there is something to resume, but of another run; Error (73) when the file cannot be created.
  RunFile(const RunRequest& request, const Results& results, const ResultsLayout& layout, const ShardIdentity& part);

  ResultsFile& results() { return *file_; }
  Checkpointer& checkpoint() { return *checkpoint_; }
  /// The file holds what an earlier run wrote, the optimise set included.
  bool resumed() const { return resumed_; }
  /// Runs work(); when a signal stops it, what is done is kept: see Checkpointer::stop().
  void stoppable(const std::function<void()>& work);

 private:
  std::unique_ptr<ResultsFile> file_;
  std::optional<Checkpointer> checkpoint_;
  bool resumed_ = false;
};

}  // namespace ballast
