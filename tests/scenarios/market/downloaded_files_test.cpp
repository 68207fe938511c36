// Files of yields in the layouts of those who publish them.
#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/io/date_column.h"
#include "scenarios/market/history_files.h"
#include "scenarios/market/tenor_header.h"

using namespace ballast;

namespace {

CurveFile percent_file(Quote quote) {
  CurveFile file;
  file.file = {"c.csv"};
  file.unit = Unit::percent;
  file.quote = quote;
  return file;
}

CurveRows rows_of(const std::string& content, const CurveFile& parameters) {
  InputFiles files = InputFiles::embedded({{"c.csv", content}});
  return read_curve_rows(parameters, std::nullopt, files);
}

std::string error_of(const std::string& content, const CurveFile& parameters) {
  try {
    rows_of(content, parameters);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// Observations of one curve on three month ends: 3 months, 10 and 10 1/2 years, a forward rate and a parameter.
std::string ecb_file(const std::string& further = "") {
  std::string text = "KEY,FREQ,TIME_PERIOD,OBS_VALUE,TITLE\n";
  const char* dates[] = {"2024-05-31", "2024-06-28", "2024-07-31"};
  for (int k = 0; k < 3; ++k) {
    for (const char* series : {"SR_10Y", "SR_3M", "SR_10Y6M", "IF_10Y", "BETA0"}) {
      text += std::string("YC.B.U2.EUR.4F.G_N_A.SV_C_YM.") + series + ",B," + dates[k] + "," +
              std::to_string(2.5 + 0.1 * k + (series[0] == 'S' ? 0.0 : 9.0)) + ",\"spot rate, AAA\"\n";
    }
  }
  return text + further;
}

}  // namespace

TEST_CASE("the US Treasury's file: newest date first, month first, tenors in words, quoted headers") {
  CurveFile parameters = percent_file(Quote::par);
  parameters.compounding = Compounding::semiannual;
  parameters.missing.emplace();
  const std::string file =
      "Date,\"1 Mo\",\"1.5 Month\",\"6 Mo\",\"10 Yr\",\"30 Yr\"\n"
      "12/31/2024,4.40,,4.24,4.58,4.78\n11/29/2024,4.76,,4.42,4.18,4.36\n10/31/2024,4.76,,4.43,4.28,4.47\n";
  const CurveRows rows = rows_of(file, parameters);
  CHECK(rows.tenors == std::vector<double>{1 / 12.0, 0.125, 0.5, 10, 30});
  REQUIRE(rows.dates.size() == 3);
  CHECK(to_string(rows.dates[0]) == "2024-10-31");
  CHECK(to_string(rows.dates[2]) == "2024-12-31");
  CHECK(rows.lines == std::vector<int>{4, 3, 2});
  CHECK(rows.quotes(2, 3) == doctest::Approx(0.0458));
  CHECK(std::isnan(rows.quotes(2, 1)));
  // In no order at all it is not turned around.
  CHECK(
      error_of("Date,1\n2024-12-31,4\n2024-10-31,4\n2024-11-30,4\n", percent_file(Quote::zero))
          .starts_with("c.csv:3:1: error: the date 2024-10-31 comes after 2024-12-31 (line 2); sort the rows by date"));
}

TEST_CASE("par yields of the US Treasury that are read as zero rates are told") {
  for (const char* header : {"BC_10YEAR", "DGS10", "GS10", "cmt_10y"}) {
    CAPTURE(header);
    const std::string file = std::string("Date,") + header + "\n2024-10-31,4.28\n2024-11-30,4.18\n2024-12-31,4.58\n";
    const CurveRows zero = rows_of(file, percent_file(Quote::zero));
    REQUIRE(zero.notes.size() == 1);
    CHECK(zero.notes[0].find("say `quote: par`") != std::string::npos);
    CurveFile par = percent_file(Quote::par);
    par.compounding = Compounding::semiannual;
    CHECK(rows_of(file, par).notes.empty());
  }
  CHECK(rows_of("Date,10\n2024-10-31,4.28\n2024-11-30,4.18\n", percent_file(Quote::zero)).notes.empty());
}

TEST_CASE("dates with slashes tell the month from the day together, or not at all") {
  auto dates = [](const std::vector<std::string>& texts) {
    std::string all;
    for (const std::optional<Date>& date : parse_dates(texts)) all += (date ? to_string(*date) : "none") + " ";
    return all;
  };
  CHECK(dates({"1/2/2024", "01/31/2024"}) == "2024-01-02 2024-01-31 ");
  CHECK(dates({"1/2/2024", "31/01/2024"}) == "2024-02-01 2024-01-31 ");
  CHECK(dates({"1/2/2024", "2/2/2024"}) == "none none ");
  CHECK(dates({"13/2/2024", "2/13/2024"}) == "none none ");
  CHECK(dates({"1.2.2024", "31.01.2024"}) == "2024-02-01 2024-01-31 ");
  CHECK(dates({"01-02-2024", "31-01-2024", "2024-03-04"}) == "2024-02-01 2024-01-31 2024-03-04 ");
  CHECK(dates({"13/2-2024", "13/2/2024", "0/2/2024"}) == "none 2024-02-13 none ");
  CHECK(dates({"1/31/24", "2/30/2024", "2024-02-29", "1/31/2024/5", "1//2024"}) == "none none 2024-02-29 none none ");
  CHECK(error_of("Date,1\n1/2/2024,4\n2/2/2024,4\n", percent_file(Quote::zero))
            .find("'1/2/2024' does not tell the day from the month") != std::string::npos);
}

TEST_CASE("the ECB's file: one observation a row, of which spot rates are the curve") {
  CurveFile parameters = percent_file(Quote::zero);
  parameters.compounding = Compounding::continuous;
  const CurveRows rows = rows_of(ecb_file(), parameters);
  CHECK(rows.tenors == std::vector<double>{0.25, 10, 10.5});
  REQUIRE(rows.dates.size() == 3);
  CHECK(to_string(rows.dates[1]) == "2024-06-28");
  CHECK(rows.quotes(1, 1) == doctest::Approx(0.026));
  CHECK(rows.lines == std::vector<int>{3, 8, 13});

  parameters.columns = {{"IF_10Y", 10}};
  CHECK(rows_of(ecb_file(), parameters).quotes(2, 0) == doctest::Approx(0.117));
  parameters.columns.clear();

  CHECK(error_of(ecb_file("YC.B.U2.EUR.4F.G_N_C.SV_C_YM.SR_10Y,B,2024-05-31,3,all issuers\n"), parameters)
            .find("the tenor 10 has two series, 'YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_10Y' and "
                  "'YC.B.U2.EUR.4F.G_N_C.SV_C_YM.SR_10Y'; keep the rows of one curve") != std::string::npos);
  CHECK(error_of(ecb_file("YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_10Y,B,2024-05-31,3,again\n"), parameters)
            .find("has two observations on 2024-05-31 (the other on line 2)") != std::string::npos);
  const std::string gap = "YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_10Y,B,2024-08-30,3,alone\n";
  CHECK(error_of(ecb_file(gap), parameters)
            .find("2024-08-30 has no observation of 'YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_3M'") != std::string::npos);
  parameters.missing.emplace();
  CHECK(std::isnan(rows_of(ecb_file(gap), parameters).quotes(3, 0)));
  parameters.quote = Quote::par;
  parameters.compounding = Compounding::annual;
  CHECK(error_of(ecb_file(), parameters).find("there is no series of spot rates") != std::string::npos);
}

TEST_CASE("maturities are numbers, fractions or tenors in words") {
  InputFiles files = InputFiles::embedded({{"c.csv", "Maturity,Rate\n1/12,4.3\n3 Mo,4.3\n6M,4.3\n2,4.2\n10 Yr,4.4\n"}});
  CHECK(read_curve_file(percent_file(Quote::zero), std::nullopt, files).tenors ==
        std::vector<double>{1 / 12.0, 0.25, 0.5, 2, 10});
  InputFiles wrong = InputFiles::embedded({{"c.csv", "Maturity,Rate\n1,4.3\nlong,4.3\n"}});
  CHECK_THROWS_WITH_AS(read_curve_file(percent_file(Quote::zero), std::nullopt, wrong),
                       doctest::Contains("c.csv:3:1: error: 'long' is not a maturity; write it in years (0.5, 1/12)"),
                       InputError);
  CHECK(*tenor_of_header("SR_10Y6M", TenorUnit::years) == 10.5);
  CHECK(!tenor_of_header("M2Y", TenorUnit::years));
}
