/** What is used of the chart libraries, none of which brings types. */

declare module 'blessed-contrib/lib/widget/charts/line.js' {
  const Line: { readonly prototype: { setData(this: object, data: readonly object[]): void } };
  export = Line;
}

declare module 'blessed-contrib/lib/widget/charts/bar.js' {
  const Bar: { readonly prototype: { setData(this: object, data: object): void } };
  export = Bar;
}

declare module 'drawille-canvas-blessed-contrib' {
  interface Context {
    readonly _canvas: { frame(delimiter: string): string };
    clearRect(x: number, y: number, width: number, height: number): void;
  }
  const exported: {
    readonly Canvas: new (width: number, height: number, canvas?: unknown) => { getContext(): Context };
  };
  export = exported;
}

/** A canvas whose dots are whole cells. */
declare module 'ansi-term' {
  const AnsiTerminal: unknown;
  export = AnsiTerminal;
}

declare module 'sparkline' {
  const sparkline: (values: readonly number[], options?: { min?: number; max?: number }) => string;
  export = sparkline;
}
