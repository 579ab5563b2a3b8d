/** Things that go wrong and that the person at the terminal can put right: told in one sentence, without a stack. */

export class Plain extends Error {}

/** Prints the sentence of a known problem, or the whole of an unknown one, and returns the exit code. */
export function explain(error) {
  if (error instanceof Plain) console.error(`\n${error.message}`);
  else if (error?.code === 'ENOSPC')
    console.error(
      `\nThe disk is full${error.path ? ` (writing ${error.path})` : ''}: free some space and start again.`,
    );
  else console.error(error);
  return 1;
}
