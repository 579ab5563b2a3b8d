/** The part of ECharts' option that Freshet's charts use. */
import type {
  BarSeriesOption,
  ComposeOption,
  GridComponentOption,
  LegendComponentOption,
  LineSeriesOption,
  PieSeriesOption,
  TooltipComponentOption,
} from 'echarts';
import type { XAXisComponentOption, YAXisComponentOption } from 'echarts';

export type ChartEchartsOption = ComposeOption<
  | LineSeriesOption
  | BarSeriesOption
  | PieSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>;

/** One axis, usable as either x or y. */
export type AxisOptions = XAXisComponentOption & YAXisComponentOption;
