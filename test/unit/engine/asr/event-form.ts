/**
 * Recorded events in the short form of the Windows fixtures, made into events with every field that the recorder writes.
 * A program named without a folder lies where it belongs; what is not given is an ordinary program of a person.
 */
import { createHash } from 'node:crypto';
import { RECORDED_KINDS, type RecordedKind } from '../../../../electron/engine/asr/recorded-events.ts';
import type { RuleEvent } from '../../../../electron/engine/rules/set/rule-event.ts';

/** Fields under the names of the recorder, and a name for people. */
export type EventForm = Readonly<Record<string, string | number>> & { readonly name: string };

type Fields = Record<string, string | number>;

const SYSTEM = String.raw`C:\Windows\System32`;
const OFFICE = String.raw`C:\Program Files\Microsoft Office\root\Office16`;
const PROGRAMS = String.raw`C:\Program Files`;

/** Where well-known programs lie, and the name that their maker gave them where it is another one. */
const KNOWN: Readonly<Record<string, readonly [folder: string, original?: string]>> = {
  'cmd.exe': [SYSTEM, 'Cmd.Exe'],
  'powershell.exe': [String.raw`${SYSTEM}\WindowsPowerShell\v1.0`, 'PowerShell.EXE'],
  'pwsh.exe': [String.raw`${PROGRAMS}\PowerShell\7`, 'pwsh.dll'],
  'mshta.exe': [SYSTEM, 'MSHTA.EXE'],
  'rundll32.exe': [SYSTEM, 'RUNDLL32.EXE'],
  'regsvr32.exe': [SYSTEM, 'REGSVR32.EXE'],
  'certutil.exe': [SYSTEM, 'CertUtil.exe'],
  'vssadmin.exe': [SYSTEM, 'VSSADMIN.EXE'],
  'ping.exe': [SYSTEM, 'ping.exe'],
  'wmic.exe': [String.raw`${SYSTEM}\wbem`],
  'WmiPrvSE.exe': [String.raw`${SYSTEM}\wbem`, 'Wmiprvse.exe'],
  'scrcons.exe': [String.raw`${SYSTEM}\wbem`],
  'mofcomp.exe': [String.raw`${SYSTEM}\wbem`],
  'unsecapp.exe': [String.raw`${SYSTEM}\wbem`],
  'explorer.exe': [String.raw`C:\Windows`, 'EXPLORER.EXE'],
  'PSEXESVC.exe': [String.raw`C:\Windows`, 'psexesvc.exe'],
  'w3wp.exe': [String.raw`${SYSTEM}\inetsrv`],
  'WINWORD.EXE': [OFFICE, 'WinWord.exe'],
  'EXCEL.EXE': [OFFICE, 'Excel.exe'],
  'POWERPNT.EXE': [OFFICE],
  'OUTLOOK.EXE': [OFFICE],
  'MSACCESS.EXE': [OFFICE],
  'ONENOTE.EXE': [OFFICE],
  'EQNEDT32.EXE': [String.raw`${PROGRAMS}\Common Files\Microsoft Shared\EQUATION`],
  'AcroRd32.exe': [String.raw`C:\Program Files (x86)\Adobe\Acrobat Reader DC\Reader`],
  'Acrobat.exe': [String.raw`${PROGRAMS}\Adobe\Acrobat DC\Acrobat`],
  'FoxitPDFReader.exe': [String.raw`C:\Program Files (x86)\Foxit Software\Foxit PDF Reader`],
  'SumatraPDF.exe': [String.raw`${PROGRAMS}\SumatraPDF`],
  'thunderbird.exe': [String.raw`${PROGRAMS}\Mozilla Thunderbird`],
  'msedge.exe': [String.raw`C:\Program Files (x86)\Microsoft\Edge\Application`],
  'chrome.exe': [String.raw`${PROGRAMS}\Google\Chrome\Application`],
  'firefox.exe': [String.raw`${PROGRAMS}\Mozilla Firefox`],
  'MsMpEng.exe': [String.raw`C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26060.3-0`],
  'java.exe': [String.raw`${PROGRAMS}\Java\jdk-21\bin`],
};

const USER = String.raw`DESKTOP-7\ada`;
const WHEN = '2026-08-05 10:11:12.123';

/** The event with all fields of its kind. Refuses a field that the recorder does not write. */
export function eventOf(kind: RecordedKind, { name, ...given }: EventForm): RuleEvent {
  const unknown = Object.keys(given).filter((field) => !kind.fields.includes(field));
  if (unknown.length > 0) throw new Error(`${name}: ${kind.source} has no field ${unknown.join(', ')}`);
  const placed: Fields = Object.fromEntries(Object.entries(given).map(([field, value]) => [field, field.endsWith('Image') ? placeOf(String(value)) : value]));
  const fields: Fields = { ...base(kind), ...defaults(kind, placed), ...placed };
  const isService = kind.source === 'system' || kind.source === 'windefend';
  return { logsource: { product: 'windows', category: isService ? null : kind.source, service: isService ? kind.source : 'sysmon' }, fields };
}

export function kindNamed(source: string): RecordedKind {
  const kind = RECORDED_KINDS.find((one) => one.source === source);
  if (kind === undefined) throw new Error(`no kind ${source}`);
  return kind;
}

/** What the recorder writes where there is nothing to say. */
function base(kind: RecordedKind): Fields {
  return Object.fromEntries(kind.fields.filter((field) => kind.source !== 'wmi_event' || ['RuleName', 'EventType', 'UtcTime', 'Operation', 'User'].includes(field)).map((field) => [field, common(field)]));
}

function common(field: string): string {
  if (field.endsWith("Time")) return WHEN;
  if (/G(?:uid|UID)$/.test(field)) return '{2A8C4F10-5B1E-66B0-4501-000000003900}';
  if (/(?:Process|Thread)Id$/.test(field)) return '4712';
  if (field.endsWith("User")) return USER;
  if (field === 'Computer') return 'DESKTOP-7';
  return '-';
}

function placeOf(program: string): string {
  if (/[\\/]/.test(program) || program === 'System' || program === '-') return program;
  return `${KNOWN[program]?.[0] ?? SYSTEM}\\${program}`;
}

type Defaults = (given: Fields) => Fields;

const DEFAULTS: Readonly<Record<string, Defaults>> = {
  process_creation: (given) => {
    const image = String(given['Image']);
    const parent = String(given['ParentImage'] ?? placeOf('explorer.exe'));
    return { ...versionOf(image), CommandLine: `"${image}"`, CurrentDirectory: 'C:\\Users\\ada\\', LogonId: '0x3e7a1', TerminalSessionId: '1', IntegrityLevel: 'Medium', Hashes: hashesOf(image), ParentImage: parent, ParentCommandLine: `"${parent}"` };
  },
  driver_load: (given) => ({ Hashes: hashesOf(String(given['ImageLoaded'])), Signed: 'true', Signature: 'Example Hardware Inc.', SignatureStatus: 'Valid' }),
  image_load: (given) => {
    const loaded = String(given['ImageLoaded']);
    const signed = /^C:\\(?:Windows|Program Files)/i.test(loaded) || given['Signed'] === 'true';
    return { ...versionOf(loaded), Hashes: hashesOf(loaded), Signed: String(signed), Signature: signed ? 'Microsoft Windows' : '-', SignatureStatus: signed ? 'Valid' : 'Unavailable' };
  },
  create_remote_thread: () => ({ NewThreadId: '5120', StartAddress: '0x00000000001B0000' }),
  process_access: () => ({ GrantedAccess: '0x1000', CallTrace: String.raw`C:\Windows\SYSTEM32\ntdll.dll+9d4c4|C:\Windows\System32\KERNELBASE.dll+2c13e` }),
  registry_set: () => ({ EventType: 'SetValue' }),
  create_stream_hash: () => ({ Hash: hashesOf('stream'), Contents: '[ZoneTransfer]  ZoneId=3' }),
  pipe_created: () => ({ EventType: 'CreatePipe' }),
  wmi_event: () => ({ Operation: 'Created', EventType: 'WmiConsumerEvent' }),
  ps_script: () => ({ MessageNumber: '1', MessageTotal: '1', ScriptBlockId: '3f1c2d9e-0000-4000-8000-1f2e3d4c5b6a', Path: '' }),
  system: () => ({ EventID: 7045, Provider_Name: 'Service Control Manager', Channel: 'System', ServiceType: 'user mode service', StartType: 'demand start', AccountName: 'LocalSystem' }),
  windefend: () => ({ EventID: 1121, Provider_Name: 'Microsoft-Windows-Windows Defender', Channel: 'Microsoft-Windows-Windows Defender/Operational', ProductName: 'Microsoft Defender Antivirus', ProductVersion: '4.18.26060.3', EngineVersion: '1.1.26060.5', SecurityintelligenceVersion: '1.415.20.0', RuleType: 'ENT\\ConsR' }),
};

function defaults(kind: RecordedKind, given: Fields): Fields {
  return DEFAULTS[kind.source]?.(given) ?? {};
}

/** Programs of Windows and installed ones say who made them; what else lies about says nothing. */
function versionOf(image: string): Fields {
  const name = image.slice(image.lastIndexOf('\\') + 1);
  const nothing = { FileVersion: '-', Description: '-', Product: '-', Company: '-', OriginalFileName: '-' };
  if (!/^C:\\(?:Windows\\(?:System32|SysWOW64|WinSxS|Microsoft\.NET|explorer)|Program Files|ProgramData\\Microsoft\\Windows Defender)/i.test(image)) return nothing;
  const ours = image.startsWith('C:\\Program Files') && !image.includes('Microsoft');
  const known = Object.entries(KNOWN).find(([known]) => known.toLowerCase() === name.toLowerCase());
  return { FileVersion: '10.0.26100.1', Description: name, Product: ours ? 'Example' : 'Microsoft® Windows® Operating System', Company: ours ? 'Example Software' : 'Microsoft Corporation', OriginalFileName: known?.[1][1] ?? name };
}

function hashesOf(text: string): string {
  return `SHA256=${createHash('sha256').update(text).digest('hex').toUpperCase()}`;
}
