// The balance sheet under stress.
import {bars} from './charts_bars.js';
import {inTwoLines, money, percent, short, tip} from './format.js';
import {base, names, xAxis, yAxis} from './plot.js';

const most = 40;

/** One quantity of every stress and portfolio: {portfolios, of: portfolio -> stress -> value, stresses: the worst first}. */
function byStress(table, quantity) {
  const portfolios = [...new Set(table.portfolio)], change = new Map(), of = {};
  table.stress.forEach((name, k) => {
    (of[table.portfolio[k]] ||= new Map()).set(name, table[quantity][k]);
    if (table.portfolio[k] === portfolios[0]) change.set(name, table.change_surplus[k]);
  });
  const stresses = [...change.keys()].filter(name => name !== 'base' && Number.isFinite(change.get(name)))
    .sort((a, b) => change.get(a) - change.get(b)).slice(0, most);
  return {portfolios, of, stresses};
}

function stressBars(data, theme, width, quantity, more) {
  if (!data.tables?.stress) return null;
  const {portfolios, of, stresses} = byStress(data.tables.stress, quantity);
  const shown = stresses.filter(name => Number.isFinite(of[portfolios[0]].get(name)));
  if (!shown.length) return null;
  return bars(theme, {rows: shown, width, title: '', ...more,
    series: portfolios.map(name => ({name: names[name], color: theme.portfolio(name), data: shown.map(s => of[name].get(s))})),
    legend: portfolios.map(name => ({name: names[name], colour: theme.portfolio(name), kind: 'box'}))});
}

export const tornado = (data, theme, width) => stressBars(data, theme, width, 'change_surplus', {x: 'change of surplus, currency of the cash flows', format: money});

/** Against full funding, and the funding ratio without a stress. */
export function stress_funding(data, theme, width) {
  const table = data.tables?.stress, without = table?.funding_ratio[table.stress.indexOf('base')];
  if (!Number.isFinite(without)) return null;
  const values = [...table.funding_ratio.filter(Number.isFinite), 1], low = Math.min(...values), high = Math.max(...values), room = 0.05 * (high - low) + 0.005;
  const chart = stressBars(data, theme, width, 'funding_ratio', {x: 'assets / liabilities', mark: 'dot', range: [low - room, high + room],
    format: (x, digits = 0) => percent(x, digits), limits: [{at: 1, color: theme.bad}, {at: without, color: theme.muted}]});
  chart?.legend.forEach(entry => { entry.kind = 'disc'; });
  chart?.legend.push({name: 'full funding', colour: theme.bad, kind: 'dash'}, {name: `without a stress, ${percent(without, 1)}`, colour: theme.muted, kind: 'dash'});
  return chart;
}

/** Cells from red (a loss for the holder) through the page's ground to blue. */
function heat(theme, {columns, rows, cells, width, format, tipOf, x, title, xRotate, blank = () => false}) {
  const bound = 1.4 * Math.max(...cells.map(c => Math.abs(c[2])).filter(Number.isFinite), 1e-9);
  const labels = columns.length * 58 < width - 120 && rows.length <= 30;
  const letters = width > 900 ? 48 : width > 500 ? 29 : Math.max(90, width * 0.38) / 6.3;
  const row = rows.some(name => name.length > letters) ? 29 : 24;
  return {
    y: title, height: Math.max(200, rows.length * row + 90),
    legend: [{name: format(-bound / 1.4), colour: theme.bad, kind: 'box', opacity: 0.7}, {name: 'none', colour: theme.card, kind: 'box'},
      {name: '+' + format(bound / 1.4), colour: theme.optimal, kind: 'box', opacity: 0.7}],
    option: {...base(theme),
      xAxis: {...xAxis(theme, x), type: 'category', data: columns, position: 'bottom', splitLine: {show: false},
        axisLabel: {color: theme.fg, rotate: xRotate && columns.length * 96 > width - 250 ? 40 : 0, width: 90, overflow: 'truncate', hideOverlap: true}},
      yAxis: {...yAxis(theme), type: 'category', data: rows, inverse: true, splitLine: {show: false},
        axisLabel: {color: theme.fg, lineHeight: 12, formatter: name => inTwoLines(name, letters), interval: rows.length > 40 ? 'auto' : 0}},
      visualMap: {show: false, min: -bound, max: bound, dimension: 2, inRange: {color: [theme.bad, theme.card, theme.optimal]}},
      series: [{type: 'heatmap', data: cells, itemStyle: {borderColor: theme.bg, borderWidth: 1},
        label: {show: labels, color: theme.fg, fontSize: 11, formatter: p => blank(p.value[2]) ? '' : format(p.value[2])}}],
      tooltip: {...base(theme).tooltip, trigger: 'item', formatter: tipOf}},
  };
}

export function stress_heat(data, theme, width) {
  const table = data.tables?.stress_assets, balance = data.tables?.stress;
  if (!table) return null;
  const known = new Set(table.stress.filter((_, k) => Number.isFinite(table.change[k])));
  const stresses = [...known].filter(name => name !== 'base').slice(0, most);
  // The sudden returns are those of the first portfolio: a reverse stress moves the market otherwise for another one.
  const first = balance.stress.map((_, k) => k).filter(k => balance.portfolio[k] === balance.portfolio[0]);
  const pv = new Map(first.map(k => [balance.stress[k], balance.liability_pv[k]])), base0 = pv.get('base');
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
  return heat(theme, {columns: heads, rows: stresses, cells, width, format: x => percent(x), x: '', title: '', xRotate: true, blank: change => Math.abs(change) < 5e-5,
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
