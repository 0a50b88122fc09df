/** History: filters that combine, the list, and the entry that is chosen. */
import { Button, Dropdown, makeStyles, mergeClasses, Option, SearchBox, tokens } from '@fluentui/react-components';
import { ClipboardSearch24Regular, History32Regular, SearchInfo24Regular } from '@fluentui/react-icons';
import { useDeferredValue, useEffect, useState, type ReactElement } from 'react';
import { ACTIONS } from '../../../shared/history/entry.ts';
import { useShared } from '../../api/app-state.ts';
import { useBridge } from '../../api/bridge.ts';
import { useEngine } from '../../api/use-data.ts';
import { Empty, FailureBar, Loading, Screen } from '../../components/parts.tsx';
import { ACTION, HISTORY } from '../../words/words.ts';
import { DetailView } from './detail.tsx';
import { isFiltering, NO_FILTERS, toFilter, type Filters, type Period } from './filters.ts';
import { EntryList } from './list.tsx';
import { usePages, type Pages } from './use-pages.ts';

const NARROW = '@media (max-width: 900px)';

const useStyles = makeStyles({
  filters: { flexShrink: 0, display: 'flex', flexWrap: 'wrap', gap: '8px', alignItems: 'center' },
  search: { flexGrow: 1, flexBasis: '240px', maxWidth: 'none', [NARROW]: { flexBasis: '100%' } },
  narrow: { minWidth: '128px', maxWidth: '220px', flexGrow: 1, flexBasis: '128px', [NARROW]: { maxWidth: 'none' } },
  split: { flexGrow: 1, flexBasis: 0, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(320px, 5fr) minmax(0, 7fr)', gridTemplateRows: 'minmax(0, 1fr)', gap: '16px', [NARROW]: { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto', flexBasis: 'auto' } },
  pane: { minHeight: 0, minWidth: 0, boxSizing: 'border-box', backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusXLarge },
  list: { [NARROW]: { height: '320px' } },
});

export function HistoryScreen({ openId }: { readonly openId: string | null }): ReactElement {
  const styles = useStyles();
  const { historyRevision, state } = useShared();
  const connected = state.connection === 'connected';
  const [filters, setFilters] = useState(NO_FILTERS);
  const [chosen, setChosen] = useState(openId);
  const asked = useDeferredValue(filters);
  const [openedMs] = useState(() => Date.now());
  const pages = usePages(toFilter(asked, openedMs), historyRevision);
  useEffect(() => setChosen((before) => openId ?? before), [openId]);
  useSeen(pages.lines[0]?.id ?? null, isFiltering(filters));
  const { total } = pages;
  return (
    <Screen title={HISTORY.title} fixed subtitle={<span aria-live="polite">{total === null ? HISTORY.subtitle : HISTORY.count(total.exact, total.atLeast)}</span>}>
      <FilterBar filters={filters} onChange={setFilters} />
      <FailureBar failure={connected ? pages.failure : null} onRetry={pages.retry} />
      <div className={styles.split}>
        <div className={mergeClasses(styles.pane, styles.list)}><ListPane pages={pages} connected={connected} filtering={isFiltering(filters)} chosen={chosen} onChoose={setChosen} onClear={() => setFilters(NO_FILTERS)} /></div>
        <div className={styles.pane}>{chosen === null ? <Empty full icon={<ClipboardSearch24Regular />} text={HISTORY.detail} hint={HISTORY.choose} /> : <DetailView key={chosen} id={chosen} />}</div>
      </div>
    </Screen>
  );
}

function ListPane({ pages, connected, filtering, chosen, onChoose, onClear }: { readonly pages: Pages; readonly connected: boolean; readonly filtering: boolean; readonly chosen: string | null; readonly onChoose: (id: string) => void; readonly onClear: () => void }): ReactElement {
  if (pages.lines.length > 0) return <EntryList lines={pages.lines} chosenId={chosen} onChoose={onChoose} onNearEnd={pages.more} />;
  if (!connected || pages.failure !== null) return <Empty full icon={<History32Regular />} text={HISTORY.notShown} />;
  if (pages.busy) return <Loading />;
  return filtering ? <Empty full icon={<SearchInfo24Regular />} text={HISTORY.nothingFound} hint={HISTORY.nothingFoundHint}><Button onClick={onClear}>{HISTORY.clear}</Button></Empty> : <Empty full icon={<History32Regular />} text={HISTORY.empty} hint={HISTORY.emptyHint} />;
}

/** Looking at the newest entries is having seen them. */
function useSeen(newestId: string | null, filtering: boolean): void {
  const bridge = useBridge();
  useEffect(() => {
    if (newestId !== null && !filtering) void bridge.app('inboxSeen', { throughId: newestId });
  }, [bridge, newestId, filtering]);
}

const PERIODS: readonly (readonly [Period, string])[] = [['all', HISTORY.time], ['hour', HISTORY.hour], ['today', HISTORY.today], ['week', HISTORY.week]];

function FilterBar({ filters, onChange }: { readonly filters: Filters; readonly onChange: (filters: Filters) => void }): ReactElement {
  const styles = useStyles();
  const rules = useEngine('rulesList', {}).data?.rules ?? [];
  const choose = (label: string, value: string, options: readonly (readonly [string, string])[], take: (value: string) => void): ReactElement => (
    <Dropdown className={styles.narrow} aria-label={label} value={options.find(([one]) => one === value)?.[1] ?? label} selectedOptions={[value]} onOptionSelect={(_, { optionValue }) => take(optionValue ?? 'all')}>
      {options.map(([one, text]) => <Option key={one} value={one}>{text}</Option>)}
    </Dropdown>
  );
  return (
    <div className={styles.filters} role="search">
      <SearchBox className={styles.search} placeholder={HISTORY.search} aria-label={HISTORY.search} value={filters.text} onChange={(_, { value }) => onChange({ ...filters, text: value })} />
      {choose(HISTORY.action, filters.action, [['all', HISTORY.action], ...ACTIONS.filter((action) => action !== 'suspended' && action !== 'remediated').map((action) => [action, ACTION[action].word] as const)], (action) => onChange({ ...filters, action: action as Filters['action'] }))}
      {choose(HISTORY.rule, filters.rule, [['all', HISTORY.rule], ...rules.map(({ id, name }) => [id, name] as const)], (rule) => onChange({ ...filters, rule }))}
      {choose(HISTORY.time, filters.period, PERIODS, (period) => onChange({ ...filters, period: period as Period }))}
      {isFiltering(filters) ? <Button appearance="subtle" onClick={() => onChange(NO_FILTERS)}>{HISTORY.clear}</Button> : null}
    </div>
  );
}
