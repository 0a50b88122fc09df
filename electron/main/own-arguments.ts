/**
 * Chromium's switches and ours share one command line; what follows `--` is ours alone, and Chromium takes nothing from
 * there. An unpackaged Electron names the main file as its first argument, a packaged one does not.
 */
export function ownArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  const separator = argv.indexOf('--');
  return argv.slice(separator >= 0 ? separator + 1 : packaged ? 1 : 2);
}
