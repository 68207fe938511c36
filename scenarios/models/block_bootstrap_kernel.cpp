#include <cstddef>
#include <cstdint>

namespace ballast::BALLAST_ISA {

/// Where each lane's history goes on: v = reach u[lane] names the row that begins a block, its whole part, where v is
/// below `rows`; elsewhere the row after the last one follows, the first after the history's end. rows < 2^31.
void next_rows_array(const double* u, double reach, std::uint32_t rows, std::uint32_t* row, std::size_t lanes) {
  const double end = rows;
  // Masks and no branch: a block begins too seldom, and too often, for branches to be foretold.
#pragma GCC ivdep
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double v = reach * u[lane];
    const std::uint32_t begins = 0u - static_cast<std::uint32_t>(v < end);
    const std::uint32_t start = static_cast<std::uint32_t>(static_cast<std::int32_t>(v < end ? v : 0.0));
    const std::uint32_t next = row[lane] + 1;
    row[lane] = (start & begins) | (next & ~begins & (0u - static_cast<std::uint32_t>(next != rows)));
  }
}

}  // namespace ballast::BALLAST_ISA
