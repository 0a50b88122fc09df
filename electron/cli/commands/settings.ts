/** `holdfast settings`: what a person may set of the engine. What the window alone knows (its look, its notices) is set there. */
import type { CallOutput, EngineSettings } from '../../../shared/control/calls.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { SETTINGS } from '../words.ts';

export function settingsListCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('engineSettings', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else show(context, answer.value);
    return EXIT.ok;
  });
}

export function settingsSetCommand(context: CliContext, name: string, value: string): Promise<number> {
  const wanted = parse(name, value);
  if (!wanted.ok) return Promise.resolve(context.fail(wanted.error));
  return context.withEngine(async (client) => {
    const answer = await client.call('engineSettingsSet', wanted.value);
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(SETTINGS.set(name, value));
    return EXIT.ok;
  });
}

/** The engine judges the value; here only its form is settled. */
function parse(name: string, value: string): Result<Partial<EngineSettings>> {
  if (name === 'fail' && (value === 'open' || value === 'closed')) return ok({ fail: value });
  if (name === 'deadlineMs' && /^\d{1,4}$/.test(value)) return ok({ deadlineMs: Number(value) });
  return fail('usage', name === 'fail' || name === 'deadlineMs' ? SETTINGS.badValue[name](visible(value)) : SETTINGS.unknown(visible(name)));
}

function show(context: CliContext, { settings, lockedByPolicy }: CallOutput<'engineSettings'>): void {
  const rows = Object.entries(settings).map(([name, value]) => [name, String(value), [SETTINGS.means(name, value), ...(lockedByPolicy.includes(name) ? [SETTINGS.locked] : [])].join('; ')]);
  context.print(...table(SETTINGS.columns.map((title) => ({ title })), rows, context.width));
  context.print('', SETTINGS.change(context.hint('settings set fail closed')));
}
