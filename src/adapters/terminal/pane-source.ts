/** What a worker needs of its connection to the ptyhost: PtyDataConnection, or a fake in tests. */

/** In stream order; buffers are views that are valid until the handler returns. */
export interface SourceHandlers {
  readonly onRestore: (restore: {
    readonly offset: number;
    readonly cols: number;
    readonly rows: number;
    readonly bytes: Uint8Array;
  }) => void;
  readonly onData: (bytes: Uint8Array, offset: number) => void;
  readonly onResized: (cols: number, rows: number, offset: number) => void;
  readonly onEnded: (offset: number) => void;
}

export interface PaneSource {
  attach(pane: number, handlers: SourceHandlers): Promise<void>;
  detach(pane: number): void;
  consumed(pane: number, offset: number): void;
  checkpoint(pane: number, offset: number, cols: number, rows: number, bytes: Uint8Array): void;
  write(pane: number, bytes: Uint8Array): void;
  onCheckpointWanted(callback: (pane: number) => void): void;
  onClose(callback: () => void): void;
}
