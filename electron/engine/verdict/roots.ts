/**
 * Programs below which everything of a session or of the system hangs. The culprit of a tree is looked for below them:
 * what explorer.exe or systemd starts is not their doing. Only at the place where the system keeps them, since a name
 * proves nothing.
 */

const WINDOWS = new Set([
  ...['smss.exe', 'csrss.exe', 'wininit.exe', 'winlogon.exe', 'logonui.exe', 'userinit.exe', 'services.exe', 'lsass.exe', 'svchost.exe'],
  ...['explorer.exe', 'sihost.exe', 'taskhostw.exe', 'taskhost.exe', 'taskeng.exe', 'dllhost.exe', 'runtimebroker.exe', 'wmiprvse.exe', 'conhost.exe', 'openconsole.exe'],
]);
/** The Windows folder itself and its folders of programs; in kernel form too, as some logs write it. */
const WINDOWS_FOLDER = /^(?:(?:[a-z]:|\\device\\harddiskvolume\d+)\\windows|\\systemroot|%systemroot%)\\(?:(?:system32|syswow64)\\(?:wbem\\)?)?[^\\]+$/;

const LINUX = new Set([
  ...['init', 'systemd', 'systemd-executor', 'openrc-init', 'runit', 's6-svscan', 'dinit', 'cron', 'crond', 'atd', 'sshd', 'sshd-session', 'sshd-auth', 'login', 'agetty', 'getty', 'su', 'sudo'],
  ...['gdm', 'gdm3', 'gdm-session-worker', 'sddm', 'sddm-helper', 'lightdm', 'gnome-session-binary', 'gnome-shell', 'plasmashell', 'ksmserver', 'xfce4-session', 'xfce4-panel', 'cinnamon', 'mate-panel'],
  ...['gnome-terminal-server', 'konsole', 'xterm', 'xfce4-terminal', 'tmux', 'screen', 'dbus-daemon', 'dbus-broker', 'containerd-shim', 'containerd-shim-runc-v2'],
]);
const LINUX_FOLDER = /^\/(?:usr\/(?:local\/)?)?(?:s?bin|lib|lib64|libexec)\//;

export function isRootProgram(image: string): boolean {
  if (image === 'System' || image === 'Registry') return true;
  const slash = image.lastIndexOf('/');
  if (slash >= 0) return LINUX.has(image.slice(slash + 1)) && LINUX_FOLDER.test(image);
  const path = image.toLowerCase();
  return WINDOWS.has(path.slice(path.lastIndexOf('\\') + 1)) && WINDOWS_FOLDER.test(path);
}
