/** The command tree: what can be typed, and which command runs for it. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ACTIONS } from '../../shared/history/entry.ts';
import { allowListCommand, allowRevokeCommand } from './commands/allow.ts';
import { allowAddCommand, type AllowOptions } from './commands/allow-add.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand, type HistoryOptions } from './commands/history.ts';
import { pauseCommand, resumeCommand, stopCommand } from './commands/pause.ts';
import { rehearseCommand, type RehearseOptions } from './commands/rehearse.ts';
import { SIGMA_LEVEL_NAMES } from '../../shared/packs/levels.ts';
import { readinessStateSchema, TRUST_LEVELS } from '../../shared/packs/pack.ts';
import { replayCommand, type ReplayOptions } from './commands/replay.ts';
import { rulesCheckCommand } from './commands/rules-check.ts';
import { rulesExcludeCommand, rulesListCommand, rulesPresetCommand, rulesSetCommand, type ExcludeOptions } from './commands/rules.ts';
import { rulesImportCommand, rulesRemoveCommand, rulesTrustCommand, rulesUnmuteCommand, type ImportOptions } from './commands/rules-packs.ts';
import type { SigmaListOptions } from './commands/rules-sigma.ts';
import { settingsListCommand, settingsSetCommand } from './commands/settings.ts';
import { statusCommand } from './commands/status.ts';
import { supportCommand, type SupportOptions } from './commands/support.ts';
import { CliContext, type GlobalOptions } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { addRequired } from './required-options.ts';
import { outputOf, usageLine, wantsJson } from './usage-failure.ts';
import { HELP } from './words.ts';
import { PACK_HELP } from './words-packs.ts';
import { REPLAY_HELP } from './words-replay.ts';

/** Runs one command line and returns the exit code. `argv` without interpreter and script. */
export async function run(argv: readonly string[], io: CliIo, version: string): Promise<number> {
  let exitCode: number = EXIT.ok;
  const json = wantsJson(argv);
  const program = baseProgram(io, version, json);
  const starter: Starter = (action) => async (command) => {
    exitCode = await action(new CliContext(io, program.opts<GlobalOptions>()), command);
  };
  addLooking(program, starter);
  const rules = program.command('rules').description(HELP.rules);
  addRules(rules, starter);
  addPacks(rules, starter);
  addAllow(program.command('allow').description(HELP.allow), starter);
  addControl(program, starter);
  addSettings(program, starter);
  addRehearse(program, starter);
  addReplay(program, starter);
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
    .option('--sigma', PACK_HELP.listSigma)
    .option('--pack <pack>', PACK_HELP.listPack)
    .addOption(new Option('--readiness <state>', PACK_HELP.listReadiness).choices(readinessStateSchema.options))
    .addOption(new Option('--level <level>', PACK_HELP.listLevel).choices(SIGMA_LEVEL_NAMES))
    .option('--search <text>', PACK_HELP.listSearch)
    .addOption(new Option('-n, --limit <number>', PACK_HELP.listLimit).default(200).argParser(positive))
    .action(action(starter, (context, command) => rulesListCommand(context, command.opts<SigmaListOptions>())));
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
    .argument('<path...>', HELP.rulesCheckPath)
    .action(action(starter, (context, command) => rulesCheckCommand(context, command.args)));
}

function addPacks(rules: Command, starter: Starter): void {
  rules
    .command('import')
    .description(PACK_HELP.import)
    .argument('<path>', PACK_HELP.importPath)
    .option('--name <name>', PACK_HELP.importName)
    .option('--trust <level>', PACK_HELP.importTrust)
    .action(action(starter, (context, command) => rulesImportCommand(context, argument(command, 0), command.opts<ImportOptions>())));
  rules
    .command('remove')
    .description(PACK_HELP.remove)
    .argument('<pack>', PACK_HELP.pack)
    .action(action(starter, (context, command) => rulesRemoveCommand(context, argument(command, 0))));
  rules
    .command('trust')
    .description(PACK_HELP.trust)
    .argument('<pack>', PACK_HELP.pack)
    .argument('<level>', PACK_HELP.trustLevel)
    .action(action(starter, (context, command) => rulesTrustCommand(context, argument(command, 0), argument(command, 1))));
  rules
    .command('unmute')
    .description(PACK_HELP.unmute)
    .argument('<rule>', PACK_HELP.unmuteRule)
    .action(action(starter, (context, command) => rulesUnmuteCommand(context, argument(command, 0))));
}

function addAllow(allow: Command, starter: Starter): void {
  addRequired(allow.command('add').description(HELP.allowAdd).argument('<id>', HELP.allowAddId), [
    { flags: '--for <time...>', description: HELP.allowAddFor },
    { flags: '--reason <text>', description: HELP.allowAddReason },
  ])
    .option('--confirm-permanent', HELP.allowAddConfirm)
    .option('--any-arguments', HELP.allowAddAnyArguments)
    .option('--any-parent', HELP.allowAddAnyParent)
    .option('--confirm-wider', HELP.allowAddConfirmWider)
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
  addRequired(program.command('pause').description(HELP.pause).argument('[minutes]', HELP.pauseMinutes).option('--until-restart', HELP.pauseUntilRestart), [{ flags: '--reason <text>', description: HELP.pauseReason }])
    .action(action(starter, (context, command) => pauseCommand(context, command.args[0], command.opts<{ reason: string; untilRestart?: boolean }>())));
  program
    .command('resume')
    .description(HELP.resume)
    .action(action(starter, resumeCommand));
  program
    .command('stop')
    .description(HELP.stop)
    .action(action(starter, stopCommand));
}

function addSettings(program: Command, starter: Starter): void {
  const settings = program.command('settings').description(HELP.settings);
  settings
    .command('list', { isDefault: true })
    .description(HELP.settingsList)
    .action(action(starter, settingsListCommand));
  settings
    .command('set')
    .description(HELP.settingsSet)
    .argument('<name>', HELP.settingsName)
    .argument('<value>', HELP.settingsValue)
    .action(action(starter, (context, command) => settingsSetCommand(context, argument(command, 0), argument(command, 1))));
  program
    .command('support')
    .description(HELP.support)
    .option('--out <file>', HELP.supportOut)
    .action(action(starter, (context, command) => supportCommand(context, command.opts<SupportOptions>())));
}

function addRehearse(program: Command, starter: Starter): void {
  program
    .command('rehearse')
    .description(HELP.rehearse)
    .addOption(new Option('--only <id>', HELP.rehearseOnly).argParser<string[]>((value, before) => [...before, value]).default([], ''))
    .option('--list', HELP.rehearseList)
    .action(action(starter, (context, command) => rehearseCommand(context, command.opts<RehearseOptions>())));
}

function addReplay(program: Command, starter: Starter): void {
  program
    .command('replay')
    .description(REPLAY_HELP.replay)
    .argument('<input...>', REPLAY_HELP.input)
    .addOption(new Option('--rules <source>', REPLAY_HELP.rules).argParser<string[]>((value, before) => [...before, value]).default([], ''))
    .addOption(new Option('--trust <level>', REPLAY_HELP.trust).choices(TRUST_LEVELS).default('observe', ''))
    .option('--no-asr', REPLAY_HELP.noAsr)
    .option('--no-behavior', REPLAY_HELP.noBehavior)
    .option('--no-model', REPLAY_HELP.noModel)
    .action(action(starter, (context, command) => replayCommand(context, command.args, command.opts<ReplayOptions>())));
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Give a whole number above 0.');
  return number;
}
