/** Draws an ECharts option at the size of its place, in the fonts and colours of the page. The picture is hidden from assistive technology: its owner gives the words. */
import { Component, input } from '@angular/core';
import { NgxEchartsDirective, provideEchartsCore } from 'ngx-echarts';
import * as echarts from './echarts-core';
import type { ChartEchartsOption } from './echarts-types';

@Component({
  selector: 'fr-chart-canvas',
  imports: [NgxEchartsDirective],
  providers: [provideEchartsCore({ echarts })],
  template: `<div echarts class="canvas" aria-hidden="true" [initOpts]="svg" [options]="option()"></div>`,
  styles: `
    :host {
      display: block;
      position: relative;
      min-height: 120px;
      height: 100%;
    }
    .canvas {
      position: absolute;
      inset: 0;
    }
  `,
})
export class ChartCanvas {
  readonly option = input.required<ChartEchartsOption>();
  protected readonly svg = { renderer: 'svg' } as const;
}
