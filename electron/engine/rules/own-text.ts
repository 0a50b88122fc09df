/**
 * Texts that are kept for long. A piece of a text, and what is put together of pieces, keeps all of the text it came from in
 * memory: who starts programs chooses texts of megabytes, of which a few characters are meant to be kept.
 */

/** Longer texts take the slower way. */
const LONGEST_QUICK = 4_096;
/** A unit has three bytes at most. */
const BYTES = new Uint8Array(3 * LONGEST_QUICK);
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** The same text with memory of its own. By way of its bytes, which takes a fifth of the time that JSON does. */
export function ownText(text: string): string {
  const own = text.length > LONGEST_QUICK ? null : DECODER.decode(BYTES.subarray(0, ENCODER.encodeInto(text, BYTES).written));
  // Half a pair of surrogates has no bytes.
  return own === text ? own : (JSON.parse(JSON.stringify(text)) as string);
}
