/** Names of the accounts in the password file; an account from elsewhere (LDAP) goes by its number. */
import fs from 'node:fs';

export interface UserNames {
  nameOf(uid: number): string;
  refresh(): void;
}

export function userNames(file = '/etc/passwd'): UserNames {
  let names = readNames(file);
  return {
    nameOf: (uid) => names.get(uid) ?? String(uid),
    refresh: () => {
      names = readNames(file);
    },
  };
}

function readNames(file: string): Map<number, string> {
  const names = new Map<number, string>();
  try {
    for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
      const [name, , uid] = line.split(':');
      if (name !== undefined && name !== '' && uid !== undefined && !names.has(Number(uid))) names.set(Number(uid), name);
    }
  } catch {
    // No password file (a bare container): every account goes by its number.
  }
  return names;
}
