/** Stands in for a module that is large and seldom used, until it is. */

const memberOf = (owner: unknown, names: readonly string[]): unknown =>
  names.reduce<unknown>((found, name) => Reflect.get(Object(found) as object, name), owner);

const place = (load: () => unknown, names: readonly string[]): object => {
  const find = (path: readonly string[]): unknown => memberOf(load(), path);
  // A function, as only what stands for one may be called.
  return new Proxy(function standIn() {}, {
    get: (_, name) => {
      if (typeof name === 'symbol') return Reflect.get(Object(find(names)) as object, name) as unknown;
      return name === '__esModule' && names.length === 0 ? true : place(load, [...names, name]);
    },
    apply: (_, __, values: unknown[]) =>
      Reflect.apply(
        find(names) as (...values: unknown[]) => unknown,
        find(names.slice(0, -1)),
        values,
      ) as unknown,
    construct: (_, values: unknown[]) =>
      Reflect.construct(find(names) as new (...values: unknown[]) => object, values),
  });
};

/**
 * What may be given for the exports of a module of classes and functions: names, however deep, can be read at no cost, and `load` is
 * called when one of them is called or constructed. Its members can't be listed. @param load gives the module; called each time
 */
export const loadLater = (load: () => unknown): object => place(load, []);
