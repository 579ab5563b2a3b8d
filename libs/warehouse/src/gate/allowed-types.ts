/** The types that people's queries may cast to: values, never names of catalog objects (`regclass`), nor row types of system tables. */
export const allowedTypes: ReadonlySet<string> = new Set(
  `bit bool box bpchar bytea char cidr circle date datemultirange daterange float4 float8 inet int2 int4 int4multirange int4range
  int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange
  path point polygon record text time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector
  uuid varbit varchar`.split(/\s+/),
);
