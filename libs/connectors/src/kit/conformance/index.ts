export { describeConnector } from './describe-connector';
export type {
  Abilities,
  ConnectorUnderTest,
  Days,
  ExpectedRow,
  FaultKind,
  StandInFault,
  Started,
  StreamUnderTest,
} from './connector-under-test';
export { SuiteClock } from './suite-clock';
