/** How often a literal is expected, from its look alone: nothing is known yet about the device the rules will run on. */
import type { Literal } from './literal.ts';

/** What very many events hold: services and what they start are most of what a device runs. */
const FREQUENT: readonly string[] = ['c:\\windows\\system32\\', 'nt authority\\system', 'microsoft corporation', 'microsoft\u00ae windows\u00ae operating system', '.exe"', '0x3e7'];
/** Values of fields that have few, such as levels of integrity. */
const FREQUENT_VALUES: ReadonlySet<string> = new Set(['system', 'high', 'medium', 's-1-16-16384', 's-1-16-12288', 's-1-16-8192', 'true', 'false', '0', '1']);
/** What ordinary events hold anyway. A literal that stands in one of these says little, however long it is. */
export const ORDINARY: readonly string[] = [
  'c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe',
  '"c:\\windows\\system32\\cmd.exe" /c',
  'powershell.exe -noprofile -executionpolicy bypass -command',
  'c:\\windows\\system32\\svchost.exe -k netsvcs -p -s',
  'c:\\windows\\explorer.exe',
  'c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1',
  'c:\\windows\\system32\\services.exe',
  'c:\\windows\\system32\\rundll32.exe',
  'c:\\windows\\system32\\reg.exe add hklm\\software\\microsoft\\windows\\currentversion /v /t /d /f',
  'c:\\windows\\syswow64\\',
  'c:\\program files (x86)\\microsoft',
  'c:\\users\\administrator\\appdata\\local\\temp\\',
  'microsoft corporation',
  'microsoft\u00ae windows\u00ae operating system',
  'nt authority\\system',
  'https://www.',
];
/** More of what command lines are made of; says nothing of how often, but which letters ordinarily stand together. */
export const ORDINARY_WORDS: readonly string[] = [
  'c:\\program files\\windows defender\\mpcmdrun.exe" -scan -scheduletrigger -restrictprivileges',
  'c:\\program files (x86)\\microsoft\\edgeupdate\\microsoftedgeupdate.exe" /ua /installsource scheduler',
  'c:\\program files\\google\\chrome\\application\\chrome.exe" --type=renderer --field-trial-handle --disable-features --enable-automation --lang=en-us',
  'c:\\program files\\common files\\microsoft shared\\clicktorun\\officeclicktorun.exe /service update user',
  'c:\\windows\\system32\\taskhostw.exe backgroundtaskhost.exe -servername:app.appx.mca',
  'c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\ngen.exe install "system.management.automation" /nologo /silent',
  'msiexec.exe /i setup.msi /quiet /norestart',
  'sc query type= service state= all',
  'ping -n 3 127.0.0.1 192.168.1.1',
  'net user administrator /domain',
  'wmic process list schtasks /create /tn /sc /ru system',
  'python.exe -m pip install --upgrade node.exe npm start git.exe status --porcelain',
];

/** A literal that stands in one of the frequent, or one of the ordinary values, is in no fewer events than this. */
const LEAST_FREQUENT = 0.5;
const LEAST_ORDINARY = 0.1;
const LEAST_SHARE = 1e-5;
/** Each further letter makes a literal rarer; an edge of the text weighs as much as two letters. A letter that ordinary values do not have is rare by itself. */
const FIRST_LETTER = 0.9;
const NEXT_LETTER = 0.35;
const RARE_LETTER = 0.15;
const ORDINARY_LETTERS: ReadonlySet<string> = new Set([...ORDINARY, ...ORDINARY_WORDS].join(''));

export function expectedShare(literal: Literal): number {
  const { text, atBegin, atEnd } = literal;
  if (text === '') return atEnd ? 0.01 : 1;
  const weight = text.length - 1 + (atBegin ? 2 : 0) + (atEnd ? 2 : 0);
  const first = Array.from(text).every((letter) => ORDINARY_LETTERS.has(letter)) ? FIRST_LETTER : RARE_LETTER;
  const share = Math.max(LEAST_SHARE, first * NEXT_LETTER ** weight);
  return Math.max(share, leastShare(literal));
}

function leastShare({ text, atBegin, atEnd }: Literal): number {
  if (FREQUENT.some((one) => one.includes(text)) || (atBegin && atEnd && FREQUENT_VALUES.has(text))) return LEAST_FREQUENT;
  const ordinary = ORDINARY.filter((one) => one.includes(text)).length;
  return ordinary === 0 ? 0 : Math.max(LEAST_ORDINARY, ordinary / ORDINARY.length);
}
