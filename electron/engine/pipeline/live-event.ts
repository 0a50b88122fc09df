/**
 * Makes of a start that the live sensor saw what the pipeline takes: kind `process_creation`, with the fields of the Linux
 * feed (`asr/start-fields.ts`). A field is read when a rule asks for it, so no file is opened that no rule speaks about; a
 * fact that would have to be waited for is a field the event does not have.
 */
import { NOT_READ, type FactReader } from '../../../shared/start/facts.ts';
import { StartFieldSource, START_FIELDS } from '../asr/start-fields.ts';
import type { DetectorStep } from '../behavior/detectors/step.ts';
import { startViews, type StartView } from '../behavior/start/views.ts';
import type { ProcessLife } from '../core/process-node.ts';
import type { ProcessPoint } from '../core/process-point.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { LogSource } from '../rules/model.ts';
import type { RuleEvent } from '../rules/set/rule-event.ts';
import type { FieldValue } from '../rules/subject.ts';
import type { PipelineEvent } from './event-pipeline.ts';
import type { SeenStart } from './seen-start.ts';

/** The kind of every live start. */
export const LINUX_START: LogSource = { product: 'linux', category: 'process_creation', service: null };
const NO_DETECTORS: DetectorStep = { hits: [], needs: [], hidden: false };

export interface LiveStart {
  /** Grows with each event of this engine. */
  readonly number: number;
  readonly start: SeenStart;
  readonly facts: FactReader;
  /** Wall clock, ms since the epoch. */
  readonly timeMs: number;
  /** What the detectors made of this start, where somebody feeds them. */
  readonly detectors?: DetectorStep;
}

/** Null for a start of which nothing is known but that it was. */
export function liveStartEvent({ number, start, facts, timeMs, detectors = NO_DETECTORS }: LiveStart, tree: ProcessTree): PipelineEvent | null {
  if (start.image === null) return null;
  const kinds = startViews(facts).views.filter(isOneStart).map((view): RuleEvent => ({ logsource: LINUX_START, fields: new LiveFields(new StartFieldSource(view, facts, detectors)) as unknown as RuleEvent['fields'], names: NAMES }));
  if (kinds.length === 0) return null;
  return { number, time: new Date(timeMs).toISOString(), timeMs, kinds, process: new LivePoint(start.life, tree) };
}

/** What a wrapper (sudo, nohup) starts a moment later is a start of its own and comes by itself. */
function isOneStart({ via }: StartView): boolean {
  return via !== 'wrapper';
}

const NAMES: readonly string[] = [...START_FIELDS];

/** Fields that are read when a rule asks for one. Getters of a class: making two dozen for each start took a twentieth of the engine's time. */
class LiveFields {
  readonly #source: StartFieldSource;

  static {
    for (const name of NAMES) {
      Object.defineProperty(this.prototype, name, {
        get(this: LiveFields): FieldValue {
          const value = this.#source.read(name);
          return value === NOT_READ ? undefined : value;
        },
      });
    }
  }

  constructor(source: StartFieldSource) {
    this.#source = source;
  }
}

/** A process of the live tree. Looked at when asked: what was not read at its start may be known by then. */
class LivePoint implements ProcessPoint {
  readonly guid = null;
  private readonly life: ProcessLife;
  private readonly tree: ProcessTree;

  constructor(life: ProcessLife, tree: ProcessTree) {
    this.life = life;
    this.tree = tree;
  }

  get key(): string {
    return String(this.life.order);
  }

  get pid(): number {
    return this.life.pid;
  }

  get image(): string | null {
    const image = this.tree.programOf(this.life)?.image ?? '';
    return image === '' ? null : image;
  }

  get commandLine(): string | null {
    return this.tree.programOf(this.life)?.argv?.join(' ') ?? null;
  }

  get parent(): ProcessPoint | null {
    return this.life.parent === null ? null : new LivePoint(this.life.parent, this.tree);
  }
}
