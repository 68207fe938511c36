import * as portfolio from './charts_portfolio.js';
import * as rates from './charts_rates.js';
import * as risk from './charts_risk.js';
import * as stress from './charts_stress.js';
import * as time from './charts_time.js';
import {mount} from './draw.js';
import {whatIf} from './what_if_panel.js';

const builders = {...time, ...risk, ...portfolio, ...rates, ...stress};
const data = JSON.parse(document.getElementById('data').textContent);
const mounted = [];

for (const place of document.querySelectorAll('[data-chart]')) {
  const chart = mount(place.closest('figure'), builders[place.dataset.chart], data);
  if (chart.draw()) mounted.push(chart);
}
const panel = document.getElementById('what-if-panel');
if (panel) mounted.push(whatIf(panel, data.what_if));

const drawAll = () => mounted.forEach(chart => chart.draw());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
// Paper is white, whatever the screen is.
addEventListener('beforeprint', () => { document.documentElement.classList.add('printing'); drawAll(); });
addEventListener('afterprint', () => { document.documentElement.classList.remove('printing'); drawAll(); });
let width = innerWidth, waiting;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 100);
});
document.documentElement.dataset.ready = '1';
