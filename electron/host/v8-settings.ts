/**
 * Settings of V8 for the children, which run for months and mostly do little. To be called before anything else works; what a version of V8
 * does not know it only complains about.
 */
import v8 from 'node:v8';

export function makeFrugal(): void {
  // New objects stay within the first megabyte or two. The room for them grew to 16 MB in the engine and 8 in the sentinel while they
  // started, and stayed; without it collections come more often and cost no more (in turns: 7.7 % of a build, 8.0 with it).
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  // Turbofan, V8's last compiler, only for what runs long, sixty times as long as by itself: it went on compiling for thousands of starts, beside the
  // programs, and what it made of code that finds cold caches at each start was no faster. Long texts need it, and still get it (ADR 24).
  v8.setFlagsFromString('--interrupt-budget=4000000');
}
