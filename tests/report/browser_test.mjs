// usage: node browser_test.mjs BALLAST SOURCE. Ends with 1 when something is not as it should be.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {chromium} from 'playwright-core';
import {hostile, makePages, runWithBalance} from './studies.mjs';

const [, , ballast, source] = process.argv;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-pages-'));
let failures = 0;
function expect(condition, what) {
  if (condition) return;
  ++failures;
  console.error('FAILED: ' + what);
}

const pages = makePages(ballast, source, folder);
const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox']});

/** The page, with all of its charts drawn. */
async function open(name, width, colorScheme = 'light') {
  const page = await browser.newPage({viewport: {width, height: 900}, colorScheme});
  const where = `${name} at ${width}: `;
  page.on('console', message => expect(!['error', 'warning'].includes(message.type()), where + message.text().slice(0, 300)));
  page.on('pageerror', error => expect(false, where + error.message));
  page.on('dialog', dialog => { expect(false, where + 'a dialog opened'); dialog.dismiss(); });
  page.on('request', request => expect(request.url().startsWith('file:') || request.url().startsWith('data:'), where + 'asked for ' + request.url().slice(0, 80)));
  await page.goto('file://' + pages[name]);
  await page.waitForFunction(() => document.documentElement.dataset.complete);
  return page;
}

/** Every chart is drawn, nothing sticks out of the page, no text out of its chart, no two texts of a chart overlap. */
async function checkLayout(name, width) {
  const page = await open(name, width, width === 2560 ? 'dark' : 'light');
  const found = await page.evaluate(() => {
    const problems = [];
    if (document.documentElement.scrollWidth > innerWidth) problems.push(`page is ${document.documentElement.scrollWidth} wide`);
    const charts = [...document.querySelectorAll('.chart')];
    for (const chart of charts) {
      const title = chart.closest('figure').querySelector('figcaption').textContent.slice(0, 40), svg = chart.querySelector('svg');
      if (!svg || !svg.querySelector('path')) { problems.push('not drawn: ' + title); continue; }
      const box = svg.getBoundingClientRect(), legend = chart.closest('figure').querySelector('.legend').getBoundingClientRect();
      if (legend.bottom > box.top + 1) problems.push('legend over the plot: ' + title);
      const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect(), /rotate|matrix/.test(t.getAttribute('transform') || '')]).filter(([text]) => text.trim());
      for (const [text, t] of texts) {
        if (t.left < box.left - 3 || t.right > box.right + 3 || t.bottom > box.bottom + 3) problems.push(`'${text.slice(0, 30)}' sticks out of ${title}`);
      }
      const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
      for (let i = 0; i < texts.length; ++i) for (let j = i + 1; j < Math.min(texts.length, 400); ++j) {
        // Boxes around slanted texts overlap where the texts do not.
        if (!(texts[i][2] && texts[j][2]) && overlap(texts[i][1], texts[j][1])) problems.push(`'${texts[i][0].slice(0, 20)}' over '${texts[j][0].slice(0, 20)}' in ${title}`);
      }
    }
    return {charts: charts.length, problems: problems.slice(0, 8)};
  });
  expect(found.charts >= 3, `${name}: only ${found.charts} charts`);
  found.problems.forEach(problem => expect(false, `${name} at ${width}: ${problem}`));
  fs.mkdirSync('shots', {recursive: true});
  await page.screenshot({path: `shots/${name}-${width}.png`, fullPage: true});
  await page.close();
}

/** Histograms: VaR's line stands where the axis has the value that the legend says. Returns how many were looked at. */
async function checkValueAtRisk(page, name) {
  const found = await page.evaluate(() => {
    const all = [], box = element => element.getBoundingClientRect();
    for (const chart of document.querySelectorAll('.chart[data-chart^=loss_], .outcome .chart')) {
      const said = chart.closest('figure').querySelector('.legend').textContent.match(/VaR (−?)([\d.]+)%/);
      const lines = [...chart.querySelectorAll('svg path')].filter(path => path.getAttribute('stroke-dasharray') && box(path).height > 100);
      if (!said || lines.length !== 1) continue;
      const labels = [...chart.querySelectorAll('svg text')].filter(text => /^−?[\d.]+%$/.test(text.textContent));
      const lowest = Math.max(...labels.map(text => box(text).top));
      const ticks = labels.filter(text => box(text).top > lowest - 2)
        .map(text => [Number(text.textContent.replace('−', '-').replace('%', '')), (box(text).left + box(text).right) / 2]);
      if (ticks.length < 2) continue;
      const [[x1, p1], [x2, p2]] = [ticks[0], ticks.at(-1)], value = Number(said[2]) * (said[1] ? -1 : 1);
      all.push({value, line: (box(lines[0]).left + box(lines[0]).right) / 2, expected: p1 + (value - x1) / (x2 - x1) * (p2 - p1)});
    }
    return all;
  });
  for (const {value, line, expected} of found) expect(Math.abs(line - expected) <= 2, `${name}: VaR of ${value}% is drawn at ${line}, the axis has it at ${expected}`);
  return found.length;
}

/** The sliders give the engine's numbers, on its own settings; a dragged weight leaves a sum of one. */
async function checkSliders(name) {
  const page = await open(name, 1280);
  if (!await page.locator('#what-if-panel').count()) { expect(false, name + ': no sliders'); return; }
  const compared = await page.evaluate(() => {
    const results = [], root = document.getElementById('what-if-panel');
    for (const check of window.ballast.checks) {
      window.ballast.set({weights: check.weights, confidence: check.confidence, fundingRatio: check.funding_ratio, stress: check.stress});
      const shown = Object.fromEntries([...root.querySelectorAll('[data-figure]')].map(cell => [cell.dataset.figure, Number(cell.dataset.value)]));
      results.push({check, shown, milliseconds: Number(root.dataset.milliseconds)});
    }
    return results;
  });
  expect(compared.length >= 2, name + ': nothing to check');
  for (const {check, shown} of compared) for (const [figure, engine] of Object.entries(check.result)) {
    const close = Math.abs(shown[figure] - engine) <= Math.max(1e-4 * Math.abs(engine), 5e-6);
    expect(close, `${name}, stress ${check.stress}, confidence ${check.confidence}: ${figure} ${shown[figure]}, the engine has ${engine}`);
  }
  const times = compared.map(c => c.milliseconds).sort((a, b) => a - b);
  console.log(`${name}: ${compared.length} settings agree; a move takes ${times[times.length >> 1].toFixed(1)} ms`);
  expect(await checkValueAtRisk(page, name) > 0, name + ': no histogram with its VaR');
  const slider = page.locator('#weight-0');
  await slider.evaluate(input => { input.value = 0.25; input.dispatchEvent(new Event('input', {bubbles: true})); });
  const sum = await page.evaluate(() => window.ballast.state.weights.reduce((a, b) => a + b, 0));
  expect(Math.abs(sum - 1) < 1e-9, `${name}: dragged weights sum to ${sum}`);
  await page.locator('#weight-0').focus();
  const before = await page.evaluate(() => window.ballast.state.weights[0]);
  await page.keyboard.press('ArrowRight');
  if (name !== 'one_asset') expect(await page.evaluate(() => window.ballast.state.weights[0]) !== before, name + ': the arrow key moves nothing');
  const yaml = await page.locator('#yaml').textContent();
  expect(yaml.startsWith('balance:\n') && yaml.includes('\n  current:\n'), name + ': no YAML of the weights');
  await page.close();
}

/** What the panel copies, put into the study, makes a study whose current portfolio has the panel's numbers. */
async function checkCopiedStudy() {
  const page = await open('quickstart', 1280);
  const {yaml, shown, rows, of} = await page.evaluate(() => {
    window.ballast.set({weights: [0.312345, 0.437655, 0.25], confidence: 0.95, fundingRatio: 1.123, stress: 0});
    const cells = [...document.querySelectorAll('#what-if-panel [data-figure]')];
    const {scenarios, of} = JSON.parse(document.getElementById('data').textContent).what_if;
    return {yaml: document.getElementById('yaml').textContent, rows: scenarios, of,
      shown: Object.fromEntries(cells.map(cell => [cell.dataset.figure, Number(cell.dataset.value)]))};
  });
  await page.close();
  expect(rows === of, 'quickstart: the sliders have not all of its scenarios');
  const found = runWithBalance(ballast, source, folder, yaml);
  const surplus = found.risk.find(row => row.of === 'surplus' && row.portfolio === 'current');
  const engine = {expected_return: found.current.expected_return, return_var: found.current.var, return_cvar: found.current.cvar,
    surplus_var: surplus.var, surplus_cvar: surplus.cvar, funding_ratio: found.balance.funding_ratio};
  for (const [figure, value] of Object.entries(engine)) {
    expect(Math.abs(shown[figure] - value) <= 1e-4 * Math.abs(value), `copied study: ${figure} ${value}, the panel has ${shown[figure]}`);
  }
}

/** The answer is seen without scrolling on a laptop's screen. */
async function checkAnswer(name) {
  const page = await browser.newPage({viewport: {width: 1280, height: 800}});
  await page.goto('file://' + pages[name]);
  const bottom = await page.evaluate(() => document.querySelector('.answers').getBoundingClientRect().bottom);
  expect(bottom <= 800, `${name}: the answer ends at ${bottom}, below the screen`);
  await page.close();
}

/** At first only what is near the window is drawn; paper has everything, in ink on white, nothing cut off at its edge. */
async function checkOpeningAndPrint(name) {
  const page = await browser.newPage({viewport: {width: 1280, height: 900}, colorScheme: 'dark'});
  await page.addInitScript(() => { window.requestIdleCallback = () => 0; });
  await page.goto('file://' + pages[name]);
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  const drawn = () => page.evaluate(() => [document.querySelectorAll('.chart svg').length, document.querySelectorAll('.chart').length]);
  const [first, all] = await drawn();
  expect(first < all / 2, `${name}: ${first} of ${all} charts are drawn before anybody looks`);
  await page.pdf({path: `shots/${name}.pdf`, format: 'A4', printBackground: true});
  const [printed, charts] = await drawn();
  expect(printed === charts, `${name}: ${charts - printed} charts are missing on paper`);
  const dark = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    return getComputedStyle(document.body).backgroundColor;
  });
  expect(dark === 'rgb(255, 255, 255)', `${name}: paper is ${dark}`);
  await page.close();
}

for (const name of Object.keys(pages)) {
  expect(fs.statSync(pages[name]).size < 2e6, `${name}: ${fs.statSync(pages[name]).size} bytes`);
  for (const width of [320, 1280, 2560]) await checkLayout(name, width);
  await checkSliders(name);
}
await checkOpeningAndPrint('everything');
await checkAnswer('quickstart');
await checkAnswer('everything');
await checkCopiedStudy();
const page = await open('hostile', 1280);
const text = await page.evaluate(() => document.body.textContent);
for (const name of hostile) expect(text.includes(name), 'a hostile name is not shown as it is: ' + name.slice(0, 40));
expect(await page.locator('h1').textContent() === hostile[0], 'the title is not the name of the study');
await browser.close();
fs.rmSync(folder, {recursive: true});
console.log(failures ? `${failures} failures` : 'every page as it should be');
process.exit(failures ? 1 : 0);
