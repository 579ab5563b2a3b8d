/** Rows as readers give them are the cells of the API already: exact numbers as text, dates and times as ISO 8601. */
import type { Cell } from '@freshet/contracts';

export const cellsOf = (rows: readonly unknown[][]): Cell[][] => rows as Cell[][];
