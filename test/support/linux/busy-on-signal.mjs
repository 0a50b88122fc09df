/** Loaded with --import into a process under test: SIGUSR2 keeps its loop busy for five seconds, as an endless computation would. */
const BUSY_MS = 5_000;

process.on('SIGUSR2', () => {
  const end = performance.now() + BUSY_MS;
  while (performance.now() < end);
});
