/** Sentences about packs that come from the engine or from reading one. */

const MIB = 1024 * 1024;

export const SOURCE = {
  unreadable: (target: string, code: string) => `${target} can not be read: ${Object.hasOwn(BECAUSE, code) ? BECAUSE[code as keyof typeof BECAUSE] : code}.`,
  noPlainFile: (target: string) => `${target} can not be read: it is neither a folder nor a plain file.`,
  badArchive: (target: string, why: string) => `${target} can not be read as an archive: ${why.replace(/\.+$/, '')}. Nothing of it was taken.`,
  archiveTooLarge: (most: number) => `The archive is larger than ${most / MIB} MiB.`,
  tooManyEntries: (most: number) => `It holds more than ${most} names.`,
  tooManyFiles: (most: number) => `It holds more than ${most} rule files.`,
  tooLarge: (most: number) => `Its rule files are larger than ${most / MIB} MiB together.`,
  tooDeep: (most: number) => `Its folders are nested deeper than ${most}.`,
  fileTooLarge: (most: number) => `is larger than ${most / MIB} MiB`,
  noText: 'is not UTF-8 text',
  link: 'is a link, which is not followed',
  noFile: 'is not a plain file',
  encrypted: 'is encrypted',
  notRead: (code: string) => `can not be read: ${Object.hasOwn(BECAUSE, code) ? BECAUSE[code as keyof typeof BECAUSE] : code}`,
} as const;

const BECAUSE = {
  ENOENT: 'nothing lies there',
  ENOTDIR: 'nothing lies there',
  EACCES: 'this account may not',
  EPERM: 'this account may not',
  ELOOP: 'its links lead round in a circle',
  EISDIR: 'it is a folder',
} as const;

export const PACKS = {
  stoppedByPack: 'A rule of a pack that is trusted to contain asked for it.',
  wouldSuspend: 'The rule asks to suspend the program; this version does not suspend yet, so it was only recorded.',
  linkProblems: (count: number, first: string) => `${count} ${count === 1 ? 'document of a rule pack fits' : 'documents of rule packs fit'} nowhere. The first: ${first}`,
  damaged: 'it is damaged or no container of this Holdfast',
  foreign: 'it was signed by another device',
  newer: 'it was written by a newer Holdfast',
  notOurs: (why: string) => `The packs of rules are not touched: ${why}`,
  setAside: (id: string, aside: string, why: string) => `The rule pack "${id}" could not be used, because ${why}. It was set aside as ${aside}.`,
  leftOut: (id: string, why: string) => `The rule pack "${id}" is left out, because ${why}.`,
  unread: (folder: string, code: string) => `The installed rule packs in ${folder} can not be read (${code}); they are left out.`,
  lastGood: (id: string) => `The last good version of the rule pack "${id}" is in force instead.`,
  keySetAside: (aside: string, why: string) => `The key of this device could not be used, because ${why}. It was set aside as ${aside} and a new one was made; packs signed with the old one have to be imported again.`,
  stateSetAside: (aside: string, why: string) => `The list of muted rules could not be used, because ${why}. It was set aside as ${aside}.`,
  noPack: (id: string) => `There is no rule pack "${id.slice(0, 60)}". "holdfast rules list" names them.`,
  ownStays: 'The pack "own" belongs to the program and can not be removed. Its rules are evidence only unless you trust it with more.',
  ownUnusable: (why: string) => `Holdfast's own rule pack could not be used: ${why}. Install Holdfast again.`,
  ownName: 'The name "own" is that of Holdfast\'s own pack. Choose another with --name.',
  badName: 'The name of a pack needs a letter or a digit. Choose one with --name.',
  tooMany: (most: number) => `There are ${most} packs already, which is the most. Remove one first: holdfast rules remove <pack>`,
  nothingLoads: (refused: number) => `No rule of it can be loaded (${refused} refused), so nothing was changed. "holdfast rules check" names each reason.`,
  notSaved: (why: string) => `The pack could not be saved, so nothing was changed: ${why}`,
  threadEnded: (why: string) => `The rule packs could not be made ready (${why}). What was in force before stays so. Try again; if that fails too, remove the pack that was added last.`,
  threadTooLong: (seconds: number) => `The rule packs could not be made ready within ${seconds} seconds. What was in force before stays so. Try again when the machine is less busy, or take fewer rules.`,
  threadTooLarge: (megabytes: number) => `The rule packs need more than ${megabytes} MB to be made ready. What was in force before stays so. Take fewer rules.`,
  indexUnsaved: (why: string) => `what was worked out of the rule packs could not be kept for the next start (${why})`,
  indexAnew: (why: string) => `the rule packs are read anew, because ${why}`,
  noUpload: 'This import is no longer known: it took too long, or others were begun since. Start it again.',
  uploadTooLarge: (most: number) => `What was sent is larger than ${most / MIB} MiB.`,
  uploadBad: 'What was sent is no rule pack.',
  noRule: (rule: string) => `No muted rule has the id "${rule.slice(0, 100)}". "holdfast rules list" names the muted ones.`,
  mutedLive: (matches: number, starts: number, minutes: number) => `matched ${matches} of ${starts} starts within ${minutes} minutes`,
  mutedAtImport: (matches: number, starts: number) => `matched ${matches} of the last ${starts} starts when it was imported`,
} as const;
