#include "scenarios/base/ranks.h"

#include <exception>
#include <new>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

class OneProcess final : public Ranks {
 public:
  std::vector<double> gather_everywhere(std::vector<double> mine) override { return mine; }
  std::vector<double> gather(std::vector<double> mine) override { return mine; }
  void broadcast(std::span<std::byte>, std::size_t) override {}
  void sum(std::span<std::uint64_t>) override {}
  double least(double mine) override { return mine; }
  double largest(double mine) override { return mine; }
  void wait() override {}
  int leave(int code, const std::function<void()>& speak) override {
    if (code != 0) speak();
    return code;
  }
};

/// An error in a form that can be sent.
struct Failure {
  enum class Kind { error, stopped, memory, bug } kind = Kind::bug;
  int number = 0;  ///< exit code, or signal
  bool checkpoint = false;
};

/// What is being thrown here.
Failure describe(std::string& text) {
  try {
    throw;
  } catch (const Error& error) {
    text = error.what();
    return {Failure::Kind::error, int(error.code()), false};
  } catch (const Stopped& stopped) {
    text = stopped.what();
    return {Failure::Kind::stopped, stopped.signal(), stopped.checkpoint()};
  } catch (const std::bad_alloc&) {
    return {Failure::Kind::memory, 0, false};
  } catch (const std::exception& error) {
    text = error.what();
    return {};
  }
}

[[noreturn]] void raise(const Failure& failure, const std::string& text) {
  switch (failure.kind) {
    case Failure::Kind::error:
      throw Error(ExitCode(failure.number), text);
    case Failure::Kind::stopped:
      throw Stopped(failure.number, text, failure.checkpoint);
    case Failure::Kind::memory:
      throw std::bad_alloc();
    default:
      throw std::runtime_error(text);
  }
}

template <class Container>
Container container_of_root(Ranks& ranks, Container values, std::size_t from) {
  std::uint64_t size = values.size();
  ranks.broadcast(std::as_writable_bytes(std::span<std::uint64_t>(&size, 1)), from);
  values.resize(size);
  ranks.broadcast(std::as_writable_bytes(std::span(values.data(), values.size())), from);
  return values;
}

}  // namespace

Ranks& one_process() {
  static OneProcess alone;
  return alone;
}

#ifndef BALLAST_MPI
Ranks& all_ranks() { return one_process(); }
#endif

std::string of_root(Ranks& ranks, std::string text) { return container_of_root(ranks, std::move(text), 0); }

std::vector<double> of_root(Ranks& ranks, std::vector<double> values) {
  return container_of_root(ranks, std::move(values), 0);
}

void run_together(Ranks& ranks, const std::function<void()>& work) {
  if (ranks.alone()) return work();
  std::exception_ptr own;
  Failure failure;
  std::string text;
  try {
    work();
  } catch (...) {
    own = std::current_exception();
    failure = describe(text);
  }
  ranks.wait();
  const double first = ranks.least(own ? double(ranks.rank()) : double(ranks.size()));
  if (first == double(ranks.size())) return;
  const auto from = std::size_t(first);
  ranks.broadcast(std::as_writable_bytes(std::span<Failure>(&failure, 1)), from);
  text = container_of_root(ranks, std::move(text), from);
  if (own && from == ranks.rank()) std::rethrow_exception(own);
  raise(failure, text);
}

void run_on_root(Ranks& ranks, const std::function<void()>& work) {
  run_together(ranks, [&] {
    if (ranks.root()) work();
  });
}

RankPart part_of(const Ranks& ranks, std::size_t count) {
  return {count * ranks.rank() / ranks.size(), count * (ranks.rank() + 1) / ranks.size()};
}

}  // namespace ballast
