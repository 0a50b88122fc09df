/** What rules, filters and correlations say about themselves. A slip here must not cost a detection, so most of it is taken as it is. */
import { isMap, refuse, type RuleDocument } from '../document.ts';
import { RESPONSES, SIGMA_LEVELS, SIGMA_STATUSES, type Response, type RuleHead, type RuleLogSource, type SigmaLevel } from '../model.ts';

type Root = Readonly<Record<string, unknown>>;

/** Keys with a place of their own in the head; what else a document has and its kind does not know stays in `custom`. */
const HEAD_KEYS = new Set(['id', 'title', 'name', 'description', 'author', 'license', 'references', 'date', 'modified', 'related', 'tags', 'fields', 'falsepositives', 'response']);

const LOG_SOURCE_KEYS = new Set(['category', 'product', 'service']);

export function readRoot(document: RuleDocument): Root {
  const root = document.value;
  return isMap(root) ? root : refuse(document, [], 'a rule is a map with title, id, logsource and detection');
}

/** `ownKeys`: what the kind of document reads besides the head. */
export function readHead(document: RuleDocument, root: Root, ownKeys: readonly string[]): RuleHead {
  const title = text(document, root, 'title') ?? refuse(document, ['title'], 'the rule has no title');
  const name = text(document, root, 'name');
  if (root['taxonomy'] !== undefined && root['taxonomy'] !== 'sigma') refuse(document, ['taxonomy'], 'the field names are of another taxonomy than Sigma\'s own; none of them would be found here');
  const status = SIGMA_STATUSES.find((known) => known === root['status']) ?? null;
  const own = new Set([...HEAD_KEYS, ...ownKeys, ...(status === null ? [] : ['status'])]);
  return {
    id: text(document, root, 'id') ?? name ?? title,
    title,
    name,
    status,
    description: text(document, root, 'description'),
    author: Array.isArray(root['author']) ? texts(document, root, 'author').join(', ') : text(document, root, 'author'),
    license: text(document, root, 'license'),
    references: notes(document, root, 'references'),
    date: text(document, root, 'date'),
    modified: text(document, root, 'modified'),
    related: related(document, root['related']),
    tags: texts(document, root, 'tags'),
    fields: texts(document, root, 'fields'),
    falsepositives: notes(document, root, 'falsepositives'),
    response: response(document, root['response']),
    custom: Object.fromEntries(Object.entries(root).filter(([key]) => !own.has(key))),
  };
}

/** Null when there is none. */
export function readLevel(document: RuleDocument, root: Root): SigmaLevel | null {
  const value = root['level'];
  if (value === undefined || value === null) return null;
  return SIGMA_LEVELS.find((name) => name === value) ?? refuse(document, ['level'], `the level is one of ${SIGMA_LEVELS.join(', ')}`);
}

export function readLogSource(document: RuleDocument, root: Root): RuleLogSource {
  const value = root['logsource'];
  if (!isMap(value)) return refuse(document, ['logsource'], 'the rule has no logsource');
  const part = (key: string): string | null => {
    const found = value[key];
    if (found === undefined || found === null) return null;
    return typeof found === 'string' ? found : refuse(document, ['logsource', key], `${key} is a text`);
  };
  const custom = Object.fromEntries(Object.entries(value).filter(([key]) => !LOG_SOURCE_KEYS.has(key)));
  return { category: part('category'), product: part('product'), service: part('service'), custom };
}

function response(document: RuleDocument, value: unknown): Response | null {
  if (value === undefined || value === null) return null;
  return RESPONSES.find((name) => name === value) ?? refuse(document, ['response'], `the response is one of ${RESPONSES.join(', ')}`);
}

function related(document: RuleDocument, value: unknown): RuleHead['related'] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return refuse(document, ['related'], 'related is a list of maps with id and type');
  return value.map((entry, index) => {
    if (!isMap(entry) || typeof entry['id'] !== 'string' || typeof entry['type'] !== 'string') return refuse(document, ['related', index], 'related is a list of maps with id and type');
    return { id: entry['id'], type: entry['type'] };
  });
}

function text(document: RuleDocument, root: Root, key: string): string | null {
  const value = root[key];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : refuse(document, [key], `${key} is a text`);
}

/** One text counts as a list of one. */
export function texts(document: RuleDocument, root: Root, key: string): readonly string[] {
  const value = root[key];
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value)) return [text(document, root, key) ?? ''];
  return value.map((entry, index) => listed(document, key, index, entry));
}

/** Texts for people: an empty entry is a slip, and `- Unlikely: but possible` was meant as a text. */
function notes(document: RuleDocument, root: Root, key: string): readonly string[] {
  const value = root[key];
  if (!Array.isArray(value)) return texts(document, root, key);
  return value.flatMap((entry, index) => {
    if (entry === null || entry === '') return [];
    const parts = isMap(entry) ? Object.entries(entry) : [];
    const [part] = parts;
    return part !== undefined && parts.length === 1 && typeof part[1] === 'string' ? [`${part[0]}: ${part[1]}`] : [listed(document, key, index, entry)];
  });
}

function listed(document: RuleDocument, key: string, index: number, entry: unknown): string {
  return typeof entry === 'string' || typeof entry === 'number' ? String(entry) : refuse(document, [key, index], `${key} is a list of texts`);
}
