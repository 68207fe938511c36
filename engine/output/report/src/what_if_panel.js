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

const figures = [
  ['expected_return', 'Expected return', 2], ['return_var', 'VaR of return', 2], ['return_cvar', 'CVaR of return', 2],
  ['surplus_var', 'VaR of the deficit', 2], ['surplus_cvar', 'CVaR of the deficit', 2], ['funding_ratio', 'Funding ratio after the stress', 1],
  ['shortfall_probability', 'Shortfall at the horizon', 2],
];

export function whatIf(root, data) {
  const sample = decodeSample(data), assets = data.assets;
  const start = data.weights.optimal || data.weights.current || assets.map(() => 1 / assets.length);
  const state = {weights: start.slice(), held: assets.map(() => false), confidence: data.confidence,
    fundingRatio: data.funding_ratio, stress: 0};
  const starts = {...data.weights, equal: assets.map(() => 1 / assets.length)};
  const shorts = Object.values(data.weights).flat().some(w => w < 0);

  const rows = assets.map((name, i) => {
    const slider = element('input', {type: 'range', min: shorts ? -1 : 0, max: shorts ? 2 : 1, step: 0.001, id: `weight-${i}`});
    const held = element('input', {type: 'checkbox', 'aria-label': `Hold ${name.slice(0, 60)}`, title: 'hold this weight'});
    const shown = element('output', {for: `weight-${i}`});
    slider.addEventListener('input', () => set({weights: moved(state.weights, state.held, i, Number(slider.value))}));
    held.addEventListener('change', () => { state.held[i] = held.checked; });
    return {slider, held, shown, row: element('div', {class: 'weight'}, element('label', {for: `weight-${i}`}, name), slider, shown, held)};
  });
  const ranged = (id, label, min, max, step, key, format) => {
    const slider = element('input', {type: 'range', id, min, max, step}), shown = element('output', {for: id});
    slider.addEventListener('input', () => set({[key]: Number(slider.value)}));
    return {show() { slider.value = state[key]; shown.textContent = format(state[key]); slider.setAttribute('aria-valuetext', shown.textContent); },
      row: element('div', {class: 'weight'}, element('label', {for: id}, label), slider, shown)};
  };
  const settings = [ranged('confidence', 'Confidence', 0.5, 0.995, 0.005, 'confidence', x => percent(x, 1))];
  if (sample.liability) {
    settings.push(ranged('funding-ratio', 'Funding ratio', +(0.5 * data.funding_ratio).toFixed(3), +(2 * data.funding_ratio).toFixed(3), 0.001,
      'fundingRatio', x => percent(x, 1)));
  }
  const stress = element('select', {id: 'what-if-stress'}, ...data.stresses.map((s, k) => element('option', {value: k}, s.name.slice(0, 120))));
  stress.addEventListener('change', () => set({stress: Number(stress.value)}));

  const buttons = element('div', {class: 'buttons'});
  for (const [name, weights] of Object.entries(starts)) {
    const button = element('button', {type: 'button', 'data-start': name}, `${name[0].toUpperCase()}${name.slice(1)} weights`);
    button.addEventListener('click', () => set({weights: weights.slice()}));
    buttons.append(button);
  }
  const copy = element('button', {type: 'button', id: 'copy-yaml', class: 'primary'}, 'Copy YAML');
  const said = element('span', {role: 'status'}), yaml = element('pre', {id: 'yaml', tabindex: 0});
  copy.addEventListener('click', async () => {
    const text = yamlOf(assets, state.weights);
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = 'Copied.';
    } catch {
      getSelection().selectAllChildren(yaml);
      said.textContent = 'Selected below; press Ctrl+C.';
    }
  });
  buttons.append(copy, said);

  const shownFigures = figures.filter(([key]) => sample.liability || !/surplus|funding|shortfall/.test(key));
  const cells = new Map(), table = element('table', {class: 'figures-table'}, element('caption', {}, 'On the weights chosen, and on the start weights with the same settings'));
  table.append(element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, ''), element('th', {scope: 'col', class: 'n'}, 'Chosen'),
    element('th', {scope: 'col', class: 'n'}, data.weights.optimal ? 'Optimal' : 'Start'))));
  const body = element('tbody', {'aria-live': 'polite'});
  for (const [key, label] of shownFigures) {
    const chosen = element('td', {class: 'n', 'data-figure': key}), compared = element('td', {class: 'n', 'data-compared': key});
    cells.set(key, [chosen, compared]);
    body.append(element('tr', {}, element('th', {scope: 'row'}, label), chosen, compared));
  }
  table.append(body);
  const figure = element('figure', {}, element('figcaption', {}, sample.liability ? 'Deficit (liabilities less assets) at the horizon' : 'Loss of return over the horizon'),
    element('div', {class: 'legend'}), element('div', {class: 'chart', role: 'img', 'aria-label': 'Histogram of the loss with VaR and CVaR; the numbers are in the table beside it.'}));
  const note = element('p', {class: 'note'},
    `On ${count(data.scenarios)} of the ${count(data.of)} scenarios that the study was measured on. Moving one weight scales the others that are not held, so that they sum to one. ` +
    'A stress hits assets and liabilities at once, before the horizon begins; the scenarios that follow are the same.');
  root.append(element('div', {class: 'what-if'},
    element('div', {class: 'controls'}, element('div', {class: 'weights'}, element('div', {class: 'weight heads', 'aria-hidden': 'true'}, element('span'), element('span'), element('span', {}, 'weight'), element('span', {}, 'hold')),
      ...rows.map(r => r.row)), ...settings.map(s => s.row),
      element('div', {class: 'weight'}, element('label', {for: 'what-if-stress'}, 'Stress'), stress), buttons),
    element('div', {class: 'outcome'}, table, figure)), note,
  element('details', {}, element('summary', {}, 'YAML of the weights chosen'), yaml));

  let found, chart;
  const histogramOf = (_, theme) => {
    const h = histogram(found.loss, sample.probability), kind = sample.liability ? 'surplus' : 'return';
    const valueAtRisk = found[kind + '_var'], cvar = found[kind + '_cvar'], range = h.width * h.share.length;
    return {
      y: 'Share of scenarios',
      legend: [{name: `VaR ${percent(valueAtRisk, 2)}`, colour: theme.fg, kind: 'dash'}, {name: `CVaR ${percent(cvar, 2)}`, colour: theme.bad, kind: 'line'}],
      option: {...base(theme), tooltip: {show: false},
        xAxis: xAxis(theme, 'loss, share of the assets now', {min: h.low, max: h.low + range,
          axisLabel: {formatter: percentTicks(range), showMinLabel: false, showMaxLabel: false}}),
        yAxis: yAxis(theme, percentTicks(Math.max(...h.share)), {min: 0}),
        series: [bins(h, x => x > valueAtRisk ? theme.bad : theme.optimal), rule(valueAtRisk, theme.fg, true), rule(cvar, theme.bad, false)]},
    };
  };

  function set(change) {
    const began = performance.now();
    Object.assign(state, change);
    rows.forEach(({slider, shown}, i) => {
      slider.value = state.weights[i];
      shown.textContent = percent(state.weights[i], 1);
      slider.setAttribute('aria-valuetext', shown.textContent);
    });
    settings.forEach(s => s.show());
    stress.value = state.stress;
    const asked = {confidence: state.confidence, fundingRatio: state.fundingRatio, stress: data.stresses[state.stress]};
    found = measure(sample, {...asked, weights: state.weights});
    const compared = measure(sample, {...asked, weights: start});
    for (const [key, , digits] of shownFigures) {
      const [chosen, beside] = cells.get(key);
      chosen.textContent = percent(found[key], digits);
      chosen.dataset.value = found[key];
      beside.textContent = percent(compared[key], digits);
    }
    yaml.textContent = yamlOf(assets, state.weights);
    chart ||= mount(figure, histogramOf);
    chart.draw();
    root.dataset.milliseconds = performance.now() - began;
  }
  set({});
  // For the browser tests, which compare with the engine's own numbers.
  window.ballast = {set, state, checks: data.checks};
  return chart;
}
