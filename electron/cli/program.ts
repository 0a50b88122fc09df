/** The command tree: what can be typed, and which command runs for it. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ACTIONS } from '../../shared/history/entry.ts';
import { allowListCommand, allowRevokeCommand } from './commands/allow.ts';
import { allowAddCommand, type AllowOptions } from './commands/allow-add.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand, type HistoryOptions } from './commands/history.ts';
import { pauseCommand, resumeCommand, stopCommand } from './commands/pause.ts';
import { rehearseCommand, type RehearseOptions } from './commands/rehearse.ts';
import { rulesCheckCommand } from './commands/rules-check.ts';
import { rulesExcludeCommand, rulesListCommand, rulesPresetCommand, rulesSetCommand, type ExcludeOptions } from './commands/rules.ts';
import { statusCommand } from './commands/status.ts';
import { CliContext, type GlobalOptions } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { addRequired } from './required-options.ts';
import { outputOf, usageLine, wantsJson } from './usage-failure.ts';
import { HELP } from './words.ts';

/** Runs one command line and returns the exit code. `argv` without interpreter and script. */
export async function run(argv: readonly string[], io: CliIo, version: string): Promise<number> {
  let exitCode: number = EXIT.ok;
  const json = wantsJson(argv);
  const program = baseProgram(io, version, json);
  const starter: Starter = (action) => async (command) => {
    exitCode = await action(new CliContext(io, program.opts<GlobalOptions>()), command);
  };
  addLooking(program, starter);
  addRules(program.command('rules').description(HELP.rules), starter);
  addAllow(program.command('allow').description(HELP.allow), starter);
  addControl(program, starter);
  addRehearse(program, starter);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has already shown the help that was asked for, or said to a person what is wrong.
    if (error.exitCode === 0) return EXIT.ok;
    if (json) io.err(usageLine(error.code, error.message));
    return EXIT.usage;
  }
}

/** Turns what a command does into what commander calls. */
type Starter = (action: (context: CliContext, command: Command) => Promise<number>) => (command: Command) => Promise<void>;

function baseProgram(io: CliIo, version: string, json: boolean): Command {
  return new Command('holdfast')
    .description(HELP.program)
    .version(version, '-V, --version', HELP.version)
    .option('--json', HELP.json)
    .option('--data-dir <folder>', HELP.dataDir)
    .option('--instance <name>', HELP.instance)
    .addHelpText('after', HELP.after)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputOf(io, json))
    .exitOverride();
}

/** Commander hands an action its arguments, its options and at last the command itself; each action reads from the latter. */
function action(starter: Starter, run: (context: CliContext, command: Command) => Promise<number>): (...given: unknown[]) => Promise<void> {
  return (...given) => starter(run)(given.at(-1) as Command);
}

function argument(command: Command, index: number): string {
  const value: unknown = command.processedArgs[index];
  return typeof value === 'string' ? value : '';
}

function addLooking(program: Command, starter: Starter): void {
  program
    .command('status')
    .description(HELP.status)
    .action(action(starter, statusCommand));
  program
    .command('doctor')
    .description(HELP.doctor)
    .action(action(starter, doctorCommand));
  const texts = HELP.historyOptions;
  program
    .command('history')
    .description(HELP.history)
    .addOption(new Option('-n, --limit <number>', texts.limit).default(50).argParser(positive))
    .option('--since <time>', texts.since)
    .option('--rule <rule>', texts.rule)
    .addOption(new Option('--action <action>', texts.action).choices(ACTIONS))
    .option('--before <id>', texts.before)
    .option('--group', texts.group)
    .option('--id <id>', texts.id)
    .action(action(starter, (context, command) => historyCommand(context, command.opts<HistoryOptions>())));
}

function addRules(rules: Command, starter: Starter): void {
  rules
    .command('list')
    .description(HELP.rulesList)
    .action(action(starter, rulesListCommand));
  rules
    .command('set')
    .description(HELP.rulesSet)
    .argument('<rule>', HELP.rulesSetRule)
    .argument('<mode>', HELP.rulesSetMode)
    .action(action(starter, (context, command) => rulesSetCommand(context, argument(command, 0), argument(command, 1))));
  rules
    .command('preset')
    .description(HELP.rulesPreset)
    .argument('<name>', HELP.rulesPresetName)
    .action(action(starter, (context, command) => rulesPresetCommand(context, argument(command, 0))));
  rules
    .command('exclude')
    .description(HELP.rulesExclude)
    .argument('[path]', HELP.rulesExcludePath)
    .option('--rule <rule>', HELP.rulesExcludeRule)
    .option('--remove', HELP.rulesExcludeRemove)
    .action(action(starter, (context, command) => rulesExcludeCommand(context, command.args[0], command.opts<ExcludeOptions>())));
  rules
    .command('check')
    .description(HELP.rulesCheck)
    .argument('<path>', HELP.rulesCheckPath)
    .action(action(starter, (context, command) => rulesCheckCommand(context, argument(command, 0))));
}

function addAllow(allow: Command, starter: Starter): void {
  addRequired(allow.command('add').description(HELP.allowAdd).argument('<id>', HELP.allowAddId), [
    { flags: '--for <time...>', description: HELP.allowAddFor },
    { flags: '--reason <text>', description: HELP.allowAddReason },
  ])
    .option('--confirm-permanent', HELP.allowAddConfirm)
    .action(action(starter, (context, command) => allowAddCommand(context, argument(command, 0), command.opts<AllowOptions>())));
  allow
    .command('list')
    .description(HELP.allowList)
    .action(action(starter, allowListCommand));
  allow
    .command('revoke')
    .description(HELP.allowRevoke)
    .argument('<id>', HELP.allowRevokeId)
    .action(action(starter, (context, command) => allowRevokeCommand(context, argument(command, 0))));
}

function addControl(program: Command, starter: Starter): void {
  addRequired(program.command('pause').description(HELP.pause).argument('<minutes>', HELP.pauseMinutes), [{ flags: '--reason <text>', description: HELP.pauseReason }])
    .action(action(starter, (context, command) => pauseCommand(context, argument(command, 0), command.opts<{ reason: string }>())));
  program
    .command('resume')
    .description(HELP.resume)
    .action(action(starter, resumeCommand));
  program
    .command('stop')
    .description(HELP.stop)
    .action(action(starter, stopCommand));
}

function addRehearse(program: Command, starter: Starter): void {
  program
    .command('rehearse')
    .description(HELP.rehearse)
    .addOption(new Option('--only <id>', HELP.rehearseOnly).argParser<string[]>((value, before) => [...before, value]).default([], ''))
    .option('--list', HELP.rehearseList)
    .action(action(starter, (context, command) => rehearseCommand(context, command.opts<RehearseOptions>())));
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Give a whole number above 0.');
  return number;
}
