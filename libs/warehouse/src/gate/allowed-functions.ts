/**
 * The functions that people's queries may call: what analysts ordinarily need and nothing that reads, writes or waits
 * outside its arguments. From the PostgreSQL 18 manual, chapter 9, by section.
 */
const words = (text: string): string[] => text.trim().split(/\s+/);

const aggregates = words(`
  any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_agg_strict
  json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict jsonb_agg jsonb_agg_strict
  jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode percentile_cont
  percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
  regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`);

const windows = words(
  'cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number',
);

const mathematics = words(`
  abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf
  erfc exp factorial floor gamma gcd lcm lgamma ln log log10 min_scale mod pi pow power radians random random_normal round
  scale sign sin sind sinh sqrt tan tand tanh trim_scale trunc width_bucket num_nonnulls num_nulls`);

const strings = words(`
  ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws convert_from convert_to crc32 crc32c
  decode encode format get_bit get_byte initcap is_normalized left length like_escape lower lpad ltrim md5 normalize octet_length
  overlay position quote_ident quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match regexp_matches
  regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace reverse right rpad rtrim sha224 sha256
  sha384 sha512 similar_to_escape split_part starts_with string_to_array string_to_table strpos substr substring to_ascii to_bin
  to_char to_date to_hex to_number to_oct to_timestamp translate unistr upper gen_random_uuid uuidv4 uuidv7
  uuid_extract_timestamp uuid_extract_version`);

const dates = words(`
  age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days justify_hours
  justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp timeofday
  timezone transaction_timestamp`);

const json = words(`
  array_to_json json_array_element json_array_elements json_array_elements_text json_array_length json_build_array
  json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_keys
  json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_array_elements jsonb_array_elements_text
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_concat jsonb_each jsonb_each_text jsonb_exists jsonb_extract_path
  jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match
  jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
  jsonb_path_query_first_tz jsonb_path_query_tz jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record
  jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb`);

const arraysAndSets = words(`
  array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend
  array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality
  generate_series generate_subscripts trim_array unnest`);

const ranges = words(`
  datemultirange daterange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf multirange nummultirange
  numrange range_merge tsmultirange tsrange tstzmultirange tstzrange upper_inc upper_inf`);

const networks = words(
  'abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network',
);

const textSearch = words(`
  numnode phraseto_tsquery plainto_tsquery querytree setweight strip to_tsquery to_tsvector ts_headline ts_rank ts_rank_cd
  tsvector_to_array websearch_to_tsquery`);

/** A type's name used as a function: `date(x)`, `text(x)`. */
const conversions = words(`
  bool bpchar date float4 float8 int2 int4 int8 interval numeric text time timestamp timestamptz timetz varchar`);

export const allowedFunctions: ReadonlySet<string> = new Set(
  [
    aggregates,
    windows,
    mathematics,
    strings,
    dates,
    json,
    arraysAndSets,
    ranges,
    networks,
    textSearch,
    conversions,
  ].flat(),
);

/** Those whose answer differs from one moment to the next. `age` counts from today when it gets one argument. */
export const clockFunctions: ReadonlySet<string> = new Set(
  words(`age array_sample array_shuffle clock_timestamp gen_random_uuid now random random_normal statement_timestamp timeofday
    transaction_timestamp uuidv4 uuidv7`),
);

/**
 * `(x).name` and `x.name` call a function of one argument, or cast to a type, when there is no such column, so that the
 * names of harmful ones are refused there too. (Others stay allowed: `date`, `name` and `version` are ordinary columns.)
 * By type: names of catalogue objects (`('1259').regclassout` tells which table has that number), rights, XML.
 */
const harmfulAsColumn = new RegExp(
  `^(_?pg_.*|binary_upgrade_.*|lo_.*|loread|lowrite|to_reg.*|_?txid_.*|ts_stat|ts_debug|ts_token_type|.*_to_xml.*|set_config|setseed
  |current_setting|current_schemas|nextval|currval|lastval|setval|obj_description|row_security_active|mxid_age
  |(_|hash_)?acl(item(in|out)?|explode|default|insert|remove|contains)|_?xml(_.*|agg|comment|text|exists|concat2|validate)?
  |brin_.*|gin_clean_.*|.*handler|plpgsql_validator|system|bernoulli|fmgr_.*|amvalidate|oidvectortypes|_?refcursor
  |_?reg(class|collation|config|database|dictionary|namespace|oper|operator|proc|procedure|role|type)(in|out|recv|send)?)$`.replace(
    /\s/g,
    '',
  ),
);

export const isHarmfulAsColumn = (name: string): boolean => harmfulAsColumn.test(name);
