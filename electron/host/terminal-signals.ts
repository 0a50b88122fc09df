/** A terminal's stop and interrupt keys reach every process of its group; ours end by their owner's word alone. */

const SIGNALS = ['SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGINT', 'SIGHUP'] as const;

export function ignoreTerminalSignals(): void {
  for (const signal of SIGNALS) process.on(signal, () => undefined);
}
