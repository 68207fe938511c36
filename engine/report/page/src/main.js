import * as portfolio from './charts_portfolio.js';
import * as rates from './charts_rates.js';
import * as risk from './charts_risk.js';
import * as stress from './charts_stress.js';
import * as time from './charts_time.js';
import {mount} from './draw.js';
import {whatIf} from './what_if_panel.js';

const builders = {...time, ...risk, ...portfolio, ...rates, ...stress};
const data = JSON.parse(document.getElementById('data').textContent);

// A chart is drawn when it comes near the window: the page opens as fast with forty charts as with four. What is left is
// drawn in idle time, so that searching, jumping and printing find it.
const waiting = new Map();
for (const place of document.querySelectorAll('[data-chart]')) {
  const figure = place.closest('figure'), chart = mount(figure, builders[place.dataset.chart], data);
  if (chart) waiting.set(figure, chart);
}
const panel = document.getElementById('what-if-panel');
const drawn = [];

function draw(figure) {
  const chart = waiting.get(figure);
  if (!chart) return;
  waiting.delete(figure);
  near.unobserve(figure);
  chart.draw();
  drawn.push(chart);
}
let panelWaits = panel !== null;
function openPanel() {
  if (!panelWaits) return;
  panelWaits = false;
  near.unobserve(panel);
  drawn.push(whatIf(panel, data.what_if));
}
function drawWaiting() {
  openPanel();
  for (const figure of [...waiting.keys()]) draw(figure);
}
const near = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) entry.target === panel ? openPanel() : draw(entry.target);
  document.documentElement.dataset.ready = '1';
}, {rootMargin: '300px 0px'});
for (const figure of waiting.keys()) near.observe(figure);
if (panel) near.observe(panel);
if (!waiting.size && !panel) document.documentElement.dataset.ready = '1';

const idle = window.requestIdleCallback || (work => setTimeout(() => work({timeRemaining: () => 20}), 30));
function rest(deadline) {
  do {
    const [figure] = waiting.keys();
    if (figure) draw(figure);
    else openPanel();
  } while ((waiting.size || panelWaits) && deadline.timeRemaining() > 15);
  if (waiting.size || panelWaits) idle(rest);
  else document.documentElement.dataset.complete = '1';
}
addEventListener('load', () => idle(rest));

const drawAgain = () => drawn.forEach(chart => chart.draw());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);
// Paper is white, whatever the screen is.
addEventListener('beforeprint', () => { document.documentElement.classList.add('printing'); drawWaiting(); drawAgain(); });
addEventListener('afterprint', () => { document.documentElement.classList.remove('printing'); drawAgain(); });
let width = innerWidth, settling;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(settling);
  settling = setTimeout(drawAgain, 100);
});
