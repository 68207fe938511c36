// Distributions of losses, their tails, contributions, and how the numbers settle.
import {bars} from './charts_bars.js';
import {count, fixed, number, percent, percentTicks, short, tip} from './format.js';
import {band, base, bins, line, names, outline, rule, xAxis, yAxis} from './plot.js';

/** What a loss is called: of surplus, it is what the assets are short of. */
const called = {surplus: 'deficit', return: 'loss of value'};

/** More bars than this are not read. */
const most = 40;

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
      xAxis: xAxis(theme, `${called[of]}, share of the assets now`, {min: low, max: high,
        axisLabel: {formatter: percentTicks(high - low), showMinLabel: false, showMaxLabel: false}}),
      yAxis: yAxis(theme, percentTicks(most)),
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: p => p.value.length === 3 ?
        tip(`${called[of]}: ${percent(p.value[0])} to ${percent(p.value[1])}`, [['share of scenarios', percent(p.value[2], 2)]]) : ''}},
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
    y: `CVaR of the ${called[of]}, share of the assets now`,
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

/** What each asset and the liabilities add to the CVaR of the first loss. */
export function contributions(data, theme, width) {
  const table = data.tables?.contributions;
  if (!table) return null;
  const of = table.of.includes('surplus') ? 'surplus' : 'return', parts = new Map();
  table.of.forEach((loss, k) => {
    if (loss !== of) return;
    const name = table.asset[k] || 'liabilities', row = parts.get(name) || parts.set(name, {}).get(name);
    row[table.portfolio[k]] ||= {value: table.cvar[k], error: table.cvar_standard_error[k]};
  });
  const portfolios = ['optimal', 'current'].filter(name => table.portfolio.some((p, k) => p === name && table.of[k] === of));
  const size = ([, row]) => Math.max(...portfolios.map(p => Math.abs(row[p]?.value || 0)));
  const all = [...parts], shown = all.length > most ? all.sort((a, b) => size(b) - size(a)).slice(0, most) : all;
  return bars(theme, {rows: shown.map(([name]) => name), width, x: `part of the CVaR of the ${called[of]}, share of the assets`, format: percent,
    title: shown.length < parts.size ? `The ${shown.length} largest of ${parts.size}` : '',
    series: portfolios.map(p => ({name: names[p], color: theme.portfolio(p), data: shown.map(([, row]) => row[p]?.value), errors: shown.map(([, row]) => row[p]?.error)})),
    legend: portfolios.map(p => ({name: names[p], colour: theme.portfolio(p), kind: 'box'}))});
}

/** How the optimal weights do on each scenario set of a worst case. */
export function worst_case(data, theme, width) {
  const table = data.tables?.worst_case;
  if (!table) return null;
  return bars(theme, {rows: table.set, width, title: '', x: 'CVaR of the optimised loss, share of the assets', format: percent,
    series: [{name: names.optimal, color: theme.optimal, data: table.cvar, errors: table.cvar_standard_error}],
    legend: [{name: names.optimal, colour: theme.optimal, kind: 'box'}]});
}

/** Regimes of the scenario model in the history: areas that make up one. */
export function regimes(data, theme, width) {
  const table = data.tables?.regime_probability;
  if (!table) return null;
  const dates = [...new Set(table.date)], numbers = [...new Set(table.regime)], at = new Map(dates.map((date, k) => [date, k]));
  const years = dates.map(date => Number(date.slice(0, 4))), every = [1, 2, 5, 10].find(n => (years.at(-1) - years[0]) / n * 45 < width) || 20;
  const of = new Map(numbers.map(regime => [regime, new Array(dates.length).fill(0)]));
  table.date.forEach((date, k) => { of.get(table.regime[k])[at.get(date)] = table.smoothed[k]; });
  const colours = [theme.good, theme.current, theme.bad], name = regime => `regime ${regime}${regime === numbers[0] ? ', the calmest' : ''}`;
  return {
    y: 'Probability', legend: numbers.map((regime, k) => ({name: name(regime), colour: colours[k], kind: 'box'})),
    option: {...base(theme),
      xAxis: xAxis(theme, 'end of the period', {type: 'category', boundaryGap: false, data: dates,
        axisLabel: {formatter: date => date.slice(0, 4), interval: k => k > 0 && years[k] !== years[k - 1] && years[k] % every === 0}}),
      yAxis: yAxis(theme, x => percent(x, 0), {min: 0, max: 1}),
      series: numbers.map((regime, k) => ({type: 'line', name: name(regime), stack: 'all', symbol: 'none', data: of.get(regime), color: colours[k],
        lineStyle: {width: 0}, areaStyle: {color: colours[k], opacity: 0.75}})),
      tooltip: {...base(theme).tooltip, trigger: 'axis', formatter: p => tip(p[0].axisValue, p.map(one => [one.seriesName, percent(one.value)]).reverse())}},
  };
}

/** The statistics of the scenarios that are farthest from the history's, with the bound of the whole table. */
export function validation(data, theme, width) {
  const table = data.tables?.validation;
  if (!table) return null;
  const judged = table.z.map((z, k) => k).filter(k => Number.isFinite(table.z[k]));
  const order = judged.sort((a, b) => Math.abs(table.z[b]) - Math.abs(table.z[a])).slice(0, 12), bound = data.critical_z;
  if (!order.length) return null;
  const farthest = 1.08 * Math.max(bound || 0, Math.abs(table.z[order[0]]));
  return bars(theme, {rows: order.map(k => `${short(table.of[k], 60)} ${table.statistic[k]}`), width, format: x => fixed(x, 1),
    x: 'z: difference over its standard error', title: `The ${order.length} largest of ${judged.length}`, range: [-farthest, farthest], limits: bound ? [-bound, bound].map(at => ({at, color: theme.muted})) : [],
    series: [{name: 'z', data: order.map(k => ({value: table.z[k], itemStyle: {color: table.pass[k] ? theme.good : theme.bad}}))}],
    legend: [{name: 'within the bound', colour: theme.good, kind: 'box'}, {name: 'outside', colour: theme.bad, kind: 'box'},
      ...(bound ? [{name: `bound ±${fixed(bound, 1)}, for all of them at once`, colour: theme.muted, kind: 'dash'}] : [])],
    tooltip: at => tip(`${table.of[order[at]]} ${table.statistic[order[at]]}`,
      [['history', number(table.reference[order[at]])], ['scenarios', number(table.scenarios[order[at]])], ['z', fixed(table.z[order[at]], 2)]])});
}

/** What each view is on, before and after, and the value asked for. Their units differ: the numbers are plain. */
export function views(data, theme, width) {
  const table = data.tables?.views;
  if (!table) return null;
  const sample = table.sample.includes('evaluate') ? 'evaluate' : table.sample[0];
  const own = table.view.map((_, k) => k).filter(k => table.sample[k] === sample), of = key => own.map(k => table[key][k]);
  const moves = own.map((k, row) => [table.prior[k], table.posterior[k], row]), targets = of('target');
  const hollow = {color: theme.bg, borderColor: theme.muted, borderWidth: 2, opacity: 1};
  const chart = bars(theme, {rows: of('view'), width, x: 'value (returns and rates as fractions)', title: '', format: number, mark: 'dot',
    series: [{name: 'before', data: of('prior'), itemStyle: hollow}, {name: 'after', data: of('posterior'), color: theme.optimal, symbol: 'diamond'}],
    legend: [{name: 'before', colour: theme.muted, kind: 'dot'}, {name: 'after', colour: theme.optimal, kind: 'diamond'}, {name: 'the view', colour: theme.bad, kind: 'bar'}],
    tooltip: row => tip(table.view[own[row]], [['before', fixed(table.prior[own[row]], 4)], ['after', fixed(table.posterior[own[row]], 4)],
      [`the view ${table.relation[own[row]]}`, fixed(targets[row], 4)]])});
  const stroke = (shape, colour, lineWidth) => ({type: 'line', shape, style: {stroke: colour, lineWidth}});
  chart.option.series.push({type: 'custom', silent: true, data: moves, encode: {x: [0, 1], y: 2}, z: 2, renderItem(params, api) {
    const [before, after, row] = moves[params.dataIndex], [x1, y1] = api.coord([before, row]), [x2] = api.coord([after, row]);
    return stroke({x1, y1, x2, y2: y1}, theme.muted, 1.5);
  }}, {type: 'custom', silent: true, data: targets.map((x, row) => [x, row]), encode: {x: 0, y: 1}, z: 3, renderItem(params, api) {
    const [x, y] = api.coord([targets[params.dataIndex], params.dataIndex]);
    return stroke({x1: x, y1: y - 10, x2: x, y2: y + 10}, theme.bad, 2);
  }});
  return chart;
}
