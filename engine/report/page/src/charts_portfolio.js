// Weights and the efficient frontier.
import {bars} from './charts_bars.js';
import {percent, percentTicks, short, tip} from './format.js';
import {base, line, names, sideways, timeAxis, xAxis, yAxis} from './plot.js';

const most = 40;

export function weights(data, theme, width) {
  const table = data.tables?.weights;
  if (!table) return null;
  const portfolios = [...new Set(table.portfolio)], of = {};
  table.asset.forEach((asset, k) => ((of[table.portfolio[k]] ||= new Map()).set(asset, table.weight[k])));
  let assets = data.assets;
  const size = asset => Math.max(...portfolios.map(p => Math.abs(of[p].get(asset) || 0)));
  if (assets.length > most) assets = assets.slice().sort((a, b) => size(b) - size(a)).slice(0, most);
  return bars(theme, {rows: assets, width, title: data.assets.length > most ? `The ${most} largest of ${data.assets.length}` : '',
    x: 'share of the assets', format: (x, digits = x !== 0 && Math.abs(x) < 0.1 ? 1 : 0) => percent(x, digits),
    series: portfolios.map(name => ({name: names[name], color: theme.portfolio(name), data: assets.map(a => of[name].get(a))})),
    legend: portfolios.map(name => ({name: names[name], colour: theme.portfolio(name), kind: 'box'}))});
}

/** [CVaR, expected return] of a portfolio on the fresh scenarios. */
function place(data, portfolio) {
  const of = data.losses?.[0]?.of, risk = data.tables.risk, held = data.tables.portfolios;
  const r = risk?.of.findIndex((x, k) => x === of && risk.portfolio[k] === portfolio) ?? -1;
  const p = held?.portfolio.indexOf(portfolio) ?? -1;
  return r >= 0 && p >= 0 ? [risk.cvar[r], held.expected_return[p]] : null;
}

export function frontier(data, theme) {
  const table = data.tables?.frontier;
  if (!table) return null;
  const points = table.cvar.map((x, k) => [x, table.expected_return[k]]);
  const fresh = table.fresh_cvar.map((x, k) => [x, table.expected_return[k], 2 * table.fresh_cvar_standard_error[k]])
    .filter(row => Number.isFinite(row[0])).map(([x, y, error]) => [x, y, x - error, x + error]);
  const series = [line('frontier, in sample', points, theme.optimal, {symbol: 'circle', symbolSize: 7})];
  const certified = table.lower_bound.every(Number.isFinite);
  const legend = [{name: certified ? 'in sample, certified' : 'in sample', colour: theme.optimal, kind: 'line'}];
  const resampled = points.map(([, y], k) => [y, table.cvar_low?.[k], table.cvar_high?.[k]]).filter(row => row.every(Number.isFinite));
  if (resampled.length > 1) {
    series.push(sideways(resampled, theme.optimal, 0.2));
    legend.push({name: 'nine in ten resamples', colour: theme.optimal, kind: 'band', opacity: 0.3});
  }
  if (fresh.length) {
    series.push({type: 'custom', name: 'fresh scenarios', data: fresh, encode: {x: [0, 2, 3], y: 1}, z: 2,
      renderItem(params, api) {
        const [x, y, low, high] = fresh[params.dataIndex];
        const [left, top] = api.coord([low, y]), [right] = api.coord([high, y]), [middle] = api.coord([x, y]);
        const style = {stroke: theme.muted, lineWidth: 1.5, fill: theme.bg};
        return {type: 'group', children: [
          {type: 'line', shape: {x1: left, y1: top, x2: right, y2: top}, style},
          {type: 'circle', shape: {cx: middle, cy: top, r: 3.5}, style}]};
      }});
    legend.push({name: 'on fresh scenarios, ± 2 standard errors', colour: theme.muted, kind: 'dot'});
  }
  ['optimal', 'current'].forEach(name => {
    const at = place(data, name);
    if (!at) return;
    series.push({type: 'scatter', name: names[name], data: [at], symbol: name === 'optimal' ? 'diamond' : 'rect', symbolSize: 13,
      color: theme.portfolio(name), z: 4, itemStyle: {borderColor: theme.bg, borderWidth: 1.5, opacity: 1}});
    legend.push({name: names[name] + ' (fresh)', colour: theme.portfolio(name), kind: name === 'optimal' ? 'diamond' : 'box'});
  });
  const xs = [...points, ...fresh, ...resampled.map(row => [row[1]]), ...resampled.map(row => [row[2]])].map(p => p[0]), range = Math.max(...xs) - Math.min(...xs);
  return {
    y: 'Expected return over the horizon', legend,
    option: {...base(theme), series,
      xAxis: xAxis(theme, `CVaR of the ${data.losses?.[0]?.of === 'surplus' ? 'deficit' : 'loss of value'}, share of the assets`,
        {scale: true, axisLabel: {formatter: percentTicks(range)}}),
      yAxis: yAxis(theme, x => percent(x), {scale: true}),
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: p => tip(p.seriesName,
        [['CVaR', percent(p.value[0], 2)], ['expected return', percent(p.value[1], 2)]])}},
  };
}

const others = 'all others';
/** At most twelve of [name, weights], the smallest together. */
function largest(rows) {
  if (rows.length <= 12) return rows;
  const peak = w => Math.max(...w.map(Math.abs));
  const kept = new Set(rows.slice().sort((a, b) => peak(b[1]) - peak(a[1])).slice(0, 11).map(row => row[0]));
  const rest = rows[0][1].map((_, p) => rows.reduce((sum, [name, w]) => sum + (kept.has(name) ? 0 : w[p]), 0));
  return [...rows.filter(row => kept.has(row[0])), [others, rest]];
}

/** Weights that hold from each change on: steps, stacked. */
export function policy_weights(data, theme) {
  const table = data.tables?.policy;
  if (!table) return null;
  const from = [...new Set(table.from_years)], end = data.times.at(-1) || from.at(-1) + 1, at = new Map(from.map((t, k) => [t, k]));
  const all = new Map(data.assets.map(asset => [asset, new Array(from.length).fill(0)]));
  table.from_years.forEach((t, k) => { all.get(table.asset[k])[at.get(t)] = table.weight[k]; });
  const rows = largest([...all].filter(([, w]) => w.some(x => Math.abs(x) > 5e-4)));
  const colour = name => name === others ? theme.muted : theme.asset(data.assets.indexOf(name));
  const steps = w => [...from.flatMap((t, k) => [[t, w[k]], [from[k + 1] ?? end, w[k]]])];
  return {
    y: 'Share of the assets', legend: rows.map(([name]) => ({name: short(name), colour: colour(name), kind: 'box'})),
    option: {...base(theme),
      xAxis: timeAxis(theme, [end]),
      yAxis: yAxis(theme, x => percent(x, 0), {max: rows.every(([, w]) => w.every(x => x >= -1e-9)) ? 1 : undefined}),
      series: rows.map(([name, w]) => ({type: 'line', name, stack: 'all', stackStrategy: 'samesign', symbol: 'none', data: steps(w),
        color: colour(name), lineStyle: {width: 0}, areaStyle: {color: colour(name), opacity: 0.9}})),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: p => {
        const k = from.findLastIndex(t => t <= p[0].value[0] + 1e-9);
        return tip(`From year ${+from[k].toFixed(2)}`, rows.map(([name, w]) => [name, percent(w[k], 2)]).reverse());
      }}},
  };
}

export function frontier_weights(data, theme) {
  const table = data.tables?.frontier_weights, points = data.tables?.frontier;
  if (!table || !points) return null;
  const all = new Map(data.assets.map(asset => [asset, new Array(points.point.length).fill(0)]));
  table.point.forEach((point, k) => { all.get(table.asset[k])[point] = table.weight[k]; });
  let rows = [...all].filter(([, w]) => w.some(x => Math.abs(x) > 5e-4));
  rows = largest(rows);
  const colour = name => name === others ? theme.muted : theme.asset(data.assets.indexOf(name));
  return {
    y: 'Share of the assets',
    legend: rows.map(([name]) => ({name: short(name), colour: colour(name), kind: 'box'})),
    option: {...base(theme),
      xAxis: xAxis(theme, 'expected return over the horizon', {type: 'category', boundaryGap: points.point.length === 1,
        data: points.expected_return.map(x => percent(x, 2))}),
      yAxis: yAxis(theme, x => percent(x, 0), {max: rows.every(([, w]) => w.every(x => x >= -1e-9)) ? 1 : undefined}),
      series: rows.map(([name, w]) => ({type: 'line', name, stack: 'all', stackStrategy: 'samesign', symbol: 'none', data: w,
        color: colour(name), lineStyle: {width: 0}, areaStyle: {color: colour(name), opacity: 0.9}})),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: at => tip(`Expected return ${at[0].axisValue}`,
        at.map(p => [p.seriesName, percent(p.value, 2)]).reverse())}},
  };
}
