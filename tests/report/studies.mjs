// The studies whose pages are looked at.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const hostile = ['</script><script>alert(1)</script>', `"quoted" 'and' <b>&amp;`, '=1+1', 'x'.repeat(10000)];

/** Returns of `assets` on `rows` scenarios, the same at every call. */
function ownScenarios(names, rows) {
  let state = 12345;
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const quoted = names.map(name => `"${name.replaceAll('"', '""')}"`);
  const lines = [[...quoted, 'liability'].join(',')];
  for (let s = 0; s < rows; ++s) {
    const market = next() + next() + next() - 1.5;
    lines.push([...names.map((_, k) => (0.05 + 0.1 * market + 0.05 * (next() - 0.5) * (1 + k % 5)).toFixed(6)), (0.95 + 0.05 * next()).toFixed(6)].join(','));
  }
  return lines.join('\n') + '\n';
}

/** Runs quickstart with this section in place of its own, and returns what it found. */
export function runWithBalance(ballast, source, folder, section) {
  const study = fs.readFileSync(path.join(source, 'configs/quickstart.yaml'), 'utf8').replaceAll('../data', path.resolve(source, 'data'));
  const own = /^balance:\n(?: .*\n)*/m;
  if (!own.test(study)) throw new Error('quickstart.yaml has no section balance');
  const file = path.join(folder, 'copied.yaml'), out = path.join(folder, 'copied');
  fs.writeFileSync(file, study.replace(own, () => section));
  execFileSync(ballast, ['run', file, '-o', out, '--quiet'], {stdio: ['ignore', 'ignore', 'inherit']});
  return JSON.parse(fs.readFileSync(path.join(out, 'summary.json'), 'utf8'));
}

/** Runs them all below `folder`: name -> page. */
export function makePages(ballast, source, folder) {
  const pages = {};
  const run = (name, study, options = []) => {
    const out = path.join(folder, name);
    execFileSync(ballast, ['run', study, '-o', out, '--quiet', ...options], {stdio: ['ignore', 'ignore', 'inherit']});
    pages[name] = path.join(out, 'report.html');
  };
  const own = (name, names, rows) => {
    const at = path.join(folder, name + '.study');
    fs.mkdirSync(at, {recursive: true});
    fs.writeFileSync(path.join(at, 'own.csv'), ownScenarios(names, rows));
    fs.writeFileSync(path.join(at, 'study.yaml'), `study: {name: ${JSON.stringify(name === 'hostile' ? hostile[0] : name)}, seed: 1}\n` +
      'scenarios: {model: file, path: own.csv}\noptimize: {objective: min_cvar, loss: surplus, confidence: 0.9}\n');
    run(name, path.join(at, 'study.yaml'));
  };
  run('quickstart', path.join(source, 'configs/quickstart.yaml'));
  run('forty_years', path.join(source, 'configs/quickstart.yaml'), ['--scenarios', '600', '--set', 'scenarios.horizon_years=40', '--set', 'scenarios.optimise_count=1000']);
  run('one_scenario', path.join(source, 'configs/quickstart.yaml'), ['--scenarios', '1', '--set', 'scenarios.optimise_count=1000', '--set', 'optimize.frontier=null']);
  const all = path.join(folder, 'everything.yaml'), data = path.resolve(source, 'data');
  const common = fs.readFileSync(path.join(source, 'configs/quickstart.yaml'), 'utf8').replaceAll('../data', data);
  const variant = (name, from, to) => {
    if (!common.includes(from)) throw new Error(`quickstart.yaml has no '${from}'`);
    fs.writeFileSync(path.join(folder, name), common.replace(from, to).replace('windows: 3, years: 1}}]',
      'windows: 3, years: 1}}, {name: equity and rates, grid: {assets: [equity]}}, {reverse: {funding_ratio: 0.9}}]') + '  zero_rates: true\n');
  };
  // What one study cannot have at once: a policy, and views.
  const few = ['--scenarios', '3000', '--set', 'scenarios.optimise_count=3000'];
  variant('everything.yaml', 'frontier: {points: 10}', 'frontier: {points: 8, resamples: 20}\n  policy: {change_years: [3, 7], scenarios: 1000, starts: 2, max_evaluations: 60}');
  run('everything', all, few);
  variant('views.yaml', 'stress:', 'views:\n  - {kind: mean, asset: equity, equals: 0.05}\n  - {kind: quantile, zero_rate: 10, level: 0.05, at_least: 0.03}\n  - {kind: correlation, asset: equity, with: long_bonds, equals: -0.1, confidence: 0.5}\nstress:');
  run('views', path.join(folder, 'views.yaml'), [...few, '--set', 'optimize.constraints.min_return=0.03']);
  fs.writeFileSync(path.join(folder, 'regimes.yaml'), common.replace(/  model: block_bootstrap .*\n.*\n/, '  model: regime_switching\n')
    .replace('curve_history:', `spreads: ${data}/credit_spreads_monthly.csv\n  curve_history:`)
    .replace('assets:\n', 'assets:\n  - {name: credit, corporate_bond: {years: 6, spread: investment_grade, default_rate: 0.002, recovery: 0.4}}\n')
    .replace('  frontier: {points: 10}', '  worst_case:\n    - {model: student_t}\n    - {stress: irrbb_2024/EUR}'));
  run('regimes', path.join(folder, 'regimes.yaml'), few);
  own('hostile', hostile, 500);
  own('one_asset', ['only'], 500);
  own('many_assets', Array.from({length: 200}, (_, k) => `asset ${k + 1}`), 1500);
  return pages;
}
