// Weights and the efficient frontier.
import {bars} from './charts_risk.js';
import {percent, percentTicks, short, tip} from './format.js';
import {base, line, names, xAxis, yAxis} from './plot.js';

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
    x: 'share of the assets', format: x => percent(x, x !== 0 && Math.abs(x) < 0.1 ? 1 : 0),
    series: portfolios.map(name => ({name: names[name], color: theme.portfolio(name), data: assets.map(a => of[name].get(a))})),
    legend: portfolios.map(name => ({name: names[name], colour: theme.portfolio(name), kind: 'box'})),
    tooltip: at => tip(at[0].name, at.map(p => [p.seriesName, percent(p.value, 2)]))});
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
  const fresh = table.fresh_cvar.map((x, k) => [x, table.expected_return[k], table.fresh_cvar_standard_error[k]])
    .filter(row => Number.isFinite(row[0]));
  const series = [line('frontier, in sample', points, theme.optimal, {symbol: 'circle', symbolSize: 7})];
  const legend = [{name: 'in sample, certified', colour: theme.optimal, kind: 'line'}];
  if (fresh.length) {
    series.push({type: 'custom', name: 'fresh scenarios', data: fresh, encode: {x: 0, y: 1}, z: 2,
      renderItem(params, api) {
        const x = api.value(0), y = api.value(1), e = 2 * api.value(2);
        const [left, top] = api.coord([x - e, y]), [right] = api.coord([x + e, y]), [middle] = api.coord([x, y]);
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
  const xs = [...points, ...fresh].map(p => p[0]), range = Math.max(...xs) - Math.min(...xs);
  return {
    y: 'Expected return over the horizon', legend,
    option: {...base(theme), series,
      xAxis: xAxis(theme, `CVaR of ${data.losses?.[0]?.of || 'return'}, share of assets`,
        {scale: true, axisLabel: {formatter: percentTicks(range)}}),
      yAxis: yAxis(theme, x => percent(x), {scale: true}),
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: p => tip(p.seriesName,
        [['CVaR', percent(p.value[0], 2)], ['expected return', percent(p.value[1], 2)]])}},
  };
}

export function frontier_weights(data, theme) {
  const table = data.tables?.frontier_weights, points = data.tables?.frontier;
  if (!table || !points) return null;
  const all = new Map(data.assets.map(asset => [asset, new Array(points.point.length).fill(0)]));
  table.point.forEach((point, k) => { all.get(table.asset[k])[point] = table.weight[k]; });
  let rows = [...all].filter(([, w]) => w.some(x => Math.abs(x) > 5e-4));
  const peak = w => Math.max(...w.map(Math.abs));
  if (rows.length > 12) {
    const largest = rows.slice().sort((a, b) => peak(b[1]) - peak(a[1])).slice(0, 11), kept = new Set(largest.map(r => r[0]));
    const rest = points.point.map((_, p) => rows.reduce((sum, [name, w]) => sum + (kept.has(name) ? 0 : w[p]), 0));
    rows = [...rows.filter(r => kept.has(r[0])), ['all others', rest]];
  }
  const colour = name => name === 'all others' ? theme.muted : theme.asset(data.assets.indexOf(name));
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
