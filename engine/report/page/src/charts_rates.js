// Durations, the yield curve, and other levels of the market.
import {fan} from './charts_time.js';
import {fixed, number, percent, tip} from './format.js';
import {band, base, line, pairs, xAxis, yAxis} from './plot.js';

const rate = (data, theme, quantity, title) => fan(data, theme, {quantity, title, format: percent, colour: theme.good, reference: 0});
export const short_rate = (data, theme) => rate(data, theme, 'short_rate', 'Zero rate, continuously compounded');
export const ten_year_rate = (data, theme) => rate(data, theme, 'ten_year_rate', 'Zero rate, continuously compounded');

/** A credit spread, or the price index: the quantity that the place asks for. */
export const market_level = (data, theme, width, {of}) => of === 'price_index' ?
  fan(data, theme, {quantity: of, title: 'Consumer prices, 1 today', format: (x, digits = 1) => fixed(x, digits), colour: theme.good}) :
  rate(data, theme, of, 'Spread over the zero rates, continuously compounded');

/** Key-rate durations of the liabilities and, where the study knows them, of the assets, and their gap: all in years of
 * the assets' present value, so that they can be subtracted. */
export function key_rates(data, theme) {
  const table = data.tables?.key_rates;
  if (!table) return null;
  const balance = data.tables.balance, scale = balance ? balance.liability_pv[0] / balance.assets[0] : 1;
  const total = table.liability.map((name, k) => k).filter(k => table.liability[k] === 'total');
  const nodes = total.map(k => table.key_rate[k]), liabilities = total.map(k => table.duration[k] * scale);
  const series = [{type: 'bar', name: 'liabilities', data: liabilities, color: theme.liability}];
  const legend = [{name: 'liabilities', colour: theme.liability, kind: 'box'}];
  const held = data.tables.asset_key_rates;
  if (held) {
    const of = data.tables.weights?.portfolio.includes('optimal') ? 'optimal' : 'current';
    const assets = nodes.map(node => held.duration[held.key_rate.indexOf(node)] ?? 0);
    series.unshift({type: 'bar', name: 'assets', data: assets, color: theme.portfolio(of)});
    legend.unshift({name: `assets, ${of} weights`, colour: theme.portfolio(of), kind: 'box'});
    series.push({type: 'bar', name: 'gap', data: assets.map((x, k) => x - liabilities[k]), color: theme.bad});
    legend.push({name: 'gap: assets less liabilities', colour: theme.bad, kind: 'box'});
  }
  return {
    y: 'Duration in years, in terms of the assets', legend,
    option: {...base(theme), series,
      xAxis: xAxis(theme, 'key rate (years)', {type: 'category', data: nodes.map(x => String(x))}),
      yAxis: yAxis(theme, number),
      tooltip: {...base(theme).tooltip, trigger: 'axis', axisPointer: {type: 'shadow'},
        formatter: at => tip(`${at[0].axisValue} years`, at.map(p => [p.seriesName, fixed(p.value, 3)]))}},
  };
}

/** The curve at one report time, which a slider below the chart chooses. */
export function curve_fan(data, theme, width, state) {
  const curves = data.curve_fan;
  if (!curves) return null;
  const {tenors} = curves, time = state.time ?? data.times.length - 1, values = curves.by_time[time], today = curves.by_time[0];
  const {bands, median} = pairs(data.quantiles), colour = theme.optimal;
  const series = bands.map(([low, high], k) =>
    band(tenors.map((t, i) => [t, values[low][i], values[high][i]]), colour, 0.14 + 0.08 * k));
  const at = list => tenors.map((t, i) => [t, list[i]]);
  series.push(line('median', at(values[median]), colour), line('today', at(today[median]), theme.fg, {lineStyle: {type: 'dashed', width: 1.5}}));
  const label = q => +(100 * q).toFixed(4) + '%';
  return {
    y: `Zero rate in year ${+data.times[time].toFixed(2)}`,
    legend: [...bands.map(([low, high], k) => ({name: `${label(data.quantiles[low])} to ${label(data.quantiles[high])}`, colour, kind: 'band', opacity: 0.25 + 0.2 * k})),
      {name: 'median', colour, kind: 'line'}, {name: 'today', colour: theme.fg, kind: 'dash'}],
    slider: {name: 'Year', values: data.times, key: 'time', at: time},
    option: {...base(theme), series,
      xAxis: xAxis(theme, 'time to maturity (years)', {min: 0, max: tenors.at(-1)}),
      yAxis: yAxis(theme, x => percent(x), {scale: true}),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: p => {
        const i = tenors.findIndex(t => t === p[0].value[0]);
        return i < 0 ? '' : tip(`${tenors[i]} years`, [...data.quantiles.map((q, k) => [label(q), percent(values[k][i], 2)]).reverse(),
          ['today', percent(today[median][i], 2)]]);
      }}},
  };
}
