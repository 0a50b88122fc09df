/** Makes of the records of a file what the pipeline takes: mapped to Sigma's kinds, with its process found in the tree of the recording. */
import type { EventRecord } from '../../formats/record.ts';
import { ancestorsOf, type ProcessPoint } from '../core/process-point.ts';
import { RecordedTree } from '../core/recorded-tree.ts';
import { eventTime, readTime } from '../sensors/mappings/event-time.ts';
import type { Fields, MappedLogs } from '../sensors/mappings/mapped-log.ts';
import { actorOf, startOf, type Where } from '../sensors/mappings/mentions.ts';
import type { PipelineEvent } from './event-pipeline.ts';

/** What a log does not say about a process, the tree may know from its start. */
type Added = Record<string, string | readonly string[]>;

export class RecordedEvents {
  private readonly logs: MappedLogs;
  private tree = new RecordedTree();

  constructor(logs: MappedLogs) {
    this.logs = logs;
  }

  /** `number`: its place in its input. */
  take(record: EventRecord, number: number): PipelineEvent {
    const { logsources, fields, process: life, writerPid } = this.logs.map(record);
    const where: Where = { computer: record.computer, recordedMs: readTime(record.time).ms, writerPid };
    const process = this.processOf(life, fields, where);
    const time = eventTime(fields, record.time);
    const whole = process === null ? fields : { ...known(process, fields, life === 'start'), ...fields };
    return { number, time: time.iso, timeMs: time.ms, kinds: logsources.map((logsource) => ({ logsource, fields: whole })), process };
  }

  /** The process and all that is known to have come from it. */
  family(process: ProcessPoint, most: number): readonly ProcessPoint[] {
    return this.tree.family(process, most);
  }

  forget(): void {
    this.tree = new RecordedTree();
  }

  private processOf(life: 'start' | 'end' | null, fields: Fields, where: Where): ProcessPoint | null {
    if (life === 'start') {
      const mention = startOf(fields, where);
      return mention.guid === null && mention.pid === null && mention.image === null ? null : this.tree.start(mention);
    }
    const mention = actorOf(fields, where);
    const process = this.tree.actor(mention);
    if (life === 'end') this.tree.end(mention);
    return process;
  }
}

/** Rules ask for these of starts (the Security log has no command line of the parent) and of what processes do later. */
function known(process: ProcessPoint, fields: Fields, isStart: boolean): Added {
  // An event about two processes names the acting one with this word before each field.
  const prefix = Object.hasOwn(fields, 'SourceImage') ? 'Source' : '';
  const added: Added = {};
  const add = (name: string, value: string | null | undefined): void => {
    if (typeof value === 'string') added[`${prefix}${name}`] = value;
  };
  add('CommandLine', process.commandLine);
  add('ParentImage', process.parent?.image);
  add('ParentCommandLine', process.parent?.commandLine);
  if (isStart) {
    const images = [...ancestorsOf(process)].map(({ image }) => image).filter((image) => image !== null);
    if (images.length > 0) added['AncestorImages'] = images;
  }
  return added;
}
