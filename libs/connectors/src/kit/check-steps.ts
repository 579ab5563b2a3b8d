/** Runs a check step by step, so that a person sees how far it gets and what to put right. */
import { toFreshetError } from '@freshet/contracts';
import { wasCancelled } from './cancelled';
import type { CheckResult, CheckStep } from './connector';
import type { ConnectorContext } from './context';

/** Does one step and says in a sentence what was found; its error becomes the step's message. */
export type Step = <T>(name: string, work: () => Promise<T>, message: (result: T) => string) => Promise<T>;

/** Stops at the first step that fails; throws `cancelled` alone. */
export const checkSteps = async (
  { signal }: Pick<ConnectorContext, 'signal'>,
  carryOut: (step: Step) => Promise<unknown>,
): Promise<CheckResult> => {
  const checks: CheckStep[] = [];
  const step: Step = async (name, work, message) => {
    try {
      const result = await work();
      checks.push({ name, ok: true, message: message(result) });
      return result;
    } catch (error) {
      const { message: what, details } = toFreshetError(error);
      checks.push({ name, ok: false, message: details.action ? `${what} ${details.action}` : what });
      throw error;
    }
  };
  try {
    await carryOut(step);
  } catch (error) {
    if (wasCancelled(signal) || checks.every(({ ok }) => ok)) throw error;
  }
  return { ok: checks.every(({ ok }) => ok), checks };
};
