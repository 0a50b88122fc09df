/** The fields of an opening of a guarded file. */
import type { FileAccessField } from '../../../shared/event/fields.ts';
import { NOT_READ, type NotRead, type OpenFactReader, type OpenFacts } from '../../../shared/start/facts.ts';
import { effectiveParent } from '../behavior/start/views.ts';
import type { FieldSource, FieldValue } from '../rules/subject.ts';

const FACTS: Readonly<Record<FileAccessField, readonly (keyof OpenFacts)[]>> = {
  TargetFilename: ['targetFilename'],
  Image: ['image'],
  CommandLine: ['argv'],
  User: ['uid', 'userName'],
  ParentImage: ['ancestors'],
  AncestorImages: ['ancestors'],
  SharesRoot: ['sharesRoot'],
};

export const OPEN_FIELDS: ReadonlySet<string> = new Set(Object.keys(FACTS));

const COSTS: Readonly<Partial<Record<string, number>>> = { ParentImage: 20, AncestorImages: 20, User: 40, SharesRoot: 60, CommandLine: 1000 };

export function openFieldCost(field: string): number {
  return COSTS[field] ?? 0;
}

export class OpenFieldSource implements FieldSource {
  private readonly facts: OpenFactReader;

  constructor(facts: OpenFactReader) {
    this.facts = facts;
  }

  missing(field: string): readonly (keyof OpenFacts)[] {
    const facts = Object.hasOwn(FACTS, field) ? FACTS[field as FileAccessField] : [];
    return facts.filter((fact) => this.facts(fact) === NOT_READ);
  }

  read(field: string): FieldValue | NotRead {
    switch (field) {
      case 'TargetFilename':
        return this.facts('targetFilename');
      case 'Image':
        return this.facts('image');
      case 'CommandLine': {
        const argv = this.facts('argv');
        // Arguments that nobody can read leave the rule undecided, they do not clear it.
        return argv === NOT_READ || argv === null ? NOT_READ : argv.join(' ');
      }
      case 'ParentImage': {
        const ancestors = this.facts('ancestors');
        return ancestors === NOT_READ ? NOT_READ : effectiveParent(ancestors)?.image;
      }
      case 'AncestorImages': {
        const ancestors = this.facts('ancestors');
        return ancestors === NOT_READ ? NOT_READ : ancestors.map((ancestor) => ancestor.image);
      }
      case 'SharesRoot':
        return this.facts('sharesRoot');
      case 'User':
        return this.user();
      default:
        return undefined;
    }
  }

  private user(): FieldValue | NotRead {
    const name = this.facts('userName');
    if (name === NOT_READ || name !== null) return name;
    const uid = this.facts('uid');
    return uid === NOT_READ ? NOT_READ : uid === null ? undefined : String(uid);
  }
}
