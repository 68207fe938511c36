// A row a name: horizontal bars with their standard errors, or dots.
import {inTwoLines, tip} from './format.js';
import {base, errorBars, groups, level, xAxis, yAxis} from './plot.js';

/** Mean width of a letter, in pixels. */
const letter = 6.3;

/**
 * rows: the names; series: [{name, color, data, errors?}], a bar of each in every row. errors are standard errors, drawn
 * twice as long to either side. limits: [{at, color}], vertical lines. mark 'dot': the axis need not begin at 0, and
 * range [low, high] is what it shows. format(x, digits): digits as the axis needs them when left out.
 */
export function bars(theme, {rows, series, format, x, title, legend, width, tooltip, limits = [], mark = 'bar', range}) {
  const wide = Math.round(width > 900 ? 300 : width > 500 ? width * 0.34 : Math.max(90, width * 0.4));
  const letters = wide / letter, twoLines = rows.some(name => name.length > letters);
  const row = Math.max(series.length > 1 && mark === 'bar' ? 30 : 22, twoLines ? 31 : 0);
  const longest = Math.min(wide, letter * Math.max(...rows.map(name => name.length)));
  // Where there is no room for it below the axis, its title stands above the plot.
  const below = x.length * letter < width - longest - 20;
  const shown = series.map(({errors: _, data, ...one}, s) => mark === 'dot' ?
    {type: 'scatter', symbolSize: 13 - 4 * s, z: 4, itemStyle: {opacity: 1}, data: data.map((value, k) => [value, k]), ...one} : {type: 'bar', ...groups, data, ...one});
  const errors = series.flatMap((one, k) => one.errors ? [errorBars(theme, one, k, series.length)] : []);
  const described = (p, value) => {
    const error = series[p.seriesIndex]?.errors?.[p.dataIndex];
    return [p.seriesName, format(value, 2) + (Number.isFinite(error) ? ` ± ${format(error, 2)}` : '')];
  };
  return {
    y: [title, below ? '' : x].filter(Boolean).join('; '), legend, height: Math.max(220, rows.length * row + 60),
    option: {...base(theme),
      xAxis: xAxis(theme, below ? x : '', {axisLabel: {formatter: value => format(value), ...(range && {showMinLabel: false, showMaxLabel: false})},
        splitLine: {show: true}, splitNumber: Math.min(6, Math.max(2, Math.floor((width - longest) / 95))),
        ...(range && {min: range[0], max: range[1]})}),
      yAxis: {...yAxis(theme), type: 'category', data: rows, inverse: true, splitLine: {show: mark === 'dot', lineStyle: {color: theme.line, opacity: 0.6}},
        axisLabel: {color: theme.fg, formatter: name => inTwoLines(name, letters), lineHeight: 13, interval: 0}},
      series: [...shown, ...errors, ...limits.map(({at, color}) => level(at, color, 'xAxis'))],
      tooltip: {...base(theme).tooltip, ...(mark === 'dot' ?
        {trigger: 'item', formatter: p => tooltip ? tooltip(p.value[1]) : tip(rows[p.value[1]], [described(p, p.value[0])])} :
        {trigger: 'axis', axisPointer: {type: 'shadow'}, formatter: at => {
          const bar = at.filter(p => p.seriesType === 'bar');
          return tooltip ? tooltip(bar[0].dataIndex) : tip(bar[0].name, bar.map(p => described(p, p.value)));
        }})}},
  };
}
