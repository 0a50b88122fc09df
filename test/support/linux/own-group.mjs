/** Loaded with --import into a Holdfast under test: its owner becomes the leader of a process group of its own, as a job of a terminal is. */
import koffi from 'koffi';

if ((process.argv[1] ?? '').endsWith('node-main.js')) koffi.load(null).func('setpgid', 'int', ['int', 'int'])(0, 0);
