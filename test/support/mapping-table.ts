/** docs/mappings.md, made from the mapping files: the test beside it keeps the page true. */
import type { FieldMapping, SourceMapping } from '../../electron/engine/sensors/mappings/mapping-file.ts';

const HEAD = `# From logs to Sigma's kinds of events

Made from \`resources/rules/mappings\`; change it there and run \`npx vitest run --project unit test/unit/engine/sensors/mappings -u\`.

A record of an event file is told by its channel; where the channel is none of these (collected logs), by its provider. What
stands in no table is of product \`windows\` and of no service. Every record also has the fields \`EventID\`, \`Provider_Name\`,
\`Channel\` and \`Computer\`, and where the file says them \`Keywords\` and \`Level\` (Windows' number and its word: \`2\` or \`Error\`). Original field names are kept; what is added is named in the tables. Values without names
(\`Data0\`, \`Data1\`, …) are together the list \`Data\`, and its last entry is all of them as one text.

A process is known by its GUID, else by computer and number. What the recording told of it at its start is added to its other
events when they lack it: \`CommandLine\`, \`ParentImage\`, \`ParentCommandLine\` (with \`Source\` before it where an event names
two processes), and at a start \`AncestorImages\`. The time of an event is \`UtcTime\` where it has one, else the record's.
`;

export function mappingTable(sources: readonly SourceMapping[]): string {
  return [HEAD, ...sources.filter(hasEvents).map(section), services(sources)].join('\n');
}

function hasEvents({ events }: SourceMapping): boolean {
  return events.length > 0;
}

function section(source: SourceMapping): string {
  const rows = source.events.map(
    ({ ids, categories, where, fields, process }) =>
      `| ${ids.join(', ')} | ${code(categories)} | ${conditions(where)} | ${Object.entries(fields).map(fieldText).join('<br>')} | ${process ?? ''} |`,
  );
  return [
    `## ${source.title}`,
    '',
    `Product \`${source.product}\`, service ${code(source.services)}. ${origin(source)}`,
    ...(source.writerActs ? ['', 'The process that wrote an event is the one it speaks of, where the event names none.'] : []),
    ...(source.spacedNames ? ['', 'Field names with blanks are also given without them and with underscores.'] : []),
    ...(Object.keys(source.fields).length === 0 ? [] : ['', `In every event: ${Object.entries(source.fields).map(fieldText).join('; ')}.`]),
    '',
    '| event | category | only with | fields added | process |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function services(sources: readonly SourceMapping[]): string {
  const rows = sources.filter((source) => !hasEvents(source)).map((source) => `| ${code(source.services)} | ${source.product} | ${source.channels.join('<br>')} | ${source.providers.join('<br>')} |`);
  return ['## Services without categories', '', '| service | product | channels | providers |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function origin({ channels, providers }: SourceMapping): string {
  return [channels.length > 0 ? `Channel ${code(channels)}` : '', providers.length > 0 ? `provider ${code(providers)}` : ''].filter((part) => part !== '').join('; ') + '.';
}

function conditions(where: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(where).map(([field, values]) => `${field}: ${values.join(', ')}`).join('<br>');
}

function fieldText([name, mapping]: [string, FieldMapping]): string {
  return typeof mapping === 'string' ? `${name} = ${mapping}` : `${name} = ${mapping.as} of ${mapping.from.join(', ')}`;
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
