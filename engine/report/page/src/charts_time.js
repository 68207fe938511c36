// Quantities over time: fans of quantiles, probability of shortfall, cash flows.
import {money, percent, percentTicks, short, tip} from './format.js';
import {band, base, level, line, names, pairs, timeAxis, xAxis, yAxis} from './plot.js';

const zip = (xs, ys) => xs.map((x, k) => [x, ys[k]]);
const label = q => +(100 * q).toFixed(4) + '%';

/** A fan of one portfolio's quantity, with another portfolio's median and 5% quantile as lines. format(x, digits): digits
 * as the axis needs them when left out. */
export function fan(data, theme, {quantity, title, colour, format, reference, portfolios = ['optimal', 'current', 'all']}) {
  const of = portfolios.filter(name => data.fans?.[name]?.[quantity]);
  if (!of.length || !data.quantiles.length) return null;
  const values = data.fans[of[0]][quantity], {bands, median} = pairs(data.quantiles), times = data.times;
  const fill = colour || theme.portfolio(of[0]);
  const series = bands.map(([low, high], k) =>
    band(times.map((t, i) => [t, values[low][i], values[high][i]]), fill, 0.14 + 0.08 * k));
  series.push(line('median', zip(times, values[median]), fill));
  const legend = bands.map(([low, high], k) => (
    {name: `${label(data.quantiles[low])} to ${label(data.quantiles[high])}`, colour: fill, kind: 'band', opacity: 0.25 + 0.2 * k}));
  legend.push({name: `median${of.length && !colour ? ', ' + names[of[0]] : ''}`, colour: fill, kind: 'line'});
  const other = of[1] && of[1] !== 'all' && data.fans[of[1]][quantity], low = bands[Math.min(1, bands.length - 1)][0];
  if (other) {
    const dashes = {lineStyle: {type: 'dashed', width: 1.5}}, second = theme.portfolio(of[1]);
    series.push(line('other median', zip(times, other[median]), second, dashes));
    series.push(line('other low', zip(times, other[low]), second, dashes));
    legend.push({name: `median and ${label(data.quantiles[low])}, ${names[of[1]]}`, colour: second, kind: 'dash'});
  }
  const drawn = [values, other].flatMap(fans => fans ? bands.flatMap(pair => pair.map(q => fans[q])) : []).flat().filter(Number.isFinite);
  if (Math.min(...drawn) < reference && Math.max(...drawn) > reference) series.push(level(reference, theme.bad));
  return {
    y: title, legend, option: {...base(theme),
      xAxis: timeAxis(theme, times),
      yAxis: yAxis(theme, format, {scale: true}), series,
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: at => {
        const i = times.findIndex(t => t === at[0].value[0]);
        if (i < 0) return '';
        const rows = data.quantiles.map((q, k) => [label(q), format(values[k][i], 2)]).reverse();
        if (other) rows.push([`median, ${of[1]}`, format(other[median][i], 2)]);
        return tip(`Year ${+times[i].toFixed(2)}`, rows);
      }}},
  };
}

const ratio = {quantity: 'funding_ratio', title: 'Assets / liabilities', format: (x, digits = 0) => percent(x, digits), reference: 1};
export const funding_ratio = (data, theme) => fan(data, theme, ratio);
export const policy_funding_ratio = (data, theme) => fan(data, theme, {...ratio, portfolios: ['policy', 'optimal', 'current']});
export const surplus = (data, theme) =>
  fan(data, theme, {quantity: 'surplus', title: 'Currency of the cash flows', format: money, reference: 0});
export const assets_value = (data, theme) =>
  fan(data, theme, {quantity: 'assets_value', title: 'Currency of the cash flows', format: money});
export const liability_pv = (data, theme) => fan(data, theme,
  {quantity: 'liability_pv', title: 'Currency of the cash flows', format: money, colour: theme.liability});

function shortfallOf(data, theme, portfolios) {
  const means = data.shortfall_probability?.mean, errors = data.shortfall_probability?.standard_error;
  const of = portfolios.filter(name => means?.[name]);
  if (!of.length) return null;
  const series = of.flatMap(name => {
    const error = errors[name] || [];
    return [band(means[name].map((p, i) => [data.times[i], p - 2 * (error[i] || 0), p + 2 * (error[i] || 0)]),
      theme.portfolio(name), 0.2), line(name, zip(data.times, means[name]), theme.portfolio(name))];
  });
  const most = Math.max(...of.flatMap(name => means[name]));
  return {
    y: 'Share of scenarios',
    legend: of.map(name => ({name: names[name], colour: theme.portfolio(name), kind: 'line'})),
    option: {...base(theme), series,
      xAxis: timeAxis(theme, data.times),
      yAxis: yAxis(theme, percentTicks(most || 0.1), {min: 0, max: most > 0 ? undefined : 0.05}),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: at => {
        const i = data.times.findIndex(t => t === at[0].value[0]);
        return tip(`Year ${+data.times[i].toFixed(2)}`, of.map(name =>
          [names[name], `${percent(means[name][i], 2)} ± ${percent(errors[name]?.[i], 2)}`]));
      }}},
  };
}

export const shortfall = (data, theme) => shortfallOf(data, theme, ['optimal', 'current']);
export const policy_shortfall = (data, theme) => shortfallOf(data, theme, ['policy', 'optimal', 'current']);

/** Amounts by whole year: rows of {name, time, amount} become one list a name. */
function byYear(flows, years) {
  const all = new Map();
  flows.forEach(({name, time, amount}) => {
    if (!all.has(name)) all.set(name, new Array(years).fill(0));
    all.get(name)[Math.min(years - 1, Math.floor(time - 1e-9))] += amount;
  });
  return all;
}

const others = 'all others';
/** At most eight of [name, amounts], the last ones in one. */
const together = flows => flows.length <= 8 ? flows : [...flows.slice(0, 7),
  [others, flows[0][1].map((_, year) => flows.slice(7).reduce((sum, [, amounts]) => sum + amounts[year], 0))]];

export function cash_flows(data, theme) {
  const table = data.tables?.cash_flows, assets = data.tables?.asset_cash_flows;
  if (!table) return null;
  const rows = (t, key) => t.time.map((time, k) => ({name: t[key][k], time: Math.max(time, 1e-9), amount: t.amount[k], portfolio: t.portfolio?.[k]}));
  const liabilities = rows(table, 'liability');
  const first = assets && (assets.portfolio.includes('optimal') ? 'optimal' : 'current');
  const held = assets ? rows(assets, 'asset').filter(row => row.portfolio === first) : [];
  const years = Math.ceil(Math.max(...liabilities.map(r => r.time), ...held.map(r => r.time), 1));
  const stacks = [
    {flows: byYear(held, years), sign: 1, name: 'assets', colour: of => of === others ? theme.muted : theme.asset(data.assets.indexOf(of))},
    {flows: byYear(liabilities, years), sign: -1, name: 'liabilities', colour: () => theme.liability, fade: k => Math.max(0.25, 1 - 0.2 * k)},
  ];
  const series = [], legend = [];
  stacks.forEach(({flows, sign, name, colour, fade = () => 1}) => together([...flows]).forEach(([of, amounts], k) => {
    series.push({type: 'bar', name: of, stack: 'all', data: amounts.map(x => sign * x), color: colour(of), itemStyle: {opacity: fade(k)}, barCategoryGap: '15%'});
    legend.push({name: `${short(of)} (${name})`, colour: colour(of), kind: 'box', opacity: fade(k)});
  }));
  return {
    y: held.length ? 'Received (+) and paid (−), currency' : 'Paid (−), currency', legend,
    option: {...base(theme), series,
      xAxis: xAxis(theme, 'years from now', {type: 'category', data: Array.from({length: years}, (_, k) => k + 1)}),
      yAxis: yAxis(theme, money),
      tooltip: {...base(theme).tooltip, trigger: 'axis', axisPointer: {type: 'shadow'},
        formatter: at => tip(`In year ${at[0].axisValue}`, at.filter(p => p.value).map(p => [p.seriesName, money(p.value)]))}},
  };
}
