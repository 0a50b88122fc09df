/** `holdfast pause`, `resume` and `stop`. */
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { localTime } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { PAUSE } from '../words.ts';

const LONGEST_MINUTES = 1_440;

export function pauseCommand(context: CliContext, typedMinutes: string | undefined, options: { readonly reason: string; readonly untilRestart?: boolean }): Promise<number> {
  const { reason, untilRestart = false } = options;
  const minutes = typedMinutes !== undefined && /^\d{1,4}$/.test(typedMinutes) ? Number(typedMinutes) : 0;
  const givenBoth = untilRestart && typedMinutes !== undefined;
  if (givenBoth || (!untilRestart && (minutes < 1 || minutes > LONGEST_MINUTES))) return Promise.resolve(context.fail({ code: 'usage', message: PAUSE.minutes }));
  return context.withEngine(async (client) => {
    const answer = await client.call('pause', untilRestart ? { untilRestart, reason } : { minutes, reason });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(answer.value.until === null ? PAUSE.pausedUntilRestart : PAUSE.paused(visible(localTime(answer.value.until))), PAUSE.resume(context.hint('resume')));
    return EXIT.ok;
  });
}

export function resumeCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const before = await client.call('status', {});
    const answer = await client.call('resume', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(before.ok && before.value.pause === null ? PAUSE.noPause : PAUSE.resumed);
    return EXIT.ok;
  });
}

export function stopCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('stop', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(PAUSE.stopping);
    return EXIT.ok;
  });
}
