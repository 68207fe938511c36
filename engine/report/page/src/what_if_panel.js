// The sliders of the page and what they move.
import {mount} from './draw.js';
import {count, percent, percentTicks} from './format.js';
import {base, bins, rule, xAxis, yAxis} from './plot.js';
import {decodeSample, histogram, measure, moved, yamlOf} from './what_if_model.js';

/** element('p', {class: 'x'}, 'text', child...): names are set as text, never as HTML. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Key, label and digits; the words are those of the answer at the top of the page. */
const figures = [
  ['surplus_cvar', 'Deficit, mean of the tail (CVaR)', 2], ['surplus_var', 'Deficit, where the tail begins (VaR)', 2],
  ['return_cvar', 'Loss of value, mean of the tail (CVaR)', 2], ['return_var', 'Loss of value, where the tail begins (VaR)', 2],
  ['shortfall_probability', 'Probability of a deficit', 2], ['expected_return', 'Expected return', 2], ['funding_ratio', 'Funding ratio now, after the stress', 2],
];
const ofLiabilities = key => /surplus|funding|shortfall/.test(key);

/** A slider with its label and the value beside it; show(value) moves it, changed(value) is told when somebody does. */
function labelledSlider({id, label, min, max, step, format, changed}) {
  const slider = element('input', {type: 'range', id, min, max, step}), shown = element('output', {for: id});
  slider.addEventListener('input', () => changed(Number(slider.value)));
  return {
    row: element('div', {class: 'weight'}, element('label', {for: id}, label), slider, shown),
    show(value) {
      slider.value = value;
      shown.textContent = format(value);
      slider.setAttribute('aria-valuetext', shown.textContent);
    },
  };
}

/** A slider an asset, with a box that holds its weight. */
function weightSliders(assets, state, shorts, set) {
  return assets.map((name, i) => {
    const slider = labelledSlider({id: `weight-${i}`, label: name, min: shorts ? -1 : 0, max: shorts ? 2 : 1, step: 0.001, format: w => percent(w, 1),
      changed: value => set({weights: moved(state.weights, state.held, i, value)})});
    const held = element('input', {type: 'checkbox', 'aria-label': `Hold ${name.slice(0, 60)}`, title: 'hold this weight'});
    held.addEventListener('change', () => { state.held[i] = held.checked; });
    slider.row.append(held);
    return slider;
  });
}

/** Buttons for weights to start from, and one that copies the YAML. */
function buttonsOf(starts, yaml, set) {
  const all = element('div', {class: 'buttons'});
  for (const [name, weights] of Object.entries(starts)) {
    const button = element('button', {type: 'button', 'data-start': name}, `${name[0].toUpperCase()}${name.slice(1)} weights`);
    button.addEventListener('click', () => set({weights: weights.slice()}));
    all.append(button);
  }
  const copy = element('button', {type: 'button', id: 'copy-yaml', class: 'primary'}, 'Copy YAML'), said = element('span', {role: 'status'});
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(yaml.textContent);
      said.textContent = 'Copied: it replaces the section balance of the study.';
    } catch {
      yaml.closest('details').open = true;
      getSelection().selectAllChildren(yaml);
      said.textContent = 'Selected below; press Ctrl+C.';
    }
  });
  all.append(copy, said);
  return all;
}

/** The figures of the weights chosen, beside those to compare with; show(found, compared) fills them in. */
function figuresTable(shown, comparedWith) {
  const head = text => element('th', {scope: 'col', class: 'n'}, text), body = element('tbody', {'aria-live': 'polite'});
  const cells = shown.map(([key, label]) => {
    const chosen = element('td', {class: 'n', 'data-figure': key}), compared = element('td', {class: 'n', 'data-compared': key});
    body.append(element('tr', {}, element('th', {scope: 'row'}, label), chosen, compared));
    return [chosen, compared];
  });
  return {
    table: element('table', {class: 'figures-table'},
      element('caption', {}, 'Risk and return with the weights chosen, and with the weights to compare with, under the same settings'),
      element('thead', {}, element('tr', {}, element('td'), head('Chosen'), head(comparedWith))), body),
    show(found, compared) {
      shown.forEach(([key, , digits], k) => {
        cells[k][0].textContent = percent(found[key], digits);
        cells[k][0].dataset.value = found[key];
        cells[k][1].textContent = percent(compared[key], digits);
      });
    },
  };
}

/** The chart of the loss as found: shares of scenarios, VaR and CVaR. */
function lossChart(found, {liability, probability}, theme) {
  const h = histogram(found.loss, probability), kind = liability ? 'surplus' : 'return', range = h.width * h.share.length;
  const valueAtRisk = found[kind + '_var'], cvar = found[kind + '_cvar'];
  return {
    y: 'Share of scenarios',
    legend: [{name: `VaR ${percent(valueAtRisk, 2)}`, colour: theme.fg, kind: 'dash'}, {name: `CVaR ${percent(cvar, 2)}`, colour: theme.bad, kind: 'line'}],
    option: {...base(theme), tooltip: {show: false},
      xAxis: xAxis(theme, `${liability ? 'deficit' : 'loss of value'}, share of the assets now`, {min: h.low, max: h.low + range,
        axisLabel: {formatter: percentTicks(range), showMinLabel: false, showMaxLabel: false}}),
      yAxis: yAxis(theme, percentTicks(Math.max(...h.share)), {min: 0}),
      series: [bins(h, x => x > valueAtRisk ? theme.bad : theme.optimal), rule(valueAtRisk, theme.fg, true), rule(cvar, theme.bad, false)]},
  };
}

function noteOf(data, horizon) {
  const some = data.scenarios < data.of;
  return `Over ${horizon}, in shares of the assets now, on ${some ? count(data.scenarios) + ' of ' : ''}the ${count(data.of)} scenarios that the study was measured on` +
    `${some ? ', so that numbers differ a little from those above' : ''}. Moving one weight scales the others that are not held, so that they sum to one. ` +
    'A stress hits assets and liabilities at once, before the horizon begins; the scenarios that follow are the same.';
}

export function whatIf(root, data) {
  const sample = decodeSample(data), {assets} = data, equal = assets.map(() => 1 / assets.length);
  const start = data.weights.optimal || data.weights.current || equal;
  const horizon = data.horizon_years ? `${+data.horizon_years.toFixed(2)} year${data.horizon_years === 1 ? '' : 's'}` : 'the horizon';
  const state = {weights: start.slice(), held: assets.map(() => false), confidence: data.confidence, fundingRatio: data.funding_ratio, stress: 0};

  const weights = weightSliders(assets, state, Object.values(data.weights).flat().some(w => w < 0), set);
  const confidence = labelledSlider({id: 'confidence', label: 'Confidence', min: 0.5, max: 0.995, step: 0.005, format: x => percent(x, 1),
    changed: value => set({confidence: value})});
  const ratio = labelledSlider({id: 'funding-ratio', label: 'Funding ratio', min: +(0.5 * data.funding_ratio).toFixed(3), max: +(2 * data.funding_ratio).toFixed(3),
    step: 0.001, format: x => percent(x, 1), changed: value => set({fundingRatio: value})});
  const stress = element('select', {id: 'what-if-stress'}, ...data.stresses.map((s, k) => element('option', {value: k}, s.name.slice(0, 120))));
  stress.addEventListener('change', () => set({stress: Number(stress.value)}));

  const yaml = element('pre', {id: 'yaml', tabindex: 0});
  const outcome = figuresTable(figures.filter(([key]) => sample.liability || !ofLiabilities(key)), data.weights.optimal ? 'Optimal' : 'Start');
  const figure = element('figure', {}, element('figcaption', {}, `${sample.liability ? 'Deficit after' : 'Loss of value over'} ${horizon}`),
    element('div', {class: 'legend'}), element('div', {class: 'chart', role: 'img'}));
  const heads = element('div', {class: 'weight heads', 'aria-hidden': 'true'}, element('span'), element('span'), element('span', {}, 'weight'), element('span', {}, 'hold'));
  root.append(
    element('div', {class: 'what-if'},
      element('div', {class: 'controls'}, element('div', {class: 'weights'}, heads, ...weights.map(w => w.row)), confidence.row, ...(sample.liability ? [ratio.row] : []),
        element('div', {class: 'weight'}, element('label', {for: 'what-if-stress'}, 'Stress'), stress), buttonsOf({...data.weights, equal}, yaml, set)),
      element('div', {class: 'outcome'}, outcome.table, figure)),
    element('p', {class: 'note'}, noteOf(data, horizon)),
    element('details', {}, element('summary', {}, 'YAML of the weights chosen, to replace the section balance of the study'), yaml));

  let found, compared, chart;
  function set(change) {
    const began = performance.now();
    Object.assign(state, change);
    weights.forEach((slider, i) => slider.show(state.weights[i]));
    confidence.show(state.confidence);
    ratio.show(state.fundingRatio);
    stress.value = state.stress;
    const asked = {confidence: state.confidence, fundingRatio: state.fundingRatio, stress: data.stresses[state.stress]};
    found = measure(sample, {...asked, weights: state.weights});
    // Other weights leave what they are compared with as it is.
    if (!compared || Object.keys(change).some(key => key !== 'weights')) compared = measure(sample, {...asked, weights: start});
    outcome.show(found, compared);
    yaml.textContent = yamlOf(assets, state.weights, {fundingRatio: data.with_balance && state.fundingRatio, lines: data.balance});
    chart ||= mount(figure, (_, theme) => lossChart(found, sample, theme));
    chart.draw();
    root.dataset.milliseconds = performance.now() - began;
  }
  set({});
  // For the browser tests, which compare with the engine's own numbers.
  window.ballast = {set, state, checks: data.checks};
  return chart;
}
