// Keeps a core from having nothing to do, at the lowest priority there is. While others leave it next to nothing, it
// sleeps: what it gets then, a percent or two of a core, is a slice in the middle of what is measured.
const ROUND_MS = 50;
const NEXT_TO_NOTHING = 0.1;
const SLEEP_MS = 500;

function round() {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - startedAt < ROUND_MS);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / (performance.now() - startedAt);
  setTimeout(round, share < NEXT_TO_NOTHING ? SLEEP_MS : 0);
}

round();
