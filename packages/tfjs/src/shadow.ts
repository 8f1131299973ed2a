type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Stands around a method: gets the next one in line, and the arguments of this call. */
export type Around = (next: (...args: unknown[]) => unknown, args: unknown[]) => unknown;

interface Shadow {
  /** Never changed in place: a call that is under way keeps to the line it began with. */
  arounds: readonly Around[];
  /** Brings back what was there before. */
  remove(): void;
}

const shadows = new WeakMap<object, Map<string, Shadow>>();

/**
 * Puts `around` in front of a method of one object, by an own property of that object, and returns the function
 * that takes it away again. The class of the object is not touched.
 *
 * Any number may stand in front of one method, and they may go in any order: after the last the object is as it
 * was, with no own property as a rule. Should somebody else have put a method in front of ours by then, theirs
 * stays, and ours passes every call on.
 */
export function shadow(target: object, key: string, around: Around): () => void {
  const methods = shadows.get(target) ?? new Map<string, Shadow>();
  shadows.set(target, methods);
  const installed = methods.get(key) ?? install(target, key, methods);
  installed.arounds = [...installed.arounds, around];
  return () => {
    if (!installed.arounds.includes(around)) return;
    installed.arounds = installed.arounds.filter((other) => other !== around);
    if (installed.arounds.length === 0) installed.remove();
  };
}

function install(target: object, key: string, methods: Map<string, Shadow>): Shadow {
  const before = Object.getOwnPropertyDescriptor(target, key);
  const original = Reflect.get(target, key) as Method;

  const value = function (this: unknown, ...args: unknown[]): unknown {
    const { arounds } = installed;
    // The last to come stands outermost.
    const from = (place: number, given: unknown[]): unknown => {
      const around = arounds[place];
      return around ? around((...passed) => from(place - 1, passed), given) : original.apply(this, given);
    };
    return from(arounds.length - 1, args);
  };
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });

  const installed: Shadow = {
    arounds: [],
    remove() {
      if (Reflect.get(target, key) !== value) return;
      if (before) Object.defineProperty(target, key, before);
      else Reflect.deleteProperty(target, key);
      methods.delete(key);
    },
  };
  methods.set(key, installed);
  return installed;
}
