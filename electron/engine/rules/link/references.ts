/** How documents find each other: by id, by name, by title; in their own file first, where short names are usual. */
import type { SigmaCorrelation, SigmaRule } from '../model.ts';
import type { CorrelationOf, LinkedRule } from './link-rules.ts';

type Target = { readonly kind: 'rule'; readonly rule: SigmaRule } | { readonly kind: 'correlation'; readonly document: CorrelationOf };

interface Entry {
  readonly file: string;
  readonly target: Target;
}

/** What a document may be called by others. */
export function namesOf({ id, name, title }: SigmaRule | SigmaCorrelation): readonly string[] {
  return [id, ...(name === null ? [] : [name]), title];
}

export class References {
  private readonly byWord = new Map<string, Entry[]>();
  private readonly files = new Map<SigmaRule | SigmaCorrelation, string>();

  constructor(rules: readonly Pick<LinkedRule, 'rule' | 'file'>[], correlations: readonly CorrelationOf[]) {
    for (const { rule, file } of rules) this.add(rule, { file, target: { kind: 'rule', rule } });
    for (const document of correlations) this.add(document.correlation, { file: document.file, target: { kind: 'correlation', document } });
  }

  fileOf(item: SigmaRule | SigmaCorrelation): string | null {
    return this.files.get(item) ?? null;
  }

  /** In words why there is none. */
  find(reference: string, file: string): Target | string {
    for (const kind of ['id', 'name', 'title']) {
      const found = this.byWord.get(`${kind}:${reference}`) ?? [];
      const near = found.filter((entry) => entry.file === file);
      const [first, second] = near.length > 0 ? near : found;
      if (second) return `"${reference}" is the ${kind} of more than one rule`;
      if (first) return first.target;
    }
    return `"${reference}" is the id, name or title of no rule here`;
  }

  private add(item: SigmaRule | SigmaCorrelation, entry: Entry): void {
    this.files.set(item, entry.file);
    for (const [kind, word] of Object.entries({ id: item.id, name: item.name, title: item.title })) {
      if (word === null) continue;
      const list = this.byWord.get(`${kind}:${word}`);
      if (list) list.push(entry);
      else this.byWord.set(`${kind}:${word}`, [entry]);
    }
  }
}
