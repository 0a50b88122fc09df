/**
 * Settings of V8 for the children, which run for months and mostly do little. To be called before anything else works; what a version of V8
 * does not know it only complains about.
 */
import v8 from 'node:v8';

export function makeFrugal(): void {
  // New objects stay within the first megabyte or two. The room for them grew to 16 MB in the engine and 8 in the sentinel while they
  // started, and stayed; without it collections come more often and cost no more (in turns: 7.7 % of a build, 8.0 with it).
  v8.setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * For the engine, before anything else works. In Electron Maglev, the middle compiler, then is the last one: Turbofan went on compiling for thousands of
 * starts, beside the programs, and what it made of code that finds cold caches at each start was no faster (ADR 24). Node mostly has no Maglev, and long
 * texts need a compiler. The sentinel keeps Turbofan: starts wait for it.
 */
export function compileLittle(): void {
  if ('electron' in process.versions) v8.setFlagsFromString('--no-turbofan');
}
