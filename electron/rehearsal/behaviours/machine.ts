/** What attacks do to the machine itself: its backups, its way of starting, its kernel, its disks. */
import os from 'node:os';
import path from 'node:path';
import type { Behaviour } from '../behaviour.ts';
import { quietProgram } from '../stand-in-programs.ts';
import { randomName } from '../workplace.ts';
import { RULE_IDS } from './rule-ids.ts';
import { idle, startedBy, startedPlainly } from './starting.ts';

export const snapshotDestruction: Behaviour = {
  id: 'snapshot-destruction',
  behaviour: 'All snapshots are deleted, as ransomware does first.',
  rule: RULE_IDS.ransomware,
  perform: (stage) => startedPlainly(stage, idle(stage, 'timeshift', ['--delete-all'])),
};

export const backupDestruction: Behaviour = {
  id: 'backup-destruction',
  behaviour: 'A whole backup archive is deleted.',
  rule: RULE_IDS.ransomware,
  perform: (stage) => startedPlainly(stage, idle(stage, 'borg', ['delete', path.join(stage.workplace.folder, randomName())])),
};

export const rescueReboot: Behaviour = {
  id: 'reboot-to-rescue',
  behaviour: 'The machine is told to go into rescue mode, where protection does not run.',
  rule: RULE_IDS.rescueReboot,
  // A stand-in of that name; the real one is never touched.
  perform: (stage) => startedPlainly(stage, idle(stage, 'systemctl', ['rescue'])),
};

export const driverLoading: Behaviour = {
  id: 'rootkit-module',
  behaviour: 'A kernel module known as a rootkit is loaded.',
  rule: RULE_IDS.vulnerableDriver,
  perform: (stage) => startedPlainly(stage, idle(stage, 'insmod', [path.join(stage.workplace.folder, 'diamorphine.ko')])),
};

export const hiddenInServiceManager: Behaviour = {
  id: 'service-manager-timer',
  behaviour: 'A program from a folder for temporary files is handed to the service manager, to be started again and again.',
  rule: RULE_IDS.managementService,
  // A stand-in of that name; nothing is handed to anybody.
  perform: (stage) => startedPlainly(stage, idle(stage, 'systemd-run', ['--user', '--on-calendar=hourly', path.join('/tmp', randomName(), randomName())])),
};

export const remoteExecution: Behaviour = {
  id: 'remote-execution',
  behaviour: 'A helper that takes commands from other machines without a sign-in starts a shell.',
  rule: RULE_IDS.remoteExecution,
  perform: (stage) => startedBy(stage, 'in.rexecd', stage.shell()),
};

export const rareProgram: Behaviour = {
  id: 'rare-new-program',
  behaviour: 'A program that nobody has seen before is started from the folder for downloads.',
  rule: RULE_IDS.rareProgram,
  perform: (stage) => startedPlainly(stage, idle(stage, randomName(), [], stage.workplace.newFolder('Downloads'))),
};

export const removableMedia: Behaviour = {
  id: 'removable-media',
  behaviour: 'A program is started from a stick.',
  rule: RULE_IDS.removableMedia,
  perform: async (stage) => {
    const [mountPoint] = stage.removableMedia;
    if (mountPoint === undefined) return { kind: 'skipped', because: 'No medium that can be taken out is mounted here with the right to write on it.' };
    const folder = stage.workplace.newFolderOn(mountPoint);
    const name = randomName();
    const performed = await startedPlainly(stage, { path: stage.workplace.standIn(name, quietProgram(), folder), argv: [name] });
    const isFit = performed.kind !== 'done' || performed.run.ending.kind !== 'refused' || performed.run.ending.errno !== os.constants.errno.EACCES;
    return isFit ? performed : { kind: 'skipped', because: `${mountPoint} is mounted so that no programs run from it.` };
  },
};
