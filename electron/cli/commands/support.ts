/** `holdfast support`: what helps a maintainer, without names, paths of people or arguments. The engine takes only what is named there. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { visible } from '../output/visible.ts';
import { SUPPORT } from '../words.ts';

const DEFAULT_NAME = 'holdfast-support.json';

export interface SupportOptions {
  readonly out?: string;
}

export function supportCommand(context: CliContext, { out }: SupportOptions): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('supportBundle', {});
    if (!answer.ok) return context.fail(answer.error);
    const bundle = joined(answer.value);
    if (context.json && out === undefined) {
      context.printJson(bundle);
      return EXIT.ok;
    }
    return save(context, path.resolve(out ?? DEFAULT_NAME), bundle);
  });
}

/** One document, as the window saves it. */
function joined({ files }: CallOutput<'supportBundle'>): Record<string, unknown> {
  return Object.fromEntries(files.map(({ name, text }) => [name, JSON.parse(text) as unknown]));
}

/** Only as a new file: one that is there, or a link that somebody laid out, is never written to. */
function save(context: CliContext, file: string, bundle: unknown): number {
  try {
    writeFileSync(file, `${JSON.stringify(bundle, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    return context.fail({ code: 'not-written', message: SUPPORT.notWritten(visible(file), (error as NodeJS.ErrnoException).code ?? '') });
  }
  if (context.json) context.printJson({ savedTo: file });
  else context.print(SUPPORT.saved(visible(file)), SUPPORT.look);
  return EXIT.ok;
}
