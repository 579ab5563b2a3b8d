/** Tells what is being done and how long it took, one line each, so that logs of terminals and of CI read alike. */

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

export function say(line) {
  console.log(line);
}

/**
 * Runs the work under a title. While it takes long, says every 15 seconds that it goes on. `quick` hides work that
 * took less than a second.
 */
export async function step(title, work, { quick = false } = {}) {
  const started = Date.now();
  if (!quick) say(`· ${title} …`);
  const ticking = setInterval(
    () => say(`· ${title} … ${Math.round((Date.now() - started) / 1000)} s so far`),
    15_000,
  );
  try {
    const result = await work();
    const took = Date.now() - started;
    if (!quick || took > 1000) say(`✓ ${title} (${seconds(took)})`);
    return result;
  } catch (error) {
    say(`✗ ${title} (${seconds(Date.now() - started)})`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}
