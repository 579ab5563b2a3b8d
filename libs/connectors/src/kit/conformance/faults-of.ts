/** Which faults a stand-in can have. */
import type { ConnectorUnderTest, FaultKind, Started } from './connector-under-test';

export const can = <S extends Started>({ faults }: ConnectorUnderTest<S>, kind: FaultKind): boolean =>
  faults?.includes(kind) ?? true;
