import { describe, expect, it } from 'vitest';
import { LINUX_PROGRAMS, protectedProgram, windowsPrograms } from '../../../../electron/engine/response/protected-names.ts';
import { protectedReason, type Candidate, type Shielded } from '../../../../electron/engine/response/protected.ts';

const NOBODY: Shielded = { own: new Set(), ownAncestors: new Set(), rehearsing: new Set() };

function candidate(more: Partial<Record<'pid' | 'ppid' | 'owner' | 'uid', number | null>> & { image?: string | null; argv?: string[]; parentImage?: string; sharesRoot?: boolean } = {}): Candidate {
  return {
    pid: more.pid ?? 500,
    ppid: more.ppid ?? 400,
    image: more.image === undefined ? '/bin/x' : more.image,
    argv: () => more.argv ?? null,
    uid: () => (more.uid === undefined ? 0 : more.uid),
    parentImage: () => more.parentImage ?? null,
    imageOwnerUid: () => (more.owner === undefined ? 0 : more.owner),
    sharesRoot: () => more.sharesRoot ?? true,
  };
}
const reason = (one: Candidate, shielded: Partial<Shielded> = {}): string | null => protectedReason(one, { ...NOBODY, ...shielded }, LINUX_PROGRAMS);

describe('protected processes', () => {
  it('are the first process and the kernel with its threads', () => {
    expect(reason(candidate({ pid: 1 }))).toBe('it is the first process of the system');
    expect(reason(candidate({ pid: 2, ppid: 0, image: null }))).toBe('it is part of the kernel');
    expect(reason(candidate({ ppid: 2, image: null }))).toBe('it is part of the kernel');
  });

  it('are Holdfast, what it runs below, and what a rehearsal runs below', () => {
    expect(reason(candidate(), { own: new Set([500]) })).toBe('it is part of Holdfast');
    expect(reason(candidate(), { ownAncestors: new Set([500]) })).toBe('Holdfast runs below it');
    expect(reason(candidate(), { rehearsing: new Set([500]) })).toBe('a rehearsal runs below it');
  });

  it.each(['/usr/bin/gnome-shell', '/usr/lib/xorg/Xorg', '/usr/lib/systemd/systemd-logind', '/usr/bin/dbus-daemon', '/usr/sbin/gdm3', '/usr/sbin/agetty', '/usr/bin/Xwayland', '/usr/bin/plasmashell', '/usr/bin/kwin_wayland', '/usr/bin/login'])(
    'are session and system programs at their places: %s',
    (image) => expect(reason(candidate({ image }))).toMatch(/^it is the|^it is a system/),
  );

  it('are not what only has such a name, a user\'s file, or a path in a container', () => {
    expect(reason(candidate({ image: '/home/a/gnome-shell' }))).toBeNull();
    expect(reason(candidate({ image: '/usr/bin/gnome-shell', owner: 1000 }))).toBeNull();
    expect(reason(candidate({ image: '/usr/bin/gnome-shell', sharesRoot: false }))).toBeNull();
    expect(reason(candidate({ image: '/usr/bin/gnome-shell', owner: null }))).toBe('it is the desktop shell');
  });

  it('are the listening remote login service, not its sessions', () => {
    const sshd = '/usr/sbin/sshd';
    expect(reason(candidate({ image: sshd, parentImage: '/usr/lib/systemd/systemd' }))).toBe('it is the remote login service');
    expect(reason(candidate({ image: sshd, argv: ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'], parentImage: sshd }))).toBe('it is the remote login service');
    expect(reason(candidate({ image: sshd, parentImage: sshd }))).toBeNull();
    expect(reason(candidate({ image: sshd, uid: 1000, parentImage: '/bin/bash' }))).toBeNull();
  });

  it('are no ordinary programs, shells among them', () => {
    for (const image of ['/usr/bin/bash', '/usr/bin/python3', '/usr/lib/firefox/firefox', '/usr/bin/curl']) expect(reason(candidate({ image }))).toBeNull();
  });
});

describe('protected programs of Windows', () => {
  const programs = windowsPrograms('C:\\Windows');
  it('count below the Windows folder whatever the case', () => {
    expect(protectedProgram(programs, 'c:\\windows\\SYSTEM32\\LSASS.EXE')).toBe('a process of Windows itself');
    expect(protectedProgram(programs, 'C:\\Windows\\explorer.exe')).toBe('the desktop shell');
    expect(protectedProgram(programs, 'C:\\Users\\a\\lsass.exe')).toBeNull();
    expect(protectedProgram(programs, 'C:\\WindowsX\\lsass.exe')).toBeNull();
    expect(protectedProgram(programs, 'C:\\Windows\\System32\\cmd.exe')).toBeNull();
  });
});
