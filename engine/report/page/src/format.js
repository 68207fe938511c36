// Numbers and texts as people read them.

const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 4});
const plain = new Intl.NumberFormat('en', {maximumFractionDigits: 2});

/** A minus sign for a hyphen, and none before zeros. */
const signed = digits => /[1-9]/.test(digits) ? digits.replace('-', '−') : digits.replace('-', '');
export const percent = (x, digits = 1) => Number.isFinite(x) ? signed((100 * x).toFixed(digits)) + '%' : '–';
export const money = x => Number.isFinite(x) ? signed(compact.format(x)) : '–';
export const number = x => Number.isFinite(x) ? signed(plain.format(x)) : '–';
export const fixed = (x, digits) => Number.isFinite(x) ? signed(x.toFixed(digits)) : '–';
export const count = x => new Intl.NumberFormat('en').format(x);

/** As many digits as tell the ticks of an axis of this range apart. */
export const percentTicks = range => x => percent(x, range < 0.03 ? 2 : range < 0.15 ? 1 : 0);

const entities = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
/** Names are the user's: ECharts takes tooltips as HTML. */
export const escape = text => String(text).replace(/[&<>"']/g, c => entities[c]);
/** Long names in full would cover the page. */
export const short = (text, length = 40) => text.length > length ? text.slice(0, length - 1) + '…' : text;

/** Left out in the middle: names of stresses differ at their ends. */
export const elided = (text, length) => text.length <= length ? text :
  `${text.slice(0, Math.max(1, Math.floor(length * 0.4)))}…${text.slice(-Math.max(1, Math.floor(length * 0.6) - 1))}`;

/** In two lines of at most `length` letters, broken where a word ends; what does not fit is left out of the second. */
export function inTwoLines(text, length) {
  if (text.length <= length) return text;
  const room = Math.max(1, Math.floor(length)), ends = [' ', '/', '_'].map(c => text.lastIndexOf(c, room - 1)).find(at => at > 2);
  const first = text.slice(0, ends ? ends + 1 : room);
  return `${first.trimEnd()}\n${elided(text.slice(first.length), room)}`;
}

/** A tooltip: a heading and rows of [label, value]. */
export const tip = (heading, rows) => `<b>${escape(short(heading, 80))}</b><table>` +
  rows.map(([label, value]) => `<tr><td>${escape(short(label, 60))}</td><td style="text-align:right;padding-left:1em">` +
    `${escape(value)}</td></tr>`).join('') + '</table>';
