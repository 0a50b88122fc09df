/** The oldest Node that all dependencies load on. */
const NEEDED = [20, 19];

/**
 * @param {string} version such as `process.versions.node`
 * @returns {string | null} what to tell the person, or null when it is new enough
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return null;
  return `Node ${NEEDED.join('.')} or newer is needed, this is ${version}. Get it from https://nodejs.org and start again.`;
}
