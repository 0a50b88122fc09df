/** The fields of `shared/event/fields.ts`, taken from facts: what a rule reads when it names `ParentImage`. */
import type { ProcessCreationField } from '../../../shared/event/fields.ts';
import { NOT_READ, type FactName, type FactReader, type NotRead } from '../../../shared/start/facts.ts';
import type { DetectorStep } from '../behavior/detectors/step.ts';
import { commandLineText } from '../behavior/start/command-line-text.ts';
import { baseName } from '../behavior/start/paths.ts';
import { scriptOf } from '../behavior/start/script.ts';
import { effectiveParent, isParent, type StartView } from '../behavior/start/views.ts';
import type { FieldSource, FieldValue } from '../rules/subject.ts';

/** Facts each field is made of. A field that is not read needs those of them that are not read. */
const FACTS: Readonly<Record<ProcessCreationField, readonly FactName[]>> = {
  Image: [],
  CommandLine: ['argv'],
  CurrentDirectory: ['currentDirectory'],
  User: ['uid', 'userName'],
  ParentImage: ['ancestors'],
  ParentCommandLine: ['parentArgv'],
  OriginalFileName: ['systemTool'],
  AncestorImages: ['ancestors'],
  ScriptPath: ['script', 'argv', 'currentDirectory'],
  SystemToolPath: ['systemTool'],
  ImageVolume: ['volume'],
  ImageAgeHours: ['imageAgeHours'],
  ImageOwnerUid: ['imageOwnerUid'],
  SharesRoot: ['sharesRoot'],
  Detectors: [],
};

/** What the sensors of this system deliver for the start of a program. */
export const START_FIELDS: ReadonlySet<string> = new Set(Object.keys(FACTS));

/** Relative cost of reading: memory first, then a link of /proc, then a file, then another process's memory. */
const COSTS: Readonly<Partial<Record<string, number>>> = {
  ParentImage: 10,
  // Each of up to sixteen processes has to be looked at; the arguments are on their way in any case.
  AncestorImages: 250,
  ImageVolume: 30,
  User: 40,
  SharesRoot: 60,
  CommandLine: 200,
  CurrentDirectory: 200,
  ImageAgeHours: 200,
  ImageOwnerUid: 200,
  ScriptPath: 300,
  Detectors: 5,
  SystemToolPath: 500,
  OriginalFileName: 500,
  ParentCommandLine: 1000,
};

export function startFieldCost(field: string): number {
  return COSTS[field] ?? 0;
}

export class StartFieldSource implements FieldSource {
  readonly view: StartView;
  private readonly facts: FactReader;
  private readonly detectors: DetectorStep;

  constructor(view: StartView, facts: FactReader, detectors: DetectorStep) {
    this.view = view;
    this.facts = facts;
    this.detectors = detectors;
  }

  /** The facts whose reading brings this field; none when nobody can read it. */
  missing(field: string): readonly FactName[] {
    if (field === 'Detectors') return this.detectors.needs;
    const facts = Object.hasOwn(FACTS, field) ? FACTS[field as ProcessCreationField] : [];
    return facts.filter((fact) => this.facts(fact) === NOT_READ);
  }

  read(field: string): FieldValue | NotRead {
    switch (field) {
      case 'Image':
        return this.view.image;
      case 'CommandLine':
        return this.view.argv.state === 'known' ? commandLineText(this.view.image, this.view.argv.values) : NOT_READ;
      case 'ScriptPath':
        return this.scriptPath();
      case 'Detectors':
        return this.detectors.needs.length > 0 || (this.detectors.hidden && this.detectors.hits.length === 0) ? NOT_READ : this.detectors.hits;
      case 'ParentImage':
        return this.parentImage();
      case 'AncestorImages':
        return this.fromAncestors((ancestors) => ancestors.map((ancestor) => ancestor.image));
      case 'ParentCommandLine':
        return absent(this.facts('parentArgv'), (argv) => argv.join(' '));
      case 'CurrentDirectory':
        return absent(this.facts('currentDirectory'), (path) => path);
      case 'SharesRoot':
        return this.facts('sharesRoot');
      case 'User':
        return this.user();
      default:
        return this.fileField(field);
    }
  }

  /** Facts of the started file say nothing about a program that it carries. */
  private fileField(field: string): FieldValue | NotRead {
    if (this.view.via !== 'itself') return undefined;
    switch (field) {
      case 'SystemToolPath':
        return absent(this.facts('systemTool'), (path) => path);
      case 'OriginalFileName':
        return absent(this.facts('systemTool'), baseName);
      case 'ImageVolume':
        return absent(this.facts('volume'), (volume) => volume);
      case 'ImageAgeHours':
        return absent(this.facts('imageAgeHours'), (hours) => hours);
      case 'ImageOwnerUid':
        return absent(this.facts('imageOwnerUid'), (uid) => uid);
      default:
        return undefined;
    }
  }

  private fromAncestors(pick: (ancestors: Exclude<ReturnType<typeof readAncestors>, NotRead>) => FieldValue): FieldValue | NotRead {
    const ancestors = readAncestors(this.facts);
    return ancestors === NOT_READ ? NOT_READ : pick(ancestors);
  }

  /** Mostly what the process itself ran before; then the line above it need not be read. */
  private parentImage(): FieldValue | NotRead {
    const running = this.facts('runningImage');
    if (typeof running === 'string' && running !== '' && isParent(running)) return running;
    return this.fromAncestors((ancestors) => effectiveParent(ancestors)?.image);
  }

  private scriptPath(): FieldValue | NotRead {
    const script = scriptOf(this.view, this.facts);
    if (script.missing !== null || script.unknown) return NOT_READ;
    return script.path ?? undefined;
  }

  private user(): FieldValue | NotRead {
    const name = this.facts('userName');
    if (name === NOT_READ) return NOT_READ;
    return name ?? absent(this.facts('uid'), (uid) => String(uid));
  }
}

function readAncestors(facts: FactReader) {
  return facts('ancestors');
}

/** A fact that is null on this start is a field the event does not have. */
function absent<T>(value: T | null | NotRead, use: (value: T) => FieldValue): FieldValue | NotRead {
  if (value === NOT_READ) return NOT_READ;
  return value === null ? undefined : use(value);
}
