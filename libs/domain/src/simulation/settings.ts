/**
 * How much to try: fixed seeds by default, so that a red run is red for everybody. For a long search give others:
 * `jest -c libs/domain/jest.config.ts --globals '{"simulation":{"seed":7,"times":50}}'`.
 */
interface SimulationSettings {
  seed: number;
  /** Multiplies the number of runs of each property. */
  times: number;
}

const given = (globalThis as { simulation?: Partial<SimulationSettings> }).simulation;

export const settings: SimulationSettings = { seed: 20_260, times: 1, ...given };
