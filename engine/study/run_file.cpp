#include "engine/study/run_file.h"

#include <fmt/format.h>

#include "engine/output/partial_file.h"
#include "engine/study/result_files.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

std::string results_path(const RunRequest& request) {
  if (!request.shard) return request.output_directory + "/results.h5";
  return fmt::format("{}/shard_{}_of_{}.h5", request.output_directory, request.shard->number, request.shard->of);
}

/// All ranks work on one study, or the results would be of none.
void check_same_run(Ranks& ranks, const std::string& print) {
  const std::string of_first = of_root(ranks, print);
  run_together(ranks, [&] {
    if (print == of_first) return;
    throw Error(ExitCode::bad_input,
                fmt::format("error: rank {} reads another study, other inputs, or is another program than rank 0; give "
                            "all ranks the same files",
                            ranks.rank()));
  });
}

}  // namespace

RunFile::RunFile(const RunRequest& request, const Results& results, const ResultsLayout& layout,
                 const ShardIdentity& part) {
  Ranks& ranks = *request.ranks;
  const std::string path = results_path(request);
  const std::string print = fingerprint(results, part, request.weights);
  check_same_run(ranks, print);
  run_on_root(ranks, [&] {
    create_output_directory(request.output_directory);
    std::optional<CheckpointRecord> earlier;
    if (request.resume) earlier = read_checkpoint(path, print);
    PartialFile::remove_left_over(path, kept_partial(path));
    file_ = earlier ? std::make_unique<ResultsFile>(path, layout, earlier->partial, earlier->scenarios)
                    : std::make_unique<ResultsFile>(path, layout);
    resumed_ = earlier.has_value();
  });
  if (!file_) file_ = std::make_unique<ResultsFile>(layout);
  resumed_ = of_root(ranks, resumed_);
  checkpoint_.emplace(*file_, path, print, request.checkpoint_minutes, resumed_);
}

void RunFile::stoppable(const std::function<void()>& work) {
  try {
    work();
  } catch (const Stopped& stopped) {
    checkpoint_->stop(stopped);
  }
}

}  // namespace ballast
