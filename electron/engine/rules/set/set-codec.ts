/**
 * A set of rules with its index as one run of bytes, so that the next start need not read and index the rules again. The
 * arrays of the index stand as they lie in memory; rules are read out of it one by one, when somebody asks for one.
 *
 *   magic 8 | key length, head length, numbers length, rules length: u32le each | check u32le x 2 | key | head JSON | numbers | rules
 *
 * The check finds damage, not malice: who can write the file could as well write the rules. The key says what the bytes
 * were made from (the rules, the program, the Unicode of the runtime); bytes with another key are of no use.
 */
import { fail, ok, type Result } from '../../../../shared/result.ts';
import type { Search, SigmaRule } from '../model.ts';
import type { GroupPlan } from './group-plan.ts';
import type { RuleShelf } from './rule-shelf.ts';

/** Goes up with every change of the index or of what is kept of a rule. */
const MAGIC = 'HFSIGMA4';
const LENGTHS = 4;
const FIXED = MAGIC.length + 4 * (LENGTHS + 2);

/** Arrays of the largest numbers begin at multiples of it. */
const WORD = 4;
const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array } as const;
type Kind = keyof typeof KINDS;
type Numbers = InstanceType<(typeof KINDS)[Kind]>;

/** Where an array of the index lies among the numbers. */
interface Placed {
  readonly numbers: Kind;
  readonly at: number;
  readonly length: number;
}

interface Head {
  readonly plans: readonly unknown[];
  /** By plan. They have no arrays of numbers, and going through them for some would take longer than all else. */
  readonly questions: readonly GroupPlan['questions'][];
  readonly ruleEnds: Placed;
}

export interface SetContent {
  readonly rules: RuleShelf;
  readonly plans: readonly GroupPlan[];
}

export function encodeSet({ rules, plans }: SetContent, key: string): Uint8Array {
  const encoder = new TextEncoder();
  const texts = Array.from({ length: rules.count }, (_, number) => encoder.encode(JSON.stringify(toPlain(rules.at(number)))));
  const room = new NumberRoom();
  const ends = new Uint32Array(texts.length);
  texts.reduce((end, text, index) => (ends[index] = end + text.length), 0);
  const withoutQuestions = plans.map((plan) => room.place({ ...plan, questions: [] }));
  const head: Head = { plans: withoutQuestions, questions: plans.map(({ questions }) => questions), ruleEnds: room.add(ends) };
  const ofKey = encoder.encode(key);
  const ofHead = encoder.encode(JSON.stringify(head));
  // Spaces behind the JSON, so that the numbers stand where arrays of them can lie.
  const padded = new Uint8Array(roundUp(FIXED + ofKey.length + ofHead.length) - FIXED - ofKey.length).fill(0x20);
  padded.set(ofHead);
  const parts = [ofKey, padded, room.bytes(), join(texts)];
  const body = join(parts);
  const [low, high] = checkOf(body);
  const fixed = new DataView(new ArrayBuffer(FIXED));
  for (let at = 0; at < MAGIC.length; at += 1) fixed.setUint8(at, MAGIC.charCodeAt(at));
  [...parts.map((part) => part.length), low, high].forEach((value, index) => fixed.setUint32(MAGIC.length + 4 * index, value, true));
  return join([new Uint8Array(fixed.buffer), body]);
}

/**
 * The bytes are kept and must not change. `isSure`: somebody has seen to it that they are as they were written.
 * A failure's message completes "the index is made again, because …".
 */
export function decodeSet(bytes: Uint8Array, key: string, isSure: boolean): Result<SetContent> {
  if (bytes.length < FIXED || latin(bytes.subarray(0, MAGIC.length)) !== MAGIC) return fail('bad-index', 'the file is no index of this version');
  const fixed = new DataView(bytes.buffer, bytes.byteOffset, FIXED);
  const lengths = Array.from({ length: LENGTHS }, (_, index) => fixed.getUint32(MAGIC.length + 4 * index, true));
  if (lengths.reduce((sum, length) => sum + length, FIXED) !== bytes.length) return fail('bad-index', 'the file is not whole');
  if (!isSure && !isAsWritten(bytes, fixed)) return fail('bad-index', 'the file is damaged');
  const [ofKey, ofHead, ofNumbers, ofRules] = cut(bytes.subarray(FIXED), lengths);
  if (!ofKey || !ofHead || !ofNumbers || !ofRules || new TextDecoder().decode(ofKey) !== key) return fail('bad-index', 'it was made of other rules or by another version');
  const head = JSON.parse(new TextDecoder().decode(ofHead)) as Head;
  // Else a copy, because arrays of larger numbers can not lie anywhere.
  const numbers = ofNumbers.byteOffset % WORD === 0 ? ofNumbers : new Uint8Array(ofNumbers);
  const plans = head.plans.map((plan, index): GroupPlan => ({ ...(takeOut(numbers, plan) as GroupPlan), questions: head.questions[index] ?? [] }));
  return ok({ plans, rules: new PackedRules(ofRules, numbersAt(numbers, head.ruleEnds)) });
}

function isAsWritten(bytes: Uint8Array, fixed: DataView): boolean {
  const [low, high] = checkOf(bytes.subarray(FIXED));
  return fixed.getUint32(MAGIC.length + 4 * LENGTHS, true) === low && fixed.getUint32(MAGIC.length + 4 * (LENGTHS + 1), true) === high;
}

function roundUp(length: number): number {
  return Math.ceil(length / WORD) * WORD;
}

class PackedRules implements RuleShelf {
  private readonly bytes: Uint8Array;
  private readonly ends: Numbers;
  private readonly known = new Map<number, SigmaRule>();

  constructor(bytes: Uint8Array, ends: Numbers) {
    this.bytes = bytes;
    this.ends = ends;
  }

  get count(): number {
    return this.ends.length;
  }

  at(number: number): SigmaRule {
    const known = this.known.get(number);
    if (known) return known;
    const end = this.ends[number];
    if (end === undefined) throw new Error(`there is no rule ${number}`);
    const rule = fromPlain(JSON.parse(new TextDecoder().decode(this.bytes.subarray(this.ends[number - 1] ?? 0, end))) as PlainRule);
    this.known.set(number, rule);
    return rule;
  }
}

type PlainRule = Omit<SigmaRule, 'selections'> & { readonly selections: readonly (readonly [string, Search])[] };

function toPlain(rule: SigmaRule): PlainRule {
  return { ...rule, selections: [...rule.selections] };
}

function fromPlain(plain: PlainRule): SigmaRule {
  return { ...plain, selections: new Map(plain.selections) };
}

/** Takes arrays of numbers out of a value and leaves a note where each has gone. */
class NumberRoom {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  place(value: unknown): unknown {
    if (isNumbers(value)) return this.add(value);
    if (Array.isArray(value)) return value.map((entry) => this.place(entry));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, this.place(entry)]));
  }

  add(numbers: Numbers): Placed {
    const at = this.size;
    const padded = new Uint8Array(roundUp(numbers.byteLength));
    padded.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    this.parts.push(padded);
    this.size += padded.length;
    return { numbers: kindOf(numbers), at, length: numbers.length };
  }

  bytes(): Uint8Array {
    return join(this.parts);
  }
}

function takeOut(bytes: Uint8Array, value: unknown): unknown {
  if (isPlaced(value)) return numbersAt(bytes, value);
  if (Array.isArray(value)) return value.map((entry) => takeOut(bytes, entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, takeOut(bytes, entry)]));
}

function numbersAt(bytes: Uint8Array, { numbers, at, length }: Placed): Numbers {
  return new KINDS[numbers](bytes.buffer as ArrayBuffer, bytes.byteOffset + at, length);
}

function isPlaced(value: unknown): value is Placed {
  return typeof value === 'object' && value !== null && 'numbers' in value && typeof value.numbers === 'string' && value.numbers in KINDS;
}

function isNumbers(value: unknown): value is Numbers {
  return Object.values(KINDS).some((kind) => value instanceof kind);
}

function kindOf(numbers: Numbers): Kind {
  const found = (Object.keys(KINDS) as Kind[]).find((kind) => numbers instanceof KINDS[kind]);
  if (found === undefined) throw new Error('not an array of numbers');
  return found;
}

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Two sums over all bytes, each of which changes with every bit; byte by byte in no order that a shift would keep. */
function checkOf(bytes: Uint8Array): readonly [number, number] {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  const words = bytes.length & ~3;
  for (let at = 0; at < words; at += 4) {
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    low = Math.imul(low ^ word, 0x01000193);
    high = Math.imul((high << 5) ^ (high >>> 27) ^ word, 0x85ebca6b);
  }
  for (let at = words; at < bytes.length; at += 1) {
    low = Math.imul(low ^ (bytes[at] ?? 0), 0x01000193);
    high = Math.imul((high << 5) ^ (high >>> 27) ^ (bytes[at] ?? 0), 0x85ebca6b);
  }
  return [low >>> 0, high >>> 0];
}
