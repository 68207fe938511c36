// Colours come from the style sheet, so that charts and text change together between light, dark and print.

const names = ['fg', 'muted', 'line', 'card', 'bg', 'optimal', 'current', 'policy', 'liability', 'bad', 'good'];
const assets = {
  light: ['#3b6fd4', '#e0932f', '#2f9e8f', '#c6557d', '#7d5fc4', '#7a9a2e', '#b3603a', '#4aa3d0', '#8a7a5c', '#5c6b7d'],
  dark: ['#6f9bf0', '#f0b45f', '#55c4b4', '#e885a8', '#a98df0', '#a5c556', '#dd8d63', '#7ac6ee', '#b8a785', '#93a3b5'],
};

/** @returns the colours of the scheme now in force */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(names.map(name => [name, style.getPropertyValue('--' + name).trim()]));
  const dark = style.getPropertyValue('--scheme').trim() === 'dark';
  const palette = assets[dark ? 'dark' : 'light'];
  return {...colours, dark, font: getComputedStyle(document.body).fontFamily, asset: k => palette[k % palette.length], portfolio: name => colours[name] || colours.muted};
}
