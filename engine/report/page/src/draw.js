// Puts a chart into its figure: legend in HTML above, SVG below, drawn again when the width or the colours change.
import {echarts} from './echarts.js';
import {theme} from './theme.js';

function legendEntry({name, colour, kind, opacity}) {
  const entry = document.createElement('span'), mark = document.createElement('i');
  mark.className = kind;
  mark.style.setProperty('--mark', colour);
  if (opacity) mark.style.opacity = opacity;
  entry.append(mark, name);
  return entry;
}

function sliderOf(figure, slider, state, again) {
  let label = figure.querySelector('label.time');
  if (!label) {
    label = document.createElement('label');
    label.className = 'time';
    const input = document.createElement('input');
    Object.assign(input, {type: 'range', min: 0, max: slider.values.length - 1, step: 1});
    input.addEventListener('input', () => { state[slider.key] = Number(input.value); again(); });
    label.append(slider.name, input);
    figure.append(label);
  }
  const input = label.querySelector('input');
  input.value = slider.at;
  input.setAttribute('aria-valuetext', `${slider.name} ${slider.values[slider.at]}`);
}

/** Arrow keys walk along the points, as the mouse does. */
function withKeys(place, chart) {
  let at = -1;
  place.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (event.key === 'Escape') chart().dispatchAction({type: 'hideTip'});
    if (!step) return;
    const series = chart().getOption().series.findIndex(s => s.type === 'line' || s.type === 'bar' ? s.data.length > 1 : false);
    const length = series >= 0 ? chart().getOption().series[series].data.length : 0;
    if (!length) return;
    at = Math.min(length - 1, Math.max(0, at + step));
    chart().dispatchAction({type: 'showTip', seriesIndex: series, dataIndex: at});
    event.preventDefault();
  });
}

/**
 * build(data, theme, width, state) -> what plot.js describes; state.of: which of several the place asks for. Takes its room in the page at once, so that nothing moves
 * when draw() fills it; null without data: the figure is then taken away.
 */
export function mount(figure, build, data) {
  const place = figure.querySelector('.chart'), legend = figure.querySelector('.legend'), state = {of: place.dataset.of};
  const made = () => build(data, theme(), place.clientWidth || 600, state);
  let chart = null, first = made();
  if (!first) {
    figure.remove();
    return null;
  }
  function frame({y, legend: entries, height, slider}) {
    legend.replaceChildren();
    if (y) {
      const title = document.createElement('b');
      title.textContent = y;
      legend.append(title);
    }
    legend.append(...entries.map(legendEntry));
    place.setAttribute('aria-label', `${[...figure.querySelector('figcaption').childNodes].map(node => node.textContent).join(': ')}. ${y ? y + '. ' : ''}` +
      `Shown: ${entries.map(entry => entry.name).join('; ')}. The numbers are in this section's tables.`);
    if (height) place.style.height = height + 'px';
    if (slider) sliderOf(figure, slider, state, draw);
  }
  frame(first);
  function draw() {
    const now = first || made();
    if (!first) frame(now);
    first = null;
    if (!chart) {
      chart = echarts.init(place, null, {renderer: 'svg'});
      withKeys(place, () => chart);
    }
    chart.resize();
    chart.setOption(now.option, {notMerge: true});
  }
  return {draw, place};
}
