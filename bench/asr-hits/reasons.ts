/** Why a rule may find something in what the recordings call background. What no entry explains fails the run. */
import type { BackgroundHit } from './count.ts';

interface Reason {
  readonly rule: string;
  /** All of these stand in the named fields, in any case. */
  readonly where: Readonly<Record<string, string>>;
  readonly because: string;
}

const REASONS: readonly Reason[] = [
  {
    rule: 'remote-execution',
    where: { ParentImage: '\\PSEXESVC.exe' },
    because: 'The test itself starts this through PsExec; its service is no descendant of the shell of the test, so the label by descent misses it.',
  },
  {
    rule: 'remote-execution',
    where: { ParentImage: '\\WmiPrvSE.exe', Image: '\\notepad.exe' },
    because: 'The test itself starts this through WMI; what WMI starts is no descendant of the shell of the test.',
  },
  {
    rule: 'remote-execution',
    where: { CommandLine: 'process call create' },
    because: 'The recording of the background ends with a test of T1047 on the same machine: its command asks WMI for a program.',
  },
  {
    rule: 'rare-executables',
    where: { Image: 'C:\\Users\\Public\\splunkd.exe' },
    because: 'The agent of an attack simulator, dropped into the public folder under the name of a Splunk program: nameless, and right to find.',
  },
  {
    rule: 'obfuscated-scripts',
    where: { CommandLine: '$OriginalCommand' },
    because: 'The recording of the background ends with a test of T1027: it hides a command in the registry and runs it decoded.',
  },
  {
    rule: 'obfuscated-scripts',
    where: { CommandLine: 'FromBase64String((gp HKCU:' },
    because: 'The second step of that test: the hidden command is decoded and run.',
  },
];

export function reasonFor({ hit, event }: BackgroundHit): string | null {
  const fits = ({ rule, where }: Reason): boolean => rule === hit.rule.slug && Object.entries(where).every(([field, text]) => String(event.fields[field] ?? '').toLowerCase().includes(text.toLowerCase()));
  return REASONS.find(fits)?.because ?? null;
}
