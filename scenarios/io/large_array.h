#pragma once

#include <cstddef>
#include <string>

namespace ballast {

/// An array of doubles that may be larger than memory: kept in memory (in huge pages where the system has them), or in
/// a nameless file that the system pages in and out (nothing is left of it however the program ends). Starts as zeros.
class LargeArray {
 public:
  LargeArray() = default;
  /// folder: where the file is made; empty: in memory. Throws Error (73, 74) when the folder cannot be written or its
  /// disk has no room for all of it.
  explicit LargeArray(std::size_t size, const std::string& folder = "");
  LargeArray(const LargeArray& other);  ///< the copy is in memory
  LargeArray(LargeArray&& other) noexcept;
  LargeArray& operator=(LargeArray other) noexcept;
  ~LargeArray();

  void resize(std::size_t size) { *this = LargeArray(size); }  ///< in memory, all zeros
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool in_memory() const { return !in_file_; }
  double* data() { return data_; }
  const double* data() const { return data_; }
  double* begin() { return data_; }
  double* end() { return data_ + size_; }
  const double* begin() const { return data_; }
  const double* end() const { return data_ + size_; }
  double& operator[](std::size_t k) { return data_[k]; }
  double operator[](std::size_t k) const { return data_[k]; }

  /// These elements will not be looked at for a while: of an array in a file, their pages leave the process. Values
  /// stay.
  void release(std::size_t first, std::size_t count) const;

 private:
  std::size_t size_ = 0;
  double* data_ = nullptr;
  bool in_file_ = false;
};

}  // namespace ballast
