#include "scenarios/simulate.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/assumed_shocks.h"

namespace ballast {
namespace {

/// Log growth of cash over the first step.
double cash_growth(const YieldCurve& initial, double step_years) {
  return initial.empty() ? 0.0 : initial.zero_rate(step_years) * step_years;
}

/// Log growth of cash over each period of the history, from the curve at its start.
Eigen::VectorXd history_cash_growth(const MarketHistory& history, const YieldCurve& initial, double step_years) {
  return history_rates(history, initial, {step_years}).col(0).head(history.periods()) * step_years;
}

/// What a risk-neutral world cannot be made of.
void check_risk_neutral(const ScenarioParameters& parameters, const MarketHistory& history, const YieldCurve& initial) {
  if (initial.empty() || !parameters.curve_moves()) {
    throw key_error("scenarios.measure",
                    "risk_neutral needs a curve that moves; give market.curve or market.curve_history, and a "
                    "curve_model");
  }
  if (history.inflation.size() > 0) {
    throw key_error("market.inflation",
                    "has no risk-neutral law here (expected inflation carries no premium); leave it out, or choose "
                    "measure: real_world");
  }
  if (history.spreads.size() > 0) {
    throw key_error("market.spreads",
                    "have no risk-neutral law here (what they pay beyond expected losses is a premium); leave out the "
                    "assets that follow them, or choose measure: real_world");
  }
}

/// Under the risk-neutral measure every asset earns the short rate.
void check_risk_neutral(const SeriesRule& rule) {
  if (!rule.excess) {
    throw key_error(rule.key_path,
                    "under scenarios.measure: risk_neutral a series earns the short rate; say return: excess");
  }
  if (rule.expected_return) {
    throw key_error(rule.key_path,
                    "under scenarios.measure: risk_neutral a series earns the short rate; leave out "
                    "expected_return");
  }
}

/// ln E[exp(x)] over the history's rows.
double log_mean_growth(const Eigen::VectorXd& log_return) { return std::log(log_return.array().exp().mean()); }

/// The history's log returns, less the short rate's where that is simulated.
Eigen::VectorXd series_log_returns(const SeriesRule& rule, const MarketHistory& history, const YieldCurve& initial,
                                   Eigen::Index series, double step_years, Measure measure) {
  Eigen::VectorXd x = (1 + history.returns.col(series).array()).log().matrix();
  // Risk-neutral means are set anew: without a history of curves only the short rate's own variation stays in.
  if (rule.excess && !(history.tenors.empty() && measure == Measure::risk_neutral)) {
    if (history.tenors.empty()) {
      throw key_error(rule.key_path,
                      "excess returns need market.curve_history (for the history's own short rate); give it, or say "
                      "return: total");
    }
    x -= history_cash_growth(history, initial, step_years);
  }
  if (measure == Measure::risk_neutral) {
    check_risk_neutral(rule);
    x.array() -= log_mean_growth(x);
  }
  return x;
}

/// What gives log returns x the arithmetic mean that the rule wants.
double mean_shift(const SeriesRule& rule, const Eigen::VectorXd& x, const YieldCurve& initial, double step_years) {
  if (!rule.expected_return) return 0.0;
  const double cash = rule.excess ? cash_growth(initial, step_years) : 0.0;
  return std::log1p(*rule.expected_return) * step_years - cash - log_mean_growth(x);
}

/// Rows of shocks where there is no history at all: their moments are exact whatever the number.
constexpr Eigen::Index kAssumedPeriods = 1024;

double annual(double mean_gross, double step_years) { return std::pow(mean_gross, 1 / step_years) - 1; }

}  // namespace

World::World(const ScenarioParameters& parameters, const MarketHistory& history, const YieldCurve& initial,
             const std::vector<SeriesRule>& series)
    : parameters_(parameters),
      rules_(series),
      step_years_(1.0 / parameters.steps_per_year),
      measure_(parameters.measure),
      market_curve_(initial) {
  const bool risk_neutral = measure_ == Measure::risk_neutral;
  if (risk_neutral) check_risk_neutral(parameters, history, initial);
  if (!initial.empty()) {
    curve_ = make_curve_model(parameters, {history, initial, step_years_, measure_});
    const std::vector<double>& tenors = curve_->tenors();
    short_tenor_ = linear_weights(tenors, step_years_);
    bool simulated =
        std::any_of(tenors.begin(), tenors.end(), [this](double t) { return std::abs(t - step_years_) < 1e-9; });
    if (!initial.method().linear_flat() && !simulated) short_rate_ = rates_at({step_years_});
  }
  if (history.spreads.size() > 0) {
    spreads_ = std::make_unique<SpreadModel>(parameters.spreads, history.spread_names, history.spreads, step_years_);
  }
  if (history.inflation.size() > 0) {
    inflation_ = std::make_unique<InflationModel>(parameters.inflation, history.inflation, step_years_);
  }

  Eigen::Index components = curve_ ? curve_->innovations().cols() : 0;
  Eigen::Index periods = history.periods() > 0 ? history.periods() : components > 0 ? curve_->innovations().rows() : 0;
  const bool assumed = components > 0 && curve_->innovations().rows() == 0;
  if (assumed && periods == 0) periods = kAssumedPeriods;
  auto count = Eigen::Index(series.size());
  innovations_.series = int(count);
  innovations_.dates = history.dates;
  innovations_.step_years = step_years_;
  first_spread_ = std::size_t(count + components);
  innovations_.rows.resize(periods, count + components + Eigen::Index(spreads()) + (inflation_ ? 1 : 0));
  means_ = {"Annual arithmetic mean returns at today's short rate", {"series", "history", "simulated"}, {}};
  for (Eigen::Index i = 0; i < count; ++i) {
    const SeriesRule& rule = series[std::size_t(i)];
    Eigen::VectorXd log_return = series_log_returns(rule, history, initial, i, step_years_, measure_);
    innovations_.shift.push_back(mean_shift(rule, log_return, initial, step_years_));
    log_return.array() += innovations_.shift.back();
    const double history_mean = annual(1 + history.returns.col(i).mean(), step_years_),
                 cash = rule.excess ? std::exp(cash_growth(initial, step_years_)) : 1.0,
                 simulated_mean = annual(log_return.array().exp().mean() * cash, step_years_);
    means_.rows.push_back({rule.name, fmt::format("{:.4f}", history_mean), fmt::format("{:.4f}", simulated_mean)});
    innovations_.columns.push_back(rule.name);
    innovations_.excess.push_back(rule.excess);
    innovations_.constant.push_back(history.returns.col(i).maxCoeff() == history.returns.col(i).minCoeff());
    innovations_.rows.col(i) = log_return;
  }
  for (Eigen::Index k = 0; k < components; ++k) {
    innovations_.columns.push_back(curve_->columns()[std::size_t(k)]);
    if (!assumed) innovations_.rows.col(count + k) = curve_->innovations().col(k);
  }
  for (std::size_t k = 0; k < spreads(); ++k) {
    innovations_.columns.push_back("spread " + spreads_->names()[k]);
    innovations_.rows.col(Eigen::Index(first_spread_ + k)) = spreads_->innovations().col(Eigen::Index(k));
  }
  if (inflation_) {
    innovations_.columns.push_back("inflation");
    innovations_.rows.rightCols(1) = inflation_->innovations();
  }
  if (assumed) assume_curve_shocks(history);
  if (innovations_.rows.cols() > 0) model_ = make_model(parameters, innovations_);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::optional<double> promised = mean_growth(i);
    if (!promised) continue;
    if (series[i].expected_return) {
      throw key_error(series[i].key_path,
                      fmt::format("{} has the mean that the parameters of {} give it; leave out expected_return, or "
                                  "let the model keep the history's mean",
                                  series[i].name, name_of(parameters.model)));
    }
    means_.rows[i].back() = fmt::format(
        "{:.4f}",
        annual(*promised * (series[i].excess ? std::exp(cash_growth(initial, step_years_)) : 1.0), step_years_));
  }
  if (risk_neutral && model_ && !model_->normal()) {
    throw key_error("scenarios.measure",
                    fmt::format("risk_neutral needs normal innovations, and those of {} are not; choose model: normal",
                                name_of(parameters.model)));
  }
}

void World::assume_curve_shocks(const MarketHistory& history) {
  if (history.periods() == 0 && parameters_.model != ModelKind::normal) {
    throw key_error("scenarios.model",
                    fmt::format("{} draws from a history, and the study has none (its curve model's parameters are "
                                "given); choose model: normal",
                                name_of(parameters_.model)));
  }
  const auto first = Eigen::Index(series());
  const Eigen::Index count = curve_->innovations().cols(), after = innovations_.rows.cols() - first - count;
  Eigen::MatrixXd others(innovations_.rows.rows(), first + after);
  others << innovations_.rows.leftCols(first), innovations_.rows.rightCols(after);
  Eigen::MatrixXd shocks = assumed_shocks(others, count);
  const Eigen::VectorXd deviation = curve_->assumed_deviations();
  if (deviation.size() > 0) shocks *= deviation.asDiagonal();
  innovations_.rows.middleCols(first, count) = shocks;
}

YieldCurve World::initial_curve() const {
  if (!curve_) return {};
  const LaneArray start = curve_->start_curve(1);
  const bool linear = market_curve_.method().linear_flat();
  bool of_market = true;
  std::vector<double> at, rates;
  for (std::size_t i = 0; i < start.rows(); ++i) {
    const double tenor = tenors()[i], rate = start(i, 0);
    of_market = of_market && std::abs(rate - market_curve_.zero_rate(tenor)) < 1e-12;
    if (!linear && !(tenor > 0)) continue;  // other methods take none of 0
    at.push_back(tenor);
    rates.push_back(rate);
  }
  // By a method that is not linear the market's own curve, made of more tenors, would be another one between them.
  return of_market && !linear ? market_curve_ : YieldCurve(at, rates, market_curve_.method());
}

double World::initial_discount(double years) const {
  const std::optional<double> closed_form = curve_ ? curve_->closed_form_discount(years) : std::nullopt;
  return closed_form ? *closed_form : initial_curve().discount(years);
}

std::unique_ptr<World> World::risk_neutral_twin(const MarketHistory& history) const {
  if (!curve_moves()) return nullptr;
  ScenarioParameters p = parameters_;
  resolve(p);
  switch (p.curve_model) {
    case CurveModelKind::vasicek:
      p.vasicek.floor.reset();
      p.vasicek.initial_curve = InitialCurve::model;
      break;
    case CurveModelKind::cir:
      p.cir.floor.reset();
      p.cir.initial_curve = InitialCurve::model;
      break;
    case CurveModelKind::hull_white:
      p.hull_white.floor.reset();
      break;
    case CurveModelKind::g2pp:
      p.g2pp.floor.reset();
      break;
    default:
      return nullptr;
  }
  p.model = ModelKind::normal;
  p.normal = {};
  p.correlation = {};
  p.measure = Measure::risk_neutral;
  MarketHistory without_prices = history;
  without_prices.inflation.resize(0);
  return std::make_unique<World>(p, without_prices, initial_curve(), std::vector<SeriesRule>{});
}

const std::vector<double>& World::tenors() const {
  static const std::vector<double> none;
  return curve_ ? curve_->tenors() : none;
}

void World::resolve(ScenarioParameters& parameters) const {
  if (model_) model_->resolve(parameters);
  if (curve_) curve_->resolve(parameters);
  if (spreads_) spreads_->resolve(parameters.spreads);
  if (inflation_) inflation_->resolve(parameters.inflation);
}

std::vector<FitTable> World::fit_tables() const {
  std::vector<FitTable> tables;
  if (model_) tables = model_->fit_tables();
  if (!means_.rows.empty()) tables.push_back(means_);
  if (curve_) {
    for (FitTable& table : curve_->fit_tables()) tables.push_back(std::move(table));
  }
  if (spreads_) tables.push_back(spreads_->fit_table());
  if (inflation_) tables.push_back(inflation_->fit_table());
  return tables;
}

DrawLayout World::draw_layout(int steps) const {
  DrawLayout layout{.draws = draws_per_scenario(steps), .steps = steps};
  const std::uint64_t of_one = draws_per_scenario(1), of_two = draws_per_scenario(2);
  layout.per_step = of_two - of_one;
  layout.before_steps = of_one - layout.per_step;
  if (of_two < of_one || of_one < layout.per_step ||
      layout.draws != layout.before_steps + layout.per_step * std::uint64_t(steps)) {
    return {.draws = layout.draws};  // another pattern than so many a step
  }
  layout.normals_per_step = model_ ? model_->normal_draws_per_step() : 0;
  return layout;
}

WorldPath::WorldPath(const World& world, const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                     int steps)
    : world_(world),
      draws_(source, first_scenario, lanes, world.draw_layout(steps)),
      path_(world.model_ ? world.model_->start_growth(lanes) : nullptr),
      growth_drawn_(path_ != nullptr),
      curve_path_(world.curve_ ? world.curve_->start(lanes) : nullptr),
      spreads_(world.spreads_ ? std::make_unique<SpreadPath>(*world.spreads_, lanes) : nullptr),
      inflation_(world.inflation_ ? std::make_unique<InflationPath>(*world.inflation_, world.tenors(), lanes)
                                  : nullptr),
      moves_(std::size_t(world.innovations_.rows.cols()), lanes),
      before_(world.curve_ ? world.curve_->start_curve(lanes) : LaneArray(0, lanes)),
      now_(world.curve_ ? world.curve_->start_curve(lanes) : LaneArray(0, lanes)),
      cash_gross_(1, lanes),
      bank_account_(1, lanes),
      short_rate_growth_(1, lanes) {
  if (world.model_ && !path_) path_ = world.model_->start(lanes);
  std::fill_n(cash_gross_.row(0), cash_gross_.lanes(), 1.0);
  std::fill_n(bank_account_.row(0), bank_account_.lanes(), 1.0);
}

/// ln of what cash grows by over the step that begins now.
void WorldPath::set_short_rate_growth() {
  std::size_t lanes = cash_gross_.lanes();
  double *growth = short_rate_growth_.row(0), dt = world_.step_years();
  if (world_.short_rate_) {
    world_.short_rate_->evaluate(before_, short_rate_growth_);
    for (std::size_t lane = 0; lane < lanes; ++lane) growth[lane] *= dt;
    return;
  }
  const LinearWeights& tenor = world_.short_tenor_;
  const double* lower = before_.row(std::size_t(tenor.lower));
  const double* upper = tenor.weight_upper > 0 ? before_.row(std::size_t(tenor.lower) + 1) : lower;
  double wu = tenor.weight_upper * dt, wl = dt - wu;
  for (std::size_t lane = 0; lane < lanes; ++lane) growth[lane] = wl * lower[lane] + wu * upper[lane];
}

void WorldPath::step() {
  std::size_t lanes = cash_gross_.lanes();
  double* growth = short_rate_growth_.row(0);
  if (world_.has_curve()) {
    std::swap(before_, now_);
    set_short_rate_growth();
    exp_lanes(growth, cash_gross_.row(0), lanes);
    const double* cash = cash_gross_.row(0);
    double* account = bank_account_.row(0);
    for (std::size_t lane = 0; lane < lanes; ++lane) account[lane] *= cash[lane];
  }
  if (path_) path_->step(draws_, moves_);
  for (std::size_t i = 0; i < world_.series(); ++i) {
    double* gross = moves_.row(i);
    const bool excess = world_.rules_[i].excess;
    if (growth_drawn_) {
      const double* cash = cash_gross_.row(0);
      for (std::size_t lane = 0; excess && lane < lanes; ++lane) gross[lane] *= cash[lane];
    } else {
      for (std::size_t lane = 0; excess && lane < lanes; ++lane) gross[lane] += growth[lane];
      exp_lanes(gross, gross, lanes);
    }
  }
  if (world_.has_curve()) {
    if (curve_path_) {
      curve_path_->step(moves_, world_.series(), now_);
    } else {
      std::copy_n(before_.data(), before_.rows() * before_.lanes(), now_.data());
    }
  }
  if (spreads_) spreads_->step(moves_, world_.first_spread_);
  if (inflation_) inflation_->step(moves_.row(moves_.rows() - 1));
}

void WorldPath::log_return(std::size_t series, double* x) const {
  const std::size_t lanes = moves_.lanes();
  log_lanes(moves_.row(series), x, lanes);
  if (!world_.rules_[series].excess) return;
  const double* growth = short_rate_growth_.row(0);
  for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] -= growth[lane];
}

}  // namespace ballast
