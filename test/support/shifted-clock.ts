/** Arguments for `node` that put its clock forward by so many milliseconds (back, if they are negative). */
export function clockShiftedBy(milliseconds: number): string[] {
  const code = `
    const shift = ${milliseconds};
    const RealDate = Date;
    const now = () => RealDate.now() + shift;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [now()], self),
      apply: () => new RealDate(now()).toString(),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    });
    Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + shift });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}
