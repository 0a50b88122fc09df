import { buildAll } from './steps/build.mjs';

await buildAll();
