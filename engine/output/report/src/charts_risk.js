// Distributions of losses, their tails, contributions, and how the numbers settle.
import {count, elided, percent, percentTicks, short, tip} from './format.js';
import {band, base, bins, line, names, outline, rule, xAxis, yAxis} from './plot.js';

function losses(data, theme, of) {
  const all = (data.losses || []).filter(one => one.of === of);
  const main = all.find(one => one.portfolio === 'optimal') || all[0];
  if (!main) return null;
  const table = data.tables.risk;
  const row = portfolio => table.of.findIndex((x, k) => x === of && table.portfolio[k] === portfolio);
  const at = row(main.portfolio), colour = theme.portfolio(main.portfolio), h = main.histogram;
  const tail = at >= 0 ? table.var[at] : Infinity;
  const series = [bins(h, x => x > tail ? theme.bad : colour)];
  const legend = [{name: `${names[main.portfolio]}`, colour, kind: 'box'}];
  const other = all.find(one => one !== main);
  if (other) {
    // On the same scale: a share a bin depends on the bin's width.
    const scale = h.width / other.histogram.width;
    series.push(line('current', outline(other.histogram).map(([x, y]) => [x, y * scale]), theme.current,
      {lineStyle: {width: 1.5}, silent: true}));
    legend.push({name: names[other.portfolio], colour: theme.current, kind: 'line'});
  }
  if (at >= 0) {
    series.push(rule(table.var[at], theme.fg, true), rule(table.cvar[at], theme.bad, false));
    const level = +(100 * (1 - table.confidence[at])).toFixed(4);
    legend.push({name: `${level}% VaR ${percent(table.var[at], 2)}`, colour: theme.fg, kind: 'dash'});
    legend.push({name: `${level}% CVaR ${percent(table.cvar[at], 2)}, mean of the tail`, colour: theme.bad, kind: 'line'});
  }
  const range = h.width * h.share.length, most = Math.max(...h.share);
  const low = Math.min(h.low, other ? other.histogram.low : h.low);
  const high = Math.max(h.low + range, other ? other.histogram.low + other.histogram.width * other.histogram.share.length : 0);
  return {
    y: 'Share of scenarios', legend,
    option: {...base(theme), series,
      xAxis: xAxis(theme, 'loss, share of the assets now', {min: low, max: high,
        axisLabel: {formatter: percentTicks(high - low), showMinLabel: false, showMaxLabel: false}}),
      yAxis: yAxis(theme, percentTicks(most)),
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: p => p.value.length === 3 ?
        tip(`Loss ${percent(p.value[0])} to ${percent(p.value[1])}`, [['share of scenarios', percent(p.value[2], 2)]]) : ''}},
  };
}

export const loss_surplus = (data, theme) => losses(data, theme, 'surplus');
export const loss_return = (data, theme) => losses(data, theme, 'return');

export function convergence(data, theme) {
  const of = data.losses?.[0]?.of, all = (data.losses || []).filter(one => one.of === of && one.convergence.scenarios.length);
  if (!all.length) return null;
  const series = all.flatMap(({portfolio, convergence: c}) => {
    const colour = theme.portfolio(portfolio);
    return [band(c.scenarios.map((n, k) => [n, c.cvar[k] - 2 * c.standard_error[k], c.cvar[k] + 2 * c.standard_error[k]]), colour, 0.2),
      line(portfolio, c.scenarios.map((n, k) => [n, c.cvar[k]]), colour, {symbol: 'circle', symbolSize: 4})];
  });
  return {
    y: `CVaR of the loss of ${of}`,
    legend: all.map(({portfolio}) => ({name: names[portfolio], colour: theme.portfolio(portfolio), kind: 'line'})),
    option: {...base(theme), series,
      xAxis: xAxis(theme, 'scenarios (logarithmic)', {type: 'log', min: all[0].convergence.scenarios[0],
        max: all[0].convergence.scenarios.at(-1), axisLabel: {formatter: count}}),
      yAxis: yAxis(theme, x => percent(x), {scale: true}),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: at => {
        const k = at[0].dataIndex;
        return tip(`${count(all[0].convergence.scenarios[k])} scenarios`, all.map(({portfolio, convergence: c}) =>
          [names[portfolio], `${percent(c.cvar[k], 2)} ± ${percent(c.standard_error[k], 2)}`]));
      }}},
  };
}

/** Horizontal bars, one group a name; for two portfolios at most. */
export function bars(theme, {rows, series, format, x, title, legend, width, tooltip}) {
  const wide = width > 500 ? 190 : Math.max(90, width * 0.4);
  const label = name => elided(name, wide / 6.6);
  return {
    y: title, legend, height: Math.max(180, rows.length * (series.length > 1 ? 30 : 22) + 60),
    option: {...base(theme),
      xAxis: xAxis(theme, x, {axisLabel: {formatter: format}, splitLine: {show: true}, splitNumber: width > 500 ? 6 : 3}),
      yAxis: {...yAxis(theme), type: 'category', data: rows, inverse: true, splitLine: {show: false},
        axisLabel: {color: theme.fg, formatter: label, interval: 0}},
      series: series.map(one => ({type: 'bar', barMaxWidth: 16, barGap: '10%', ...one})),
      tooltip: {...base(theme).tooltip, trigger: 'axis', axisPointer: {type: 'shadow'}, formatter: tooltip ||
        (at => tip(at[0].name, at.map(p => [p.seriesName, format(p.value, 2)])))}},
  };
}

export function contributions(data, theme, width) {
  const of = data.losses?.[0]?.of, all = (data.losses || []).filter(one => one.of === of);
  if (!all.length) return null;
  const rows = data.assets.map((name, k) => ({name, parts: all.map(one => one.contributions.assets[k])}));
  if (all[0].contributions.liabilities !== null) rows.push({name: 'liabilities', parts: all.map(one => one.contributions.liabilities)});
  const size = row => Math.max(...row.parts.map(Math.abs));
  const shown = rows.length > 40 ? rows.slice().sort((a, b) => size(b) - size(a)).slice(0, 40) : rows;
  return bars(theme, {rows: shown.map(row => row.name), width, x: `part of the CVaR of ${of}`, format: percent,
    title: shown.length < rows.length ? `The ${shown.length} largest of ${rows.length}` : '',
    series: all.map((one, k) => ({name: names[one.portfolio], color: theme.portfolio(one.portfolio), data: shown.map(row => row.parts[k])})),
    legend: all.map(one => ({name: names[one.portfolio], colour: theme.portfolio(one.portfolio), kind: 'box'}))});
}

export function validation(data, theme, width) {
  const table = data.tables?.validation;
  if (!table) return null;
  const order = table.z.map((z, k) => k).filter(k => Number.isFinite(table.z[k]))
    .sort((a, b) => Math.abs(table.z[b]) - Math.abs(table.z[a])).slice(0, 30);
  const chart = bars(theme, {rows: order.map(k => `${short(table.of[k], 30)} ${table.statistic[k]}`), width, format: x => x.toFixed(1),
    x: 'z', title: '',
    series: [{name: 'z', data: order.map(k => ({value: table.z[k], itemStyle: {color: table.pass[k] ? theme.good : theme.bad}}))}],
    legend: [{name: 'within the stated level', colour: theme.good, kind: 'box'}, {name: 'outside', colour: theme.bad, kind: 'box'}]});
  return chart;
}

