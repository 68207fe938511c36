#include "scenarios/io/hdf5_damage.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenarios/base/error.h"
#include "scenarios/base/stop.h"
#include "scenarios/io/hdf5.h"

namespace ballast::hdf5 {
namespace {

constexpr int kStopSignals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
constexpr std::uint64_t kSmall = std::uint64_t(1) << 17;  ///< elements

void read_attributes(const Object& object) {
  for (const std::string& name : object.attribute_names()) {
    if (object.attribute_type(name) == "text") object.text_attribute(name);
  }
}

void read_small(const Dataset& dataset) {
  std::uint64_t elements = 1;
  for (std::uint64_t size : dataset.shape()) elements *= size;
  if (elements > kSmall) return;
  switch (dataset.type()) {
    case Type::text:
      dataset.read_texts();
      break;
    case Type::table:
      dataset.read_table();
      break;
    case Type::uint8:
      dataset.read_bytes();
      break;
    case Type::other:
      break;
    default:
      dataset.read_doubles();
  }
}

void check_scales(const File& file, const Dataset& dataset) {
  if (dataset.is_scale()) return;
  const std::vector<std::uint64_t> shape = dataset.shape();
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::string scale = dataset.scale_of(k);
    if (scale.empty()) continue;
    const std::vector<std::uint64_t> size = file.open_dataset(scale).shape();
    if (size.size() == 1 && size[0] == shape[k]) continue;
    throw Error(ExitCode::bad_input, fmt::format("{}: error: dataset '{}' does not fit its dimension '{}'", file.path(),
                                                 dataset.name(), scale));
  }
}

void read_all(const File& file, const Group& group) {
  read_attributes(group);
  for (const std::string& name : group.members()) {
    if (group.is_group(name)) {
      read_all(file, group.open_group(name));
      continue;
    }
    const Dataset dataset = group.open_dataset(name);
    read_attributes(dataset);
    read_small(dataset);
    check_scales(file, dataset);
  }
}

/// In the process of its own: what is wrong goes into `answer`.
[[noreturn]] void examine(const std::string& path, pid_t parent, int answer, unsigned seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a program that is stopped leaves no one reading behind
  if (getppid() != parent) _exit(1);
  std::signal(SIGXCPU, SIG_DFL);
  for (int signal : kStopSignals) std::signal(signal, SIG_DFL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const rlimit processor{seconds, seconds};  // not by the clock: a slow disk or a stopped program is no damage
  setrlimit(RLIMIT_CPU, &processor);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  try {
    const File file = File::open(path);
    try {
      read_all(file, file);
    } catch (const std::exception& error) {
      const std::string wrong = error.what();
      _exit(write(answer, wrong.data(), wrong.size()) == ssize_t(wrong.size()) ? 0 : 1);
    }
  } catch (...) {
  }
  _exit(0);
}

std::string read_to_end(int pipe) {
  std::string text;
  char part[4096];
  for (ssize_t count; (count = read(pipe, part, sizeof part)) != 0;) {
    if (count > 0) {
      text.append(part, std::size_t(count));
    } else if (errno != EINTR) {
      break;
    }
  }
  return text;
}

}  // namespace

void refuse_damaged(const std::string& path, unsigned seconds) {
  int ends[2];
  if (pipe(ends) != 0) return;  // nothing is known against the file
  const pid_t parent = getpid(), child = fork();
  if (child == 0) examine(path, parent, ends[1], seconds);
  close(ends[1]);
  const std::string wrong = read_to_end(ends[0]);
  close(ends[0]);
  if (child < 0) return;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return;
  }
  check_stop();
  for (int signal : kStopSignals) {  // to the whole group, which is no damage either
    if (WIFSIGNALED(status) && WTERMSIG(status) == signal) throw Stopped(signal);
  }
  if (!wrong.empty()) throw Error(ExitCode::bad_input, wrong + "; the file is damaged");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Error(ExitCode::bad_input,
              fmt::format("{}: error: the file is damaged (HDF5 crashes on it, or does not come back)", path));
}

}  // namespace ballast::hdf5
