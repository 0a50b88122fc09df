/**
 * The form of `resources/rules/mappings/*.yml`: which log an event comes from, what Sigma calls its kind, and under which
 * names Sigma's rules ask for its fields. Read as a whole or refused with file, line, column and reason.
 */
import { z } from 'zod';
import type { Result } from '../../../../shared/result.ts';
import { checked } from '../../asr/rule-file.ts';
import { parseYaml } from '../../rules/parse/yaml.ts';
import { asResult, orRefuse, RuleError } from '../../rules/rule-error.ts';
import { TRANSFORM_NAMES } from './transforms.ts';

const text = z.string().trim().min(1);
const name = text.regex(/^[a-z0-9_-]+$/, 'is written in small letters');

/** A field of the event under another name, or what is made of several of its fields. */
const fieldSchema = z.union([
  text,
  z.strictObject({
    from: z.array(text).min(1),
    as: z.enum(TRANSFORM_NAMES),
    /** Takes the place of a field of that name which means something else. */
    replace: z.boolean().default(false),
  }),
]);
const fieldsSchema = z.record(z.string(), fieldSchema).default({});

const eventSchema = z.strictObject({
  ids: z.array(z.number().int().min(0)).min(1),
  categories: z.array(name),
  /** Only when the field has one of these values, or is not there at all. */
  where: z.record(z.string(), z.array(text).min(1)).default({}),
  fields: fieldsSchema,
  /** What the event says about the life of a process. */
  process: z.enum(['start', 'end']).optional(),
});

const sourceSchema = z.strictObject({
  title: text,
  product: name,
  services: z.array(name).min(1),
  /** Compared without case. The channel decides; the provider only where the channel is unknown (collected logs). */
  channels: z.array(text).default([]),
  providers: z.array(text).default([]),
  /** Field names with blanks are also given without them (`ThreatName`) and with underscores (`Threat_Name`). */
  spacedNames: z.boolean().default(false),
  /** The process that wrote the event is the one it speaks of. Not so where a service writes for others. */
  writerActs: z.boolean().default(false),
  fields: fieldsSchema,
  events: z.array(eventSchema).default([]),
});

const mappingFileSchema = z.strictObject({ sources: z.array(sourceSchema).min(1) });

export type FieldMapping = z.infer<typeof fieldSchema>;
export type EventMapping = z.infer<typeof eventSchema>;
export type SourceMapping = z.infer<typeof sourceSchema>;

export interface MappingFile {
  readonly path: string;
  readonly text: string;
}

/** All sources of all files, in the order of the files. Two sources may not claim the same channel or provider. */
export function parseMappings(files: readonly MappingFile[]): Result<readonly SourceMapping[]> {
  return asResult('bad-mapping-file', () => {
    const sources = files.flatMap(readFile);
    refuseRepeats(files, sources);
    return sources;
  });
}

function readFile(file: MappingFile): SourceMapping[] {
  const documents = orRefuse(parseYaml(file.path, file.text));
  const [only] = documents;
  if (!only || documents.length !== 1) throw new RuleError(file.path, 'the file holds exactly one document');
  return checked(mappingFileSchema, only).sources;
}

function refuseRepeats(files: readonly MappingFile[], sources: readonly SourceMapping[]): void {
  const owners = new Map<string, string>();
  for (const source of sources) {
    const claims = [...source.channels.map((each) => `channel ${each.toLowerCase()}`), ...source.providers.map((each) => `provider ${each.toLowerCase()}`)];
    for (const claim of claims) {
      const owner = owners.get(claim);
      if (owner !== undefined) throw new RuleError(files.map(({ path }) => path).join(', '), `the ${claim} belongs to "${owner}" and to "${source.title}"`);
      owners.set(claim, source.title);
    }
  }
}
