/** Colours of a chart for light and dark surfaces: distinguishable with the common colour-vision deficiencies, each at least 3:1 on its surface. */

/** Literal values, since SVG attributes take no CSS variables; the greys are those of the page's tokens. */
export interface ChartTheme {
  palette: readonly string[];
  text: string;
  muted: string;
  grid: string;
  surface: string;
}

/** The page's own family, spelled out: ECharts measures text by it and knows no `inherit`. */
export const chartFont =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

const light: ChartTheme = {
  palette: ['#00788a', '#d1560b', '#5b5bd6', '#b0357f', '#8a6d00', '#4b5563', '#3f8f46', '#a33b2b'],
  text: '#152022',
  muted: '#55636a',
  grid: '#dde3e4',
  surface: '#ffffff',
};

const dark: ChartTheme = {
  palette: ['#5fd0e4', '#ff9a5c', '#a9a9ff', '#ff8fc7', '#e3c24c', '#b8c2cc', '#6fbe77', '#ff8a80'],
  text: '#e6ecee',
  muted: '#a3b0b5',
  grid: '#2d3538',
  surface: '#171c1e',
};

export const chartTheme = (isDark: boolean): ChartTheme => (isDark ? dark : light);
