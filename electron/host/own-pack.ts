/** Where Holdfast's own rule pack and its index lie, and what they must be. The same place in a clone and in a package: beside the built program. */
import path from 'node:path';

interface OwnHashes {
  readonly pack: string;
  readonly privileged: string;
  readonly ordinary: string;
}

/** SHA-256 of each file, put in at build time; there are none when the sources run unbuilt, as in unit tests. */
declare const HOLDFAST_OWN_PACK: OwnHashes | undefined;

export interface OwnPlace {
  readonly file: string;
  readonly sha256: string;
}

export function ownPackPlace(): OwnPlace | null {
  return typeof HOLDFAST_OWN_PACK === 'undefined' ? null : { file: beside('own.hfpack'), sha256: HOLDFAST_OWN_PACK.pack };
}

/** What the build worked out of the own pack for an engine with these rights. */
export function ownIndexPlace(privileged: boolean): OwnPlace | null {
  if (typeof HOLDFAST_OWN_PACK === 'undefined') return null;
  return privileged ? { file: beside('own-privileged.index'), sha256: HOLDFAST_OWN_PACK.privileged } : { file: beside('own-ordinary.index'), sha256: HOLDFAST_OWN_PACK.ordinary };
}

function beside(name: string): string {
  return path.join(import.meta.dirname, '..', 'rules', name);
}
