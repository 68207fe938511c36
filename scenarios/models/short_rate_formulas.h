#pragma once

namespace ballast {

// Closed forms of the short-rate models, in the notation of Brigo & Mercurio (2006), "Interest Rate Models - Theory and
// Practice". Rates are continuous, times in years, all under the risk-neutral measure. Every function throws
// std::invalid_argument for parameters outside the stated ranges.

/// dr = a (b - r) dt + sigma dW. Price of 1 paid in tau >= 0 years (section 3.2.1). a > 0, sigma >= 0.
double vasicek_zero_coupon(double a, double b, double sigma, double r, double tau);

/// dr = a (b - r) dt + sigma sqrt(r) dW (Cox, Ingersoll & Ross 1985; section 3.2.3), whether 2 a b > sigma^2 (Feller)
/// or not. a > 0, b >= 0, sigma > 0, r >= 0.
double cir_zero_coupon(double a, double b, double sigma, double r, double tau);

/// -ln of the CIR price is log_constant + loading r.
struct CirBond {
  double log_constant, loading;
};
CirBond cir_bond(double a, double b, double sigma, double tau);

/// Hull & White (1990) one factor: price of a European option, expiry T, on a zero-coupon bond of maturity S >= T with
/// strike K (section 3.3.2). discount_t = P(0,T), discount_s = P(0,S).
double hull_white_zero_coupon_option(double a, double sigma, double discount_t, double discount_s, double expiry,
                                     double maturity, double strike, bool call);

/// G2++: the same option (theorem 4.2.4). rho in [-1, 1].
double g2pp_zero_coupon_option(double a, double sigma, double b, double eta, double rho, double discount_t,
                               double discount_s, double expiry, double maturity, double strike, bool call);

}  // namespace ballast
