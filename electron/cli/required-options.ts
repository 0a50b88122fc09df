/** Options without which a command can not do anything: all that are missing are named at once. */
import { Option, type Command } from 'commander';

export interface Required {
  readonly flags: string;
  readonly description: string;
}

export function addRequired(command: Command, required: readonly Required[]): Command {
  const options = required.map(({ flags, description }) => new Option(flags, description));
  for (const option of options) command.addOption(option);
  command.usage([...command.registeredArguments.map((argument) => `<${argument.name()}>`), ...options.map(({ flags }) => flags), '[options]'].join(' '));
  return command.hook('preAction', () => {
    const missing = options.filter((option) => isBlank(command.getOptionValue(option.attributeName()))).map(({ flags }) => `'${flags}'`);
    if (missing.length > 0) command.error(`error: required option${missing.length === 1 ? '' : 's'} ${missing.join(' and ')} not specified`);
  });
}

/** A reason of blanks is none. */
function isBlank(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
