/** Stops what jest-stack-setup.cjs started; Jest calls this after failing runs too. */
module.exports = async function stopTestStack() {
  await globalThis.__vitrineTestStack?.stop();
};
