/**
 * The XML of an event written as JSON, as evtx_dump, EvtxECmd and most scripts do: `{"Event":{"System":{…},"EventData":{…}}}`. They differ
 * in how they write attributes: in an object `#attributes` or `$`, with `@` before the name, or in a neighbour `Name_attributes`.
 */
import { noFields, putField, type Fields } from '../fields.ts';
import { headerOf } from '../header.ts';
import type { EventRecord } from '../record.ts';
import { eventIdOf, fieldValue, isObject, textOf, type JsonObject } from './fields.ts';
import { utcTime } from './utc-time.ts';

/** Windows nests a handful in UserData. */
const DEEPEST = 16;
const BARE_GUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;
const OF_THE_XML = new Set(['xmlns', 'Name']);

/** Null: this is no such document. */
export function eventDocument(value: JsonObject): EventRecord | null {
  const event = isObject(value['Event']) ? value['Event'] : value;
  const system = event['System'];
  if (!isObject(system)) return null;
  const eventId = eventIdOf(textIn(system['EventID']));
  if (eventId === null) return null;
  return {
    provider: attribute(system, 'Provider', 'Name'),
    channel: textIn(system['Channel']),
    eventId,
    computer: textIn(system['Computer']),
    header: headerOf(textIn(system['Level']), textIn(system['Keywords']), attribute(system, 'Execution', 'ProcessID')),
    time: utcTime(attribute(system, 'TimeCreated', 'SystemTime')),
    group: null,
    fields: dataFields(event),
  };
}

/** The fields of what stands beside `System`, or of EvtxECmd's payload. */
export function dataFields(event: JsonObject): Fields {
  const fields = noFields();
  const { EventData: data, UserData: user, ProcessingErrorData: failed } = event;
  if (isObject(data)) addData(fields, data);
  else if (data !== undefined && data !== null) putField(fields, 'Data', fieldValue(data));
  if (isObject(user)) for (const [name, wrapper] of Object.entries(user)) addWrapper(fields, name, wrapper);
  if (isObject(failed)) addWrapper(fields, 'ProcessingErrorData', failed);
  return fields;
}

function addData(fields: Fields, data: JsonObject): void {
  for (const [name, value] of Object.entries(data)) {
    if (isAttribute(name)) continue;
    if (name === 'Data') addDataElements(fields, value);
    else putField(fields, name, asWindowsShows(isObject(value) ? textIn(value) : fieldValue(value)));
  }
}

/** `<Data>` as one value, a list of them, or objects with a name. */
function addDataElements(fields: Fields, value: unknown): void {
  for (const element of Array.isArray(value) ? value : [value]) {
    if (isObject(element)) putField(fields, attributeOf(element, 'Name') ?? 'Data', asWindowsShows(fieldValue(contentOf(element))));
    else putField(fields, 'Data', asWindowsShows(textOf(element)));
  }
}

function addWrapper(fields: Fields, name: string, wrapper: unknown): void {
  if (isAttribute(name)) return;
  if (!isObject(wrapper)) putField(fields, name, fieldValue(wrapper));
  else for (const [inner, value] of Object.entries(wrapper)) addLeaf(fields, inner, value, 0);
}

function addLeaf(fields: Fields, name: string, value: unknown, depth: number): void {
  if (isAttribute(name) || depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const each of value) addLeaf(fields, name, each, depth + 1);
    return;
  }
  if (!isObject(value)) {
    putField(fields, name, asWindowsShows(textOf(value)));
    return;
  }
  for (const [attributeName, text] of attributesOf(value)) if (!OF_THE_XML.has(attributeName)) putField(fields, `${name}.${attributeName}`, asWindowsShows(textOf(text)));
  const inner = Object.entries(value).filter(([key]) => !isAttribute(key) && !isContent(key));
  if (inner.length === 0) putField(fields, name, asWindowsShows(fieldValue(contentOf(value))));
  else for (const [key, each] of inner) addLeaf(fields, key, each, depth + 1);
}

/** evtx_dump leaves the braces of a GUID out. */
function asWindowsShows(value: string | string[]): string | string[] {
  if (typeof value !== 'string') return value.map((each) => withBraces(each));
  return withBraces(value);
}

function withBraces(value: string): string {
  return value.length === 36 && BARE_GUID.test(value) ? `{${value}}` : value;
}

function isAttribute(name: string): boolean {
  return name === '#attributes' || name === '$' || name.startsWith('@') || name.endsWith('_attributes');
}

function isContent(name: string): boolean {
  return name === '#text' || name === '_';
}

function contentOf(element: JsonObject): unknown {
  return element['#text'] ?? element['_'];
}

function textIn(value: unknown): string {
  return textOf(isObject(value) ? contentOf(value) : value);
}

function attributesOf(element: JsonObject): [string, unknown][] {
  const apart = [element['#attributes'], element['@attributes'], element['$']].filter(isObject).flatMap((each) => Object.entries(each));
  const marked = Object.entries(element).filter(([name]) => name.startsWith('@') && name !== '@attributes');
  return [...apart, ...marked.map(([name, value]): [string, unknown] => [name.slice(1), value])];
}

function attributeOf(element: JsonObject, name: string): string | undefined {
  const found = attributesOf(element).find(([each]) => each === name);
  return found === undefined ? undefined : textOf(found[1]);
}

/** Of an element of System; some write it as a plain member. */
function attribute(system: JsonObject, element: string, name: string): string {
  const own = system[element];
  const neighbour = system[`${element}_attributes`];
  if (isObject(neighbour)) return textOf(neighbour[name]);
  return isObject(own) ? (attributeOf(own, name) ?? textOf(own[name])) : textOf(own);
}
