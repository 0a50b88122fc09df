/**
 * Programs without which a session or the machine ends. A program counts only at a place where the system keeps it, and
 * (where files have owners) when it belongs to root; its name alone proves nothing.
 */
export interface ProtectedPrograms {
  readonly folders: readonly string[];
  /** Name of the program file to what it is, in words. */
  readonly names: ReadonlyMap<string, string>;
  readonly separator: '/' | '\\';
  readonly ignoreCase: boolean;
}

const LINUX_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/libexec', '/usr/local/sbin', '/bin', '/sbin', '/lib', '/lib64', '/opt/X11/bin'];

const LINUX_KINDS: Readonly<Record<string, readonly string[]>> = {
  'the init system': ['init', 'systemd', 'systemd-executor', 'openrc-init', 'runit', 's6-svscan', 'dinit', 'upstart'],
  'a system service': [
    'systemd-logind', 'systemd-udevd', 'systemd-journald', 'systemd-resolved', 'systemd-networkd', 'systemd-userdbd', 'elogind', 'polkitd',
    'dbus-daemon', 'dbus-broker', 'dbus-broker-launch', 'NetworkManager', 'wpa_supplicant',
  ],
  'the display server': ['Xorg', 'X', 'Xwayland', 'Xvfb', 'weston', 'sway', 'Hyprland', 'labwc', 'mutter', 'kwin', 'kwin_x11', 'kwin_wayland'],
  'the desktop shell': ['gnome-shell', 'plasmashell', 'cinnamon', 'xfce4-panel', 'xfwm4', 'marco', 'mate-panel', 'budgie-panel', 'lxqt-panel', 'openbox'],
  'the session manager': [
    'gnome-session', 'gnome-session-binary', 'gnome-session-service', 'gnome-session-init-worker', 'ksmserver', 'plasma_session', 'startplasma-x11', 'startplasma-wayland',
    'xfce4-session', 'mate-session', 'lxqt-session', 'cinnamon-session', 'lxsession',
  ],
  'the login': [
    'gdm', 'gdm3', 'gdm-session-worker', 'gdm-x-session', 'gdm-wayland-session', 'sddm', 'sddm-helper', 'lightdm', 'xdm', 'lxdm', 'greetd', 'login', 'agetty', 'getty', 'mingetty', 'fgetty',
  ],
};

const WINDOWS_KINDS: Readonly<Record<string, readonly string[]>> = {
  'a process of Windows itself': ['smss.exe', 'csrss.exe', 'wininit.exe', 'services.exe', 'lsass.exe', 'lsaiso.exe', 'winlogon.exe', 'fontdrvhost.exe'],
  'the display server': ['dwm.exe'],
  'the desktop shell': ['explorer.exe', 'sihost.exe', 'logonui.exe', 'userinit.exe'],
};

function byName(kinds: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(kinds).flatMap(([kind, names]) => names.map((name): [string, string] => [name, kind])));
}

export const LINUX_PROGRAMS: ProtectedPrograms = { folders: LINUX_FOLDERS, names: byName(LINUX_KINDS), separator: '/', ignoreCase: false };

/** `systemRoot` is the Windows folder as the system names it, for example `C:\Windows`. */
export function windowsPrograms(systemRoot: string): ProtectedPrograms {
  return { folders: [systemRoot], names: byName(WINDOWS_KINDS), separator: '\\', ignoreCase: true };
}

/** What a program at this path is, in words; null when it is none of them. */
export function protectedProgram(programs: ProtectedPrograms, image: string): string | null {
  const path = programs.ignoreCase ? image.toLowerCase() : image;
  const end = path.lastIndexOf(programs.separator);
  const kind = programs.names.get(path.slice(end + 1));
  if (kind === undefined) return null;
  const lies = programs.folders.some((folder) => path.startsWith(`${programs.ignoreCase ? folder.toLowerCase() : folder}${programs.separator}`));
  return lies ? kind : null;
}
