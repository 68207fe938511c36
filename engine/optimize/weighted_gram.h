#pragma once

#include <cstddef>

#include <Eigen/Dense>

namespace ballast {

/// Lower triangle of sum over rows s of weight_s x_s x_s', with rows of zeros to a multiple of kGramPadding; the upper
/// triangle is undefined. values: rows x columns, row s beginning at values + s stride. In parallel, the same bits for
/// any number of threads and instruction set.
Eigen::MatrixXd weighted_gram(const double* values, std::size_t stride, std::size_t rows, std::size_t columns,
                              const double* weight);

/// The same on this thread, added to `gram`, which is padded.
void add_weighted_gram(const double* values, std::size_t stride, std::size_t rows, std::size_t columns,
                       const double* weight, Eigen::MatrixXd& gram);

/// Rows and columns of a gram matrix of so many columns.
long padded_gram(std::size_t columns);

}  // namespace ballast
