// The balance sheet under stress.
import {bars} from './charts_risk.js';
import {elided, money, percent, short, tip} from './format.js';
import {base, names, xAxis, yAxis} from './plot.js';

const most = 40;

export function tornado(data, theme, width) {
  const table = data.tables?.stress;
  if (!table) return null;
  const portfolios = [...new Set(table.portfolio)], change = {};
  table.stress.forEach((name, k) => ((change[table.portfolio[k]] ||= new Map()).set(name, table.change_surplus[k])));
  const stresses = [...new Set(table.stress)].filter(name => name !== 'base' && Number.isFinite(change[portfolios[0]].get(name)))
    .sort((a, b) => change[portfolios[0]].get(a) - change[portfolios[0]].get(b)).slice(0, most);
  if (!stresses.length) return null;
  return bars(theme, {rows: stresses, width, title: '', x: 'change (currency)', format: money,
    series: portfolios.map(name => ({name: names[name], color: theme.portfolio(name), data: stresses.map(s => change[name].get(s))})),
    legend: portfolios.map(name => ({name: names[name], colour: theme.portfolio(name), kind: 'box'}))});
}

/** Cells from red (a loss for the holder) through the page's ground to blue. */
function heat(theme, {columns, rows, cells, width, format, tipOf, x, title, xRotate}) {
  const bound = 1.4 * Math.max(...cells.map(c => Math.abs(c[2])).filter(Number.isFinite), 1e-9);
  const labels = columns.length * 58 < width - 120 && rows.length <= 30;
  return {
    y: title, height: Math.max(200, rows.length * 24 + 90),
    legend: [{name: format(-bound / 1.4), colour: theme.bad, kind: 'box', opacity: 0.7}, {name: 'none', colour: theme.card, kind: 'box'},
      {name: '+' + format(bound / 1.4), colour: theme.optimal, kind: 'box', opacity: 0.7}],
    option: {...base(theme),
      xAxis: {...xAxis(theme, x), type: 'category', data: columns, position: 'bottom', splitLine: {show: false},
        axisLabel: {color: theme.fg, rotate: xRotate && columns.length > 4 ? 40 : 0, width: 90, overflow: 'truncate', hideOverlap: true}},
      yAxis: {...yAxis(theme), type: 'category', data: rows, inverse: true, splitLine: {show: false},
        axisLabel: {color: theme.fg, formatter: name => elided(name, width > 500 ? 29 : Math.max(90, width * 0.4) / 6.6), interval: rows.length > 40 ? 'auto' : 0}},
      visualMap: {show: false, min: -bound, max: bound, dimension: 2, inRange: {color: [theme.bad, theme.card, theme.optimal]}},
      series: [{type: 'heatmap', data: cells, itemStyle: {borderColor: theme.bg, borderWidth: 1},
        label: {show: labels, color: theme.fg, fontSize: 11, formatter: p => format(p.value[2])}}],
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: tipOf}},
  };
}

export function stress_heat(data, theme, width) {
  const table = data.tables?.stress_assets, balance = data.tables?.stress;
  if (!table) return null;
  const known = new Set(table.stress.filter((_, k) => Number.isFinite(table.change[k])));
  const stresses = [...known].filter(name => name !== 'base').slice(0, most);
  const pv = new Map(balance.stress.map((name, k) => [name, balance.liability_pv[k]])), base0 = pv.get('base');
  const liabilities = Number.isFinite(base0) && base0 !== 0;
  const assets = data.assets.slice(0, most), columns = assets.map((_, k) => k);
  if (liabilities) columns.push('liabilities');
  const row = new Map(stresses.map((name, k) => [name, k])), column = new Map(assets.map((name, k) => [name, k])), cells = [];
  table.stress.forEach((name, k) => {
    if (row.has(name) && column.has(table.asset[k]) && Number.isFinite(table.change[k])) cells.push([column.get(table.asset[k]), row.get(name), table.change[k]]);
  });
  if (liabilities) stresses.forEach((name, k) => {
    const change = pv.get(name) / base0 - 1;
    if (Number.isFinite(pv.get(name))) cells.push([columns.length - 1, k, change]);
  });
  const heads = [...assets.map(a => short(a, 24)), ...(liabilities ? ['liabilities'] : [])];
  return heat(theme, {columns: heads, rows: stresses, cells, width, format: x => percent(x), x: '', title: '', xRotate: true,
    tipOf: p => tip(stresses[p.value[1]], [[heads[p.value[0]], percent(p.value[2], 2)]])});
}

/** Two stresses at once: the first grid of the first portfolio, coloured from below full funding to above it. */
export function stress_grid(data, theme, width) {
  const table = data.tables?.stress_grid;
  if (!table) return null;
  const own = table.grid.map((_, k) => k).filter(k => table.grid[k] === table.grid[0] && table.portfolio[k] === table.portfolio[0]);
  const shifts = [...new Set(own.map(k => table.parallel_shift[k]))], falls = [...new Set(own.map(k => table.asset_return[k]))];
  const cells = own.filter(k => Number.isFinite(table.funding_ratio[k]))
    .map(k => [shifts.indexOf(table.parallel_shift[k]), falls.indexOf(table.asset_return[k]), table.funding_ratio[k] - 1]);
  const signed = (x, digits) => (x > 0 ? '+' : '') + percent(x, digits);
  const columns = shifts.map(x => signed(x, 2)), rows = falls.map(x => signed(x, 0));
  const chart = heat(theme, {columns, rows, cells, width, format: x => percent(1 + x, 0), x: 'parallel shift of zero rates', title: 'Sudden return of the assets that move',
    tipOf: p => tip(`${rows[p.value[1]]} and ${columns[p.value[0]]}`, [['funding ratio', percent(1 + p.value[2], 2)]])});
  chart.legend[1].name = '100%';
  chart.legend[2].name = chart.legend[2].name.replace('+', '');
  return chart;
}
