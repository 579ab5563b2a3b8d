/** Which columns of a result tell its rows apart, as far as the query itself says so: those it groups by. */
import type { Node, SelectStmt } from 'libpg-query';

/**
 * Functions that give one value for each group. What is not among them may give several rows (`unnest`), of which the
 * group's columns would be no key.
 */
const oneValueEach = new Set(
  `count,sum,min,max,avg,stddev,stddev_pop,stddev_samp,variance,var_pop,var_samp,bool_and,bool_or,every,string_agg,array_agg,json_agg,
  jsonb_agg,json_object_agg,jsonb_object_agg,percentile_cont,percentile_disc,mode,row_number,rank,dense_rank,lag,lead,first_value,
  last_value,date_trunc,date_part,date_bin,extract,timezone,make_date,to_char,to_date,age,round,floor,ceil,ceiling,trunc,abs,power,sqrt,
  lower,upper,initcap,btrim,ltrim,rtrim,length,left,right,substr,substring,replace,split_part,concat,concat_ws`.split(
    /,\s*/,
  ),
);

/**
 * Places in the result, from 0, of columns whose values no two rows share, empty ones aside; empty when the query does not
 * tell. Only what is sure: a name alone may be that of a column of a table or of the result, which takes the tables to know.
 */
export const groupKeyOf = ({ op, groupClause = [], targetList = [] }: SelectStmt): number[] => {
  if ((op !== undefined && op !== 'SETOP_NONE') || groupClause.length === 0) return [];
  const values = targetList.map((target) => ('ResTarget' in target ? target.ResTarget.val : undefined));
  if (!values.every((value) => value !== undefined && givesOneColumn(value))) return [];
  const written = values.map(withoutPlaces);
  const places = groupClause.map((item) => ordinalOf(item) ?? written.indexOf(withoutPlaces(item)));
  return places.every((place) => place >= 0 && place < values.length) ? [...new Set(places)] : [];
};

/** `GROUP BY 2` */
const ordinalOf = (item: Node): number | undefined => {
  if (!('A_Const' in item)) return undefined;
  const { ival } = item.A_Const as { ival?: { ival?: number } };
  return ival ? (ival.ival ?? 0) - 1 : -1;
};

const withoutPlaces = (node: unknown): string =>
  JSON.stringify(node, (key, value: unknown) => (key === 'location' ? undefined : value));

/** One value in one column for each row of the result. */
const givesOneColumn = (node: unknown): boolean => {
  if (typeof node !== 'object' || node === null) return true;
  return Object.entries(node).every(([kind, inner]) => {
    if (kind === 'A_Star') return false;
    if (kind === 'FuncCall' && !oneValueEach.has(functionName(inner))) return false;
    return givesOneColumn(inner);
  });
};

const functionName = (call: unknown): string => {
  const { funcname = [] } = call as { funcname?: { String?: { sval?: string } }[] };
  return funcname.at(-1)?.String?.sval ?? '';
};
