/** How far back a first sync may go, as people choose it. */
export const historyWindows = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 180, label: '6 months' },
  { days: 365, label: '1 year' },
  { days: 1_095, label: '3 years' },
] as const;
