const OLDEST = [20, 19];

/** Why this Node cannot run the project, or null. From 20.19 on `require` reads ES modules, which some dependencies are. */
export function nodeVersionFault(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `Vitrine needs Node ${OLDEST.join('.')} or newer, this is ${version}. Install a newer Node (for instance with nvm: "nvm install 22") and try again.`;
}
