/** The icons of the client, as SVG paths in the bundle: no icon font, no request. Use as `<mat-icon svgIcon="sync" />`. */
import { Injectable, inject } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import * as mdi from '@mdi/js';

export const iconPaths = {
  account: mdi.mdiAccountCircleOutline,
  add: mdi.mdiPlus,
  alert: mdi.mdiAlertCircleOutline,
  audience: mdi.mdiAccountGroupOutline,
  'arrow-left': mdi.mdiArrowLeft,
  'arrow-right': mdi.mdiArrowRight,
  cancel: mdi.mdiCloseCircleOutline,
  cascade: mdi.mdiSourceBranch,
  check: mdi.mdiCheck,
  'check-circle': mdi.mdiCheckCircle,
  'chevron-down': mdi.mdiChevronDown,
  'chevron-right': mdi.mdiChevronRight,
  clock: mdi.mdiClockOutline,
  close: mdi.mdiClose,
  code: mdi.mdiCodeTags,
  copy: mdi.mdiContentCopy,
  dark: mdi.mdiWeatherNight,
  dashboard: mdi.mdiViewDashboardOutline,
  delete: mdi.mdiDeleteOutline,
  donation: mdi.mdiHandHeartOutline,
  down: mdi.mdiArrowDown,
  download: mdi.mdiTrayArrowDown,
  drag: mdi.mdiDragVariant,
  edit: mdi.mdiPencilOutline,
  error: mdi.mdiCloseCircle,
  eye: mdi.mdiEyeOutline,
  'eye-off': mdi.mdiEyeOffOutline,
  file: mdi.mdiFileTableOutline,
  fresh: mdi.mdiCircle,
  handshake: mdi.mdiHandshakeOutline,
  help: mdi.mdiHelpCircleOutline,
  history: mdi.mdiHistory,
  hourglass: mdi.mdiTimerSandEmpty,
  info: mdi.mdiInformationOutline,
  key: mdi.mdiKeyOutline,
  late: mdi.mdiCircleHalfFull,
  light: mdi.mdiWeatherSunny,
  link: mdi.mdiLinkVariant,
  mail: mdi.mdiEmailOutline,
  megaphone: mdi.mdiBullhornOutline,
  message: mdi.mdiMessageTextOutline,
  model: mdi.mdiCubeOutline,
  monetize: mdi.mdiCashMultiple,
  more: mdi.mdiDotsVertical,
  never: mdi.mdiMinus,
  open: mdi.mdiOpenInNew,
  pause: mdi.mdiPauseCircleOutline,
  play: mdi.mdiPlay,
  queued: mdi.mdiTrayFull,
  redo: mdi.mdiRedo,
  refresh: mdi.mdiRefresh,
  retry: mdi.mdiReload,
  save: mdi.mdiContentSaveOutline,
  schedule: mdi.mdiCalendarClockOutline,
  search: mdi.mdiMagnify,
  settings: mdi.mdiCogOutline,
  'sign-out': mdi.mdiLogoutVariant,
  skipped: mdi.mdiDebugStepOver,
  source: mdi.mdiDatabaseOutline,
  stale: mdi.mdiCircleOutline,
  sync: mdi.mdiSync,
  system: mdi.mdiThemeLightDark,
  table: mdi.mdiTable,
  unchanged: mdi.mdiEqual,
  undo: mdi.mdiUndo,
  up: mdi.mdiArrowUp,
  warehouse: mdi.mdiDatabaseSearchOutline,
  warning: mdi.mdiAlertOutline,
  workspace: mdi.mdiFolderOutline,
  'chart-area': mdi.mdiChartAreaspline,
  'chart-bar': mdi.mdiChartBar,
  'chart-hbar': mdi.mdiPoll,
  'chart-kpi': mdi.mdiCounter,
  'chart-line': mdi.mdiChartLine,
  'chart-pie': mdi.mdiChartDonut,
  'chart-stacked': mdi.mdiChartBarStacked,
} as const;

export type IconName = keyof typeof iconPaths;

@Injectable({ providedIn: 'root' })
export class Icons {
  readonly #registry = inject(MatIconRegistry);
  readonly #sanitizer = inject(DomSanitizer);

  /** Makes all names known to `<mat-icon>`. */
  register(): void {
    for (const [name, path] of Object.entries(iconPaths)) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${path}"/></svg>`;
      this.#registry.addSvgIconLiteral(name, this.#sanitizer.bypassSecurityTrustHtml(svg));
    }
  }
}
