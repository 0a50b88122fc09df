/**
 * What there is to do with each record of a template: which values go to which property or field. Made once from the template's
 * elements, so that no tree of a record is ever built.
 *
 * Fields are named as Sysmon, Sigma and the Event Viewer name them:
 * - `<Data Name="Image">` gives `Image`, several of one name a list; `<Data>` without a name gives `Data`, `<Binary>` gives `Binary`;
 *   what stands in `<ComplexData>` counts as if it stood beside it.
 * - In UserData the elements inside the one wrapper give fields of their own name; an attribute gives `Element.attribute`.
 */
import { isElement, type Attribute, type Content, type Element, type Hole, type Part } from './markup.ts';

/** Where in an event the elements stand that a plan is made of. */
export const Place = {
  document: 0,
  event: 1,
  system: 2,
  eventData: 3,
  userData: 4,
  leaves: 5,
} as const;
export type Place = (typeof Place)[keyof typeof Place];

export type SystemProperty = 'provider' | 'eventId' | 'channel' | 'computer' | 'time' | 'level' | 'keywords' | 'writerPid';

export type Step =
  /** A field that is just one value: nearly all are. */
  | { readonly kind: 'value'; readonly name: string; readonly hole: Hole }
  | { readonly kind: 'system'; readonly property: SystemProperty; readonly parts: readonly Part[] }
  | { readonly kind: 'field'; readonly name: string; readonly parts: readonly Part[] }
  /** The name itself has a hole; `name` where that is left empty. */
  | { readonly kind: 'named-field'; readonly name: string; readonly nameParts: readonly Part[]; readonly parts: readonly Part[] }
  /** Elements of their own stand in the value `index`; when it is a plain value after all, it is the field `name`. */
  | { readonly kind: 'nested'; readonly index: number; readonly place: Place; readonly name: string };

const SYSTEM_TEXTS: ReadonlyMap<string, SystemProperty> = new Map([['EventID', 'eventId'], ['Channel', 'channel'], ['Computer', 'computer'], ['Level', 'level'], ['Keywords', 'keywords']]);
/** Localised texts of the machine that exported the file; not of the event. */
const NOT_OF_THE_EVENT = 'RenderingInfo';
/** What the unnamed values of an event are called. */
export const UNNAMED = 'Data';
/** Holds named values as EventData does. */
const COMPLEX = 'ComplexData';

/** `name`: of the element around the content. */
export function planFor(content: readonly Content[], place: Place, name = UNNAMED): Step[] {
  const steps: Step[] = [];
  for (const part of content) {
    if (isElement(part)) addElement(steps, part, place);
    else if (typeof part !== 'string') steps.push({ kind: 'nested', index: part.index, place, name });
    else if (part.trim() !== '' && place >= Place.eventData) steps.push({ kind: 'field', name, parts: [part] });
  }
  return steps;
}

function addElement(steps: Step[], element: Element, place: Place): void {
  switch (place) {
    case Place.document:
      steps.push(...planFor(element.content, Place.event));
      return;
    case Place.event:
      if (element.name !== NOT_OF_THE_EVENT) steps.push(...planFor(element.content, placeInside(element)));
      return;
    case Place.system:
      addSystem(steps, element);
      return;
    case Place.eventData:
      addData(steps, element);
      return;
    case Place.userData:
      addAttributes(steps, element);
      steps.push(...planFor(element.content, Place.leaves, element.name));
      return;
    case Place.leaves:
      addLeaf(steps, element);
  }
}

function placeInside(element: Element): Place {
  switch (element.name) {
    case 'System':
      return Place.system;
    case 'EventData':
      return Place.eventData;
    case 'UserData':
      return Place.userData;
    default:
      return Place.leaves;
  }
}

function addSystem(steps: Step[], element: Element): void {
  const property = SYSTEM_TEXTS.get(element.name);
  if (property !== undefined) steps.push({ kind: 'system', property, parts: textOf(element) });
  else if (element.name === 'Provider') addSystemAttribute(steps, 'provider', attribute(element, 'Name'));
  else if (element.name === 'TimeCreated') addSystemAttribute(steps, 'time', attribute(element, 'SystemTime'));
  else if (element.name === 'Execution') addSystemAttribute(steps, 'writerPid', attribute(element, 'ProcessID'));
}

function addSystemAttribute(steps: Step[], property: SystemProperty, found: Attribute | undefined): void {
  if (found !== undefined) steps.push({ kind: 'system', property, parts: found.parts });
}

/** What stands in EventData: named by its attribute, or else by the element. */
function addData(steps: Step[], element: Element): void {
  if (element.name === COMPLEX) {
    steps.push(...planFor(element.content, Place.eventData));
    return;
  }
  const name = attribute(element, 'Name')?.parts ?? [element.name];
  const parts = textOf(element);
  const [only] = name;
  if (name.length === 1 && typeof only === 'string') steps.push(fieldStep(only, parts));
  else steps.push({ kind: 'named-field', name: element.name, nameParts: name, parts });
}

function addLeaf(steps: Step[], element: Element): void {
  if (element.name === UNNAMED) {
    addData(steps, element);
    return;
  }
  addAttributes(steps, element);
  if (element.content.some(isElement)) steps.push(...planFor(element.content, Place.leaves, element.name));
  else steps.push(fieldStep(element.name, textOf(element)));
}

function fieldStep(name: string, parts: readonly Part[]): Step {
  const only = parts[0];
  return parts.length === 1 && typeof only === 'object' ? { kind: 'value', name, hole: only } : { kind: 'field', name, parts };
}

function addAttributes(steps: Step[], element: Element): void {
  for (const { name, parts } of element.attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) steps.push(fieldStep(`${element.name}.${name}`, parts));
  }
}

function attribute(element: Element, name: string): Attribute | undefined {
  return element.attributes.find((each) => each.name === name);
}

/** The text inside an element, of elements inside it too. */
function textOf({ content }: Element): readonly Part[] {
  return content.every(isPart) ? content : content.flatMap((part) => (isElement(part) ? textOf(part) : part));
}

function isPart(content: Content): content is Part {
  return !isElement(content);
}
