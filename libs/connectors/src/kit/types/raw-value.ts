/** Values as a file format gives them, before they have a column type. */

/** A JSON number that a double can't hold exactly, as its own text. */
export interface ExactNumber {
  number: string;
}

/** An object or a list, as JSON text. */
export interface JsonText {
  json: string;
}

export type RawValue = string | number | boolean | null | ExactNumber | JsonText;

/** In the order of the columns; may end early, the rest is null. */
export type RawRow = RawValue[];
