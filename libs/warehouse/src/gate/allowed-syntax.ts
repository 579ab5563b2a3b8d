/** The kinds of syntax that a query may consist of, by the names of PostgreSQL's parse nodes. */
const words = (text: string): string[] => text.trim().split(/\s+/);

export const allowedKinds: ReadonlySet<string> = new Set(
  words(`
  SelectStmt ResTarget WithClause CommonTableExpr CTESearchClause CTECycleClause
  RangeVar RangeSubselect RangeFunction JoinExpr Alias ColumnDef JsonTable JsonTableColumn JsonTablePathSpec
  ColumnRef A_Star A_Const A_Expr A_ArrayExpr A_Indices A_Indirection ParamRef TypeCast TypeName CollateClause RowExpr NamedArgExpr
  BoolExpr NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr SubLink FuncCall SQLValueFunction
  GroupingFunc GroupingSet SortBy WindowDef List String Integer Float Boolean BitString
  JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonObjectAgg JsonArrayAgg JsonAggConstructor JsonKeyValue
  JsonValueExpr JsonFormat JsonOutput JsonReturning JsonIsPredicate JsonFuncExpr JsonBehavior JsonParseExpr JsonScalarExpr
  JsonSerializeExpr JsonArgument`),
);

/** Kinds of nodes in fields that hold one kind only, where the tree doesn't repeat it. */
export const kindOfField: Readonly<Record<string, string>> = {
  alias: 'Alias',
  collClause: 'CollateClause',
  constructor: 'JsonAggConstructor',
  context_item: 'JsonValueExpr',
  cycle_clause: 'CTECycleClause',
  expr: 'JsonValueExpr',
  arg: 'JsonKeyValue',
  format: 'JsonFormat',
  intoClause: 'IntoClause',
  join_using_alias: 'Alias',
  larg: 'SelectStmt',
  on_empty: 'JsonBehavior',
  on_error: 'JsonBehavior',
  output: 'JsonOutput',
  over: 'WindowDef',
  pathspec: 'JsonTablePathSpec',
  rarg: 'SelectStmt',
  returning: 'JsonReturning',
  search_clause: 'CTESearchClause',
  typeName: 'TypeName',
  val: 'JsonValueExpr',
  value: 'JsonValueExpr',
  withClause: 'WithClause',
};

const onlyQueries =
  "Only queries can run here: this one changes something. Freshet's models and syncs write tables.";

/** Sentences for what people try most. */
export const refusedKinds: Readonly<Record<string, string>> = {
  DeleteStmt: onlyQueries,
  InsertStmt: onlyQueries,
  MergeStmt: onlyQueries,
  UpdateStmt: onlyQueries,
  IntoClause: "SELECT INTO can't be used: make the query a model instead.",
  LockingClause: "Queries can't lock rows: leave FOR UPDATE or FOR SHARE out.",
  RangeTableSample: "TABLESAMPLE can't be used here: filter with a condition instead.",
  RangeTableFunc: "XML can't be used in queries.",
  XmlExpr: "XML can't be used in queries.",
  XmlSerialize: "XML can't be used in queries.",
};
