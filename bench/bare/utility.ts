/** Loads what every child of ours has to load, then waits. */
import koffi from 'koffi';
import Database from 'libsql';

// Used, so that both are really loaded: the C library's handle and an empty database in memory.
const loaded = [koffi.load(null), new Database(':memory:')];
setInterval(() => loaded.length, 60_000);
