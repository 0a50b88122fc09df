/**
 * The kinds of event that Windows definitions speak about. Nobody waits for an answer to them: they are read from a log after
 * the fact, so a match can be answered only with what is still possible then. Field names are those that Sysmon, Windows and
 * Defender write; a name that stands in no list here refuses the rule, since a typing error would make it silently blind.
 */
import type { LogSource } from '../rules/model.ts';

/** The strongest honest word for what can be done once the record is there. `prevented`: Windows itself did it, we only tell. */
export type LateAnswer = 'prevented' | 'stopped' | 'remediated';

export interface RecordedKind {
  /** As a definition names it: a category, or a service where Sigma has no category. */
  readonly source: string;
  /** Who writes it, for people. */
  readonly writtenBy: string;
  readonly answer: LateAnswer;
  readonly fields: readonly string[];
}

const WHO = ['RuleName', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image'];
const VERSION = ['FileVersion', 'Description', 'Product', 'Company', 'OriginalFileName'];
const SIGNATURE = ['Hashes', 'Signed', 'Signature', 'SignatureStatus'];
const BETWEEN = ['SourceProcessId', 'SourceImage', 'TargetProcessId', 'TargetImage', 'SourceUser', 'TargetUser'];
const LOGGED = ['EventID', 'Provider_Name', 'Channel', 'Computer'];

export const RECORDED_KINDS: readonly RecordedKind[] = [
  {
    source: 'process_creation',
    writtenBy: 'Sysmon 1; Security 4688 without the fields of the file',
    answer: 'stopped',
    fields: [...WHO, ...VERSION, 'CommandLine', 'CurrentDirectory', 'User', 'LogonGuid', 'LogonId', 'TerminalSessionId', 'IntegrityLevel', 'Hashes', 'ParentProcessGuid', 'ParentProcessId', 'ParentImage', 'ParentCommandLine', 'ParentUser'],
  },
  { source: 'driver_load', writtenBy: 'Sysmon 6', answer: 'remediated', fields: ['RuleName', 'UtcTime', 'ImageLoaded', ...SIGNATURE] },
  { source: 'image_load', writtenBy: 'Sysmon 7', answer: 'stopped', fields: [...WHO, 'ImageLoaded', ...VERSION, ...SIGNATURE, 'User'] },
  {
    source: 'create_remote_thread',
    writtenBy: 'Sysmon 8',
    answer: 'stopped',
    fields: ['RuleName', 'UtcTime', 'SourceProcessGuid', 'TargetProcessGuid', ...BETWEEN, 'NewThreadId', 'StartAddress', 'StartModule', 'StartFunction'],
  },
  {
    source: 'process_access',
    writtenBy: 'Sysmon 10',
    answer: 'stopped',
    fields: ['RuleName', 'UtcTime', 'SourceProcessGUID', 'SourceThreadId', 'TargetProcessGUID', ...BETWEEN, 'GrantedAccess', 'CallTrace'],
  },
  { source: 'file_event', writtenBy: 'Sysmon 11', answer: 'remediated', fields: [...WHO, 'TargetFilename', 'CreationUtcTime', 'User'] },
  { source: 'registry_set', writtenBy: 'Sysmon 13', answer: 'remediated', fields: [...WHO, 'EventType', 'TargetObject', 'Details', 'User'] },
  { source: 'create_stream_hash', writtenBy: 'Sysmon 15', answer: 'remediated', fields: [...WHO, 'TargetFilename', 'CreationUtcTime', 'Hash', 'Contents', 'User'] },
  { source: 'pipe_created', writtenBy: 'Sysmon 17 and 18', answer: 'stopped', fields: [...WHO, 'EventType', 'PipeName', 'User'] },
  {
    source: 'wmi_event',
    writtenBy: 'Sysmon 19 to 21',
    answer: 'remediated',
    fields: ['RuleName', 'EventType', 'UtcTime', 'Operation', 'User', 'EventNamespace', 'Name', 'Query', 'Type', 'Destination', 'Consumer', 'Filter'],
  },
  { source: 'ps_script', writtenBy: 'PowerShell 4104', answer: 'stopped', fields: ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path'] },
  { source: 'system', writtenBy: 'System 7045', answer: 'remediated', fields: [...LOGGED, 'ServiceName', 'ImagePath', 'ServiceType', 'StartType', 'AccountName'] },
  {
    source: 'windefend',
    writtenBy: 'Defender 1121 and 1122',
    answer: 'prevented',
    fields: [
      ...LOGGED,
      ...['ProductName', 'ProductVersion', 'ID', 'DetectionTime', 'User', 'Path', 'ProcessName', 'SecurityintelligenceVersion', 'EngineVersion'],
      ...['RuleType', 'TargetCommandline', 'ParentCommandline', 'InvolvedFile', 'InheritanceFlags'],
    ],
  },
];

const BY_SOURCE = new Map(RECORDED_KINDS.map((kind) => [kind.source, kind]));

/** The kind of event that a definition speaks about; null when none of the logs above has it. */
export function recordedKind({ category, product, service }: LogSource): RecordedKind | null {
  if (product !== 'windows' || (category === null) === (service === null)) return null;
  const kind = BY_SOURCE.get(category ?? service ?? '');
  return kind !== undefined && isService(kind) === (category === null) ? kind : null;
}

function isService({ source }: RecordedKind): boolean {
  return source === 'system' || source === 'windefend';
}
