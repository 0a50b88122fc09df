/** The ways in which look-alikes are started. */
import type { Performance, Stage } from '../behaviour.ts';
import { pipelineProgram, quietProgram, startingProgram, type Command } from '../stand-in-programs.ts';
import { randomName } from '../workplace.ts';

/** A program of this name starts the command. */
export function startedBy(stage: Stage, parentName: string, command: Command): Promise<Performance> {
  return inOrder(stage, { name: parentName, args: [] }, [command]);
}

/** A program of no particular name starts the command. */
export function startedPlainly(stage: Stage, command: Command): Promise<Performance> {
  return startedBy(stage, randomName(), command);
}

/** A program starts the commands one after the other; the last one is what the rule speaks about. */
export async function inOrder(stage: Stage, parent: { readonly name: string; readonly args: readonly string[] }, commands: readonly Command[]): Promise<Performance> {
  const run = await stage.workplace.run(stage.workplace.standIn(parent.name, startingProgram(commands)), parent.args);
  return { kind: 'done', run, target: commands.length - 1, object: commands.at(-1)?.path ?? '' };
}

/** A program connects two commands by a pipe; the reading one is what the rule speaks about. */
export async function piped(stage: Stage, from: Command, to: Command): Promise<Performance> {
  const run = await stage.workplace.run(stage.workplace.standIn(randomName(), pipelineProgram(from, to)));
  return { kind: 'done', run, target: 1, object: to.path };
}

/** A program of this name that does nothing, with these arguments. */
export function idle(stage: Stage, name: string, args: readonly string[], folder?: string): Command {
  return { path: stage.workplace.standIn(name, quietProgram(), folder), argv: [name, ...args] };
}
