/**
 * A command line as rules read it. The first word is the program's own idea of its name and free for the starter to
 * choose: empty, or with spaces in it, it would move every other word and hide it from rules that count words.
 */
export function commandLineText(image: string, argv: readonly string[]): string {
  const [name = '', ...rest] = argv;
  if (argv.length === 0) return '';
  return [name === '' ? image : name.replace(/\s/g, '_'), ...rest].join(' ');
}
