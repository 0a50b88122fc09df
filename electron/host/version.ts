/** The version of the package, put in at build time from package.json. */
import { version } from '../../package.json' with { type: 'json' };

export const VERSION: string = version;
