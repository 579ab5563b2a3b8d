/** ECharts with only the charts and components in use. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendScrollComponent, TooltipComponent } from 'echarts/components';
import * as core from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

core.use([
  BarChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendScrollComponent,
  TooltipComponent,
  SVGRenderer,
]);

export const { init, registerTheme, getInstanceByDom, dispose } = core;
