// What the charts have in common: axes, bands, tooltips. A chart is a function of (data, theme, width) that returns
// {y: title of the vertical axis, legend: [{name, colour, kind}], option, height?}, or null without data. Legends stand
// above the plot, in HTML: they wrap on a narrow screen and cover nothing.

export function base(theme) {
  return {
    animation: false,
    textStyle: {color: theme.fg, fontFamily: theme.font, fontSize: 12},
    grid: {left: 2, right: 14, top: 10, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'all'},
    tooltip: {
      confine: true, backgroundColor: theme.card, borderColor: theme.line, textStyle: {color: theme.fg, fontSize: 12},
      axisPointer: {lineStyle: {color: theme.muted}, shadowStyle: {color: theme.muted, opacity: 0.12}},
    },
  };
}

const axis = theme => ({
  axisLine: {lineStyle: {color: theme.line}}, axisTick: {lineStyle: {color: theme.line}},
  axisLabel: {color: theme.muted, hideOverlap: true}, splitLine: {lineStyle: {color: theme.line, opacity: 0.6}},
  nameTextStyle: {color: theme.muted}, nameLocation: 'middle', nameGap: 26,
});

const merged = (one, two) => ({...one, ...two,
  axisLabel: {...one.axisLabel, ...two.axisLabel}, splitLine: {...one.splitLine, ...two.splitLine}});

/** Horizontal axis with its title below; of numbers at the bottom of the plot, of categories where the bars begin. */
export const xAxis = (theme, name, more = {}) => {
  const plain = axis(theme);
  return merged({...plain, type: 'value', name, splitLine: {...plain.splitLine, show: false},
    axisLine: {...plain.axisLine, onZero: more.type === 'category'}}, more);
};
/** Years from now, to the last of these times. */
export const timeAxis = (theme, times) => xAxis(theme, 'years from now', {min: 0, max: times.at(-1) || 1});
/** Vertical axis; its title stands above the plot, with the legend. */
export const yAxis = (theme, format, more = {}) => merged(
  {...axis(theme), type: 'value', axisLine: {show: false}, axisTick: {show: false},
    axisLabel: {color: theme.muted, formatter: format && (value => format(value))}}, more);

/** The area between two lines over a value axis: rows of [x, low, high]. */
export function band(rows, colour, opacity) {
  const shown = rows.filter(row => row.every(Number.isFinite));
  return {
    type: 'custom', silent: true, clip: true, data: shown, encode: {x: 0, y: [1, 2]}, z: 1,
    renderItem(params, api) {
      if (params.dataIndex > 0 || shown.length < 2) return null;
      const points = [...shown.map(row => api.coord([row[0], row[2]])),
        ...shown.slice().reverse().map(row => api.coord([row[0], row[1]]))];
      return {type: 'polygon', shape: {points}, style: {fill: colour, opacity}};
    },
  };
}

/** The area between two lines over the vertical axis: rows of [y, left, right]. */
export function sideways(rows, colour, opacity) {
  return {
    type: 'custom', silent: true, clip: true, data: rows, encode: {x: [1, 2], y: 0}, z: 1,
    renderItem(params, api) {
      if (params.dataIndex > 0) return null;
      const points = [...rows.map(row => api.coord([row[2], row[0]])), ...rows.slice().reverse().map(row => api.coord([row[1], row[0]]))];
      return {type: 'polygon', shape: {points}, style: {fill: colour, opacity}};
    },
  };
}

export const line = (name, points, colour, more = {}) => ({
  type: 'line', name, data: points, symbol: points.length < 2 ? 'circle' : 'none', color: colour, z: 3,
  lineStyle: {color: colour, width: 2, ...more.lineStyle}, ...(({lineStyle, ...rest}) => rest)(more),
});

/** Bars of a histogram, exactly as wide as its bins. */
export function bins({low, width, share}, colourOf) {
  return {
    type: 'custom', clip: true, encode: {x: [0, 1], y: 2}, z: 2,
    data: share.map((value, k) => [low + k * width, low + (k + 1) * width, value]),
    renderItem(params, api) {
      const [left, top] = api.coord([api.value(0), api.value(2)]), [right, bottom] = api.coord([api.value(1), 0]);
      const gap = right - left > 4 ? 1 : 0;
      return {type: 'rect', shape: {x: left, y: top, width: right - left - gap, height: bottom - top},
        style: {fill: colourOf((api.value(0) + api.value(1)) / 2)}};
    },
  };
}

/** The outline of a histogram, as a line of steps. */
export const outline = ({low, width, share}) => [[low, 0],
  ...share.flatMap((value, k) => [[low + k * width, value], [low + (k + 1) * width, value]]),
  [low + share.length * width, 0]];

/** A line at `at` of the axis 'xAxis' or 'yAxis'. ECharts rounds it to two decimals unless told how many to keep. */
const markLine = (axis, at, lineStyle) => ({
  type: 'line', data: [], silent: true,
  markLine: {silent: true, symbol: 'none', label: {show: false}, animation: false, precision: 15, data: [{[axis]: at}], lineStyle},
});

/** A vertical line through the plot; the legend says what it is. */
export const rule = (x, colour, dashed) => markLine('xAxis', x, {color: colour, width: 2, type: dashed ? 'dashed' : 'solid'});

/** A thin line at a value of the vertical axis, or of the horizontal one. */
export const level = (at, colour, axis = 'yAxis') => markLine(axis, at, {color: colour, width: 1, type: 'dashed'});

/** How bars stand in their groups. */
export const groups = {barMaxWidth: 16, barGap: '10%', barCategoryGap: '25%'};

/** Two standard errors to either side of the ends of bar `index` of `count` in each group of horizontal bars. */
export function errorBars(theme, {data, errors}, index, count) {
  const rows = data.map((x, k) => [x - 2 * errors[k], k, x + 2 * errors[k]]).filter(row => row[2] > row[0]);
  return {
    type: 'custom', silent: true, clip: true, data: rows, encode: {x: [0, 2], y: 1}, z: 4,
    renderItem(params, api) {
      const [low, row, high] = rows[params.dataIndex], style = {stroke: theme.fg, lineWidth: 1.2};
      const [left, middle] = api.coord([low, row]), [right] = api.coord([high, row]);
      const y = middle + api.barLayout({...groups, count})[index].offsetCenter;
      const stroke = (x1, y1, x2, y2) => ({type: 'line', shape: {x1, y1, x2, y2}, style});
      return {type: 'group', children: [stroke(left, y, right, y), stroke(left, y - 3, left, y + 3), stroke(right, y - 3, right, y + 3)]};
    },
  };
}

/** Quantiles to show as bands, [lower, upper] indices, the widest first; and the median's. */
export function pairs(quantiles) {
  const at = q => quantiles.findIndex(x => Math.abs(x - q) < 1e-9);
  const found = [0.01, 0.05, 0.25].map(q => [at(q), at(1 - q)]).filter(([low, high]) => low >= 0 && high >= 0);
  return {bands: found.length ? found : [[0, quantiles.length - 1]], median: at(0.5)};
}

export const names = {optimal: 'optimal weights', current: 'current weights', policy: 'policy'};
