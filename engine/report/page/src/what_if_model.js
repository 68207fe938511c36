// The arithmetic of the sliders, apart from the page. Formulas: engine/report/report_sample.h.

function decode({low, step, bytes, data}, rows) {
  const raw = atob(data), values = new Float64Array(rows);
  for (let s = 0, at = 0; s < rows; ++s) {
    let whole = 0;
    for (let b = 0, place = 1; b < bytes; ++b, place *= 256) whole += raw.charCodeAt(at++) * place;
    values[s] = low + step * whole;
  }
  return values;
}

/** The scenarios as the page carries them, ready to compute on. */
export function decodeSample(data) {
  const rows = data.scenarios;
  return {
    rows,
    assetReturn: data.asset_return.map(column => decode(column, rows)),
    liability: data.liability && decode(data.liability, rows),
    probability: data.probability && decode(data.probability, rows),
    fundingRatio: data.funding_ratio,
    tolerance: data.tolerance,
  };
}

/** VaR: the least x with P(loss <= x) >= confidence; CVaR splits the atom at VaR (Rockafellar & Uryasev 2002). */
export function tail(losses, confidence, probability) {
  const n = losses.length, depth = 1 - confidence;
  if (!probability) {
    const sorted = Float64Array.from(losses).sort();
    const at = Math.min(n - 1, Math.max(0, Math.ceil(confidence * n - 1e-9) - 1)), valueAtRisk = sorted[at];
    let excess = 0;
    for (let k = n - 1; k > at; --k) excess += sorted[k] - valueAtRisk;
    return {var: valueAtRisk, cvar: valueAtRisk + excess / n / depth};
  }
  const order = Uint32Array.from(losses, (_, k) => k).sort((a, b) => losses[b] - losses[a]);
  let total = 0, above = 0, k = 0, excess = 0;
  for (const p of probability) total += p;
  while (k < n - 1 && above + probability[order[k]] / total <= depth * (1 - 1e-12)) above += probability[order[k++]] / total;
  const valueAtRisk = losses[order[k]];
  for (let j = 0; j < k; ++j) excess += probability[order[j]] / total * (losses[order[j]] - valueAtRisk);
  return {var: valueAtRisk, cvar: valueAtRisk + excess / depth};
}

/** What the engine would say of these weights on the sample. stress: {asset_change, liability_factor}. */
export function measure(sample, {weights, confidence, fundingRatio, stress}) {
  const {rows, assetReturn, liability, probability} = sample;
  const assets = new Float64Array(rows);
  let now = 0;
  weights.forEach((w, i) => {
    const held = w * (1 + stress.asset_change[i]), column = assetReturn[i];
    now += held;
    if (held !== 0) for (let s = 0; s < rows; ++s) assets[s] += held * column[s];
  });
  const returnLoss = new Float64Array(rows);
  let mean = 0, total = 0;
  for (let s = 0; s < rows; ++s) {
    const p = probability ? probability[s] : 1;
    assets[s] += now;
    returnLoss[s] = 1 - assets[s];
    mean += p * (assets[s] - 1);
    total += p;
  }
  const ofReturn = tail(returnLoss, confidence, probability);
  const found = {expected_return: mean / total, return_var: ofReturn.var, return_cvar: ofReturn.cvar, loss: returnLoss};
  if (!liability) return found;
  const scale = stress.liability_factor * sample.fundingRatio / fundingRatio, surplusLoss = new Float64Array(rows);
  let shortfall = 0;
  for (let s = 0; s < rows; ++s) {
    surplusLoss[s] = liability[s] * scale - assets[s];
    if (surplusLoss[s] > sample.tolerance) shortfall += probability ? probability[s] : 1;
  }
  const ofSurplus = tail(surplusLoss, confidence, probability);
  return {...found, surplus_var: ofSurplus.var, surplus_cvar: ofSurplus.cvar, loss: surplusLoss,
    funding_ratio: fundingRatio * now / stress.liability_factor, shortfall_probability: shortfall / total};
}

/** Weights after asset i moves to `value`: the free others keep their proportions and take up the rest. */
export function moved(weights, held, i, value) {
  const free = weights.map((_, k) => k).filter(k => k !== i && !held[k]);
  if (!free.length) return weights.slice();
  const fixed = weights.reduce((sum, w, k) => sum + (k !== i && held[k] ? w : 0), 0);
  const longOnly = weights.every(w => w >= 0), target = longOnly ? Math.min(value, Math.max(0, 1 - fixed)) : value;
  const rest = 1 - fixed - target, sum = free.reduce((total, k) => total + weights[k], 0), next = weights.slice();
  next[i] = target;
  free.forEach(k => { next[k] = Math.abs(sum) > 1e-12 ? weights[k] * rest / sum : rest / free.length; });
  return next;
}

const plainName = /^[A-Za-z][A-Za-z0-9_.-]*$/, reserved = /^(null|true|false|yes|no|on|off|y|n|nan|inf)$/i;

/**
 * The section `balance` of the study, with these weights and this funding ratio in place of its own; lines: what stays.
 * Rounded to six digits; the largest weight takes up what rounding left.
 */
export function yamlOf(assets, weights, {fundingRatio, lines = []}) {
  const rounded = weights.map(w => Math.round(w * 1e6));
  const largest = rounded.indexOf(Math.max(...rounded));
  rounded[largest] += 1e6 - rounded.reduce((a, b) => a + b, 0);
  const key = name => plainName.test(name) && !reserved.test(name) ? name : JSON.stringify(name);
  return 'balance:\n' + (fundingRatio ? `  funding_ratio: ${+fundingRatio.toPrecision(12)}\n` : '') +
    '  current:\n' + assets.map((name, k) => `    ${key(name)}: ${rounded[k] / 1e6}\n`).join('') + lines.map(line => line + '\n').join('');
}

/** Shares of the losses in equal bins, for the chart. */
export function histogram(losses, probability, count = 60) {
  const sorted = Float64Array.from(losses).sort(), beyond = Math.floor(sorted.length * 0.0005);
  let low = sorted[beyond], high = sorted[sorted.length - 1 - beyond];
  if (!(high > low)) [low, high] = [low - 0.01, low + 0.01];
  const width = (high - low) / count, share = new Array(count).fill(0);
  let total = 0;
  for (let s = 0; s < losses.length; ++s) {
    const p = probability ? probability[s] : 1;
    share[Math.min(count - 1, Math.max(0, Math.floor((losses[s] - low) / width)))] += p;
    total += p;
  }
  return {low, width, share: share.map(x => x / total)};
}
