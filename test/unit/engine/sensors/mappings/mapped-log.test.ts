import { describe, expect, it } from 'vitest';
import type { LogSource } from '../../../../../electron/engine/rules/model.ts';
import { record, SECURITY, shippedLogs, SYSMON } from './mapping-samples.ts';

const logs = shippedLogs();

function names(sources: readonly LogSource[]): string[] {
  return sources.map(({ product, category, service }) => [product, category, service].join('/'));
}

describe('the kind of a record', () => {
  it('is what the channel and the number say', () => {
    expect(names(logs.map(record(1, {})).logsources)).toEqual(['windows/process_creation/sysmon']);
    expect(names(logs.map(record(22, {})).logsources)).toEqual(['windows/dns_query/sysmon']);
    expect(names(logs.map(record(4104, {}, { channel: 'Microsoft-Windows-PowerShell/Operational' })).logsources)).toEqual(['windows/ps_script/powershell']);
    expect(names(logs.map(record(7045, {}, { channel: 'System', provider: 'Service Control Manager' })).logsources)).toEqual(['windows//system']);
  });

  it('can be several at once, as far as the fields allow', () => {
    expect(names(logs.map(record(12, { EventType: 'CreateKey' })).logsources)).toEqual(['windows/registry_event/sysmon', 'windows/registry_add/sysmon']);
    expect(names(logs.map(record(12, { EventType: 'DeleteValue' })).logsources)).toEqual(['windows/registry_event/sysmon', 'windows/registry_delete/sysmon']);
    // A recorder that leaves the field out says nothing against either.
    expect(names(logs.map(record(12, {})).logsources)).toEqual(['windows/registry_event/sysmon', 'windows/registry_add/sysmon', 'windows/registry_delete/sysmon']);
  });

  it('minds no case, and takes the provider where the channel tells nothing', () => {
    expect(names(logs.map(record(4688, {}, { channel: 'security' })).logsources)).toEqual(['windows/process_creation/security']);
    expect(names(logs.map(record(3, {}, { channel: 'ForwardedEvents', provider: 'microsoft-windows-sysmon' })).logsources)).toEqual(['windows/network_connection/sysmon']);
  });

  it('of a log that no table names is Windows, and of Sysmon for Linux Linux', () => {
    expect(names(logs.map(record(9, {}, { channel: 'Somebody/Else', provider: 'Somebody' })).logsources)).toEqual(['windows//']);
    expect(names(logs.map(record(1, {}, { channel: 'Linux-Sysmon/Operational', provider: 'Linux-Sysmon' })).logsources)).toEqual(['linux/process_creation/sysmon']);
  });

  it('is the same object for the same kind, so that a rule set knows it again', () => {
    expect(logs.map(record(1, {})).logsources).toBe(logs.map(record(1, { Image: 'x' })).logsources);
  });
});

describe('the fields of a record', () => {
  it('have what Windows keeps beside the data, unless the data have it', () => {
    expect(logs.map(record(1, { Image: 'C:\\a.exe' })).fields).toMatchObject({ EventID: '1', Provider_Name: SYSMON.provider, Channel: SYSMON.channel, Computer: 'PC1', Image: 'C:\\a.exe' });
    expect(logs.map(record(1, { EventID: 'own' })).fields['EventID']).toBe('own');
  });

  it('have level and keywords where the file says them, the level also as the word that Windows shows', () => {
    const header = { level: '2', keywords: '0x8010000000000000', writerPid: 7 };
    expect(logs.map(record(1, {}, { ...SYSMON, header })).fields).toMatchObject({ Level: ['2', 'Error'], Keywords: '0x8010000000000000' });
    expect(logs.map(record(1, { Level: 'own' }, { ...SYSMON, header })).fields['Level']).toBe('own');
    expect(logs.map(record(1, {}, { ...SYSMON, header: { ...header, level: '200' } })).fields['Level']).toBe('200');
    expect(Object.keys(logs.map(record(1, {})).fields)).not.toContain('Level');
  });

  it('name no process that only wrote the event for another', () => {
    const header = { level: null, keywords: null, writerPid: 7 };
    expect(logs.map(record(4104, {}, { channel: 'Microsoft-Windows-PowerShell/Operational', header })).writerPid).toBe(7);
    expect(logs.map(record(1, {}, { ...SYSMON, header })).writerPid).toBeNull();
  });

  it('of a start in the Security log read as Sysmon writes them, and keep their own names', () => {
    const { fields, process } = logs.map(
      record(4688, {
        SubjectUserSid: 'S-1-5-18', SubjectUserName: 'PC01$', SubjectDomainName: 'EXAMPLE', SubjectLogonId: '0x3e7', TargetUserSid: 'S-1-0-0', TargetUserName: '-', TargetDomainName: '-', TargetLogonId: '0x0',
        NewProcessId: '0x7d8', NewProcessName: 'C:\\Windows\\System32\\whoami.exe', ProcessId: '0x2b8', ParentProcessName: 'C:\\Windows\\System32\\cmd.exe', CommandLine: 'whoami /all', MandatoryLabel: 'S-1-16-12288',
      }, SECURITY),
    );
    expect(process).toBe('start');
    expect(fields).toMatchObject({
      Image: 'C:\\Windows\\System32\\whoami.exe', ParentImage: 'C:\\Windows\\System32\\cmd.exe', CommandLine: 'whoami /all', User: 'NT AUTHORITY\\SYSTEM', LogonId: '0x3e7', IntegrityLevel: 'High',
      ProcessId: '2008', ParentProcessId: '696', NewProcessId: '0x7d8', NewProcessName: 'C:\\Windows\\System32\\whoami.exe', SubjectUserName: 'PC01$',
    });
  });

  it('name the account that the new process runs as', () => {
    const fields = { SubjectUserName: 'admin', SubjectDomainName: 'CORP', SubjectUserSid: 'S-1-5-21-1-2-3-500', TargetUserName: 'guest', TargetDomainName: 'CORP', TargetUserSid: 'S-1-5-21-1-2-3-501' };
    expect(logs.map(record(4688, fields, SECURITY)).fields['User']).toBe('CORP\\guest');
    expect(logs.map(record(4688, { ...fields, TargetUserName: '-' }, SECURITY)).fields['User']).toBe('CORP\\admin');
  });

  it('of a registry value in the Security log have Sysmon\'s path and form', () => {
    const write = { ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\X', ObjectValueName: 'Start', OperationType: '%%1905', NewValueType: '%%1876', NewValue: '4', ProcessId: '0x10', ProcessName: 'C:\\Windows\\regedit.exe' };
    const { logsources, fields } = logs.map(record(4657, write, SECURITY));
    expect(names(logsources)).toEqual(['windows/registry_event/security', 'windows/registry_set/security']);
    expect(fields).toMatchObject({ TargetObject: 'HKLM\\SOFTWARE\\X\\Start', Details: 'DWORD (0x00000004)', EventType: 'SetValue', Image: 'C:\\Windows\\regedit.exe', ProcessId: '16' });
    expect(names(logs.map(record(4657, { ...write, OperationType: '%%1906' }, SECURITY)).logsources)).toEqual(['windows/registry_event/security', 'windows/registry_delete/security']);
    expect(logs.map(record(4657, { ...write, NewValueType: '%%1883', NewValue: '4294967298' }, SECURITY)).fields['Details']).toBe('QWORD (0x00000001-0x00000002)');
    expect(logs.map(record(4657, { ...write, NewValueType: '%%1873', NewValue: '42' }, SECURITY)).fields['Details']).toBe('42');
  });

  it('of Defender go by Sigma\'s names too', () => {
    const from = { channel: 'Microsoft-Windows-Windows Defender/Operational' };
    const { logsources, fields } = logs.map(record(1116, { 'Threat Name': 'Trojan:X', 'Process Name': 'C:\\p.exe', Path: 'file:_C:\\x' }, from));
    expect(names(logsources)).toEqual(['windows/antivirus/windefend']);
    expect(fields).toMatchObject({ ThreatName: 'Trojan:X', Threat_Name: 'Trojan:X', 'Threat Name': 'Trojan:X', ProcessName: 'C:\\p.exe', Signature: 'Trojan:X', Filename: 'file:_C:\\x' });
  });

  it('without names are one list, with all of them together at its end', () => {
    const classic = { channel: 'Windows PowerShell', provider: 'PowerShell' };
    expect(logs.map(record(400, { Data0: 'Available', Data1: 'None', Data2: 'HostApplication=x' }, classic)).fields['Data']).toEqual(['Available', 'None', 'HostApplication=x', 'Available\nNone\nHostApplication=x']);
    expect(logs.map(record(400, { Data: ['a', 'b'] }, classic)).fields['Data']).toEqual(['a', 'b', 'a\nb']);
    expect(logs.map(record(400, { Data: 'only' }, classic)).fields['Data']).toBe('only');
  });

  it('can not reach what all objects share, however a file names them', () => {
    const hostile = JSON.parse('{"__proto__": ["x"], "__proto __": ["y"], "constructor": "z"}') as Record<string, string>;
    const { fields } = logs.map(record(1116, hostile, { channel: 'Microsoft-Windows-Windows Defender/Operational' }));
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });
});
