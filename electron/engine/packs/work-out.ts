/** The whole way from packs to the bytes that an engine on Linux takes up: for the thread that reads packs, and for the build. */
import { linuxFeeds } from '../sensors/event-feeds.ts';
import { preparePacks, type Trial } from './prepare-packs.ts';
import { encodePrepared } from './prepared-codec.ts';
import type { PackContent } from './read-pack.ts';

/** `privileged`: whether the engine has the rights to see every start, which decides which rules can judge. */
export async function workOut(contents: readonly PackContent[], trial: Trial | null, privileged: boolean): Promise<Uint8Array<ArrayBuffer>> {
  return encodePrepared(await preparePacks(contents, trial, { feeds: linuxFeeds(privileged), system: 'linux' }));
}
