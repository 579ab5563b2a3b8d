/** What a fault proxy does with the bytes it is given. */

export type ProxyMode =
  | { kind: 'pass' }
  /** Accepts connections and forwards nothing; what was sent meanwhile arrives when the mode changes. */
  | { kind: 'blackhole' }
  /** Ends every connection by RST, those there are and each new one. */
  | { kind: 'reset' }
  /** Nobody listens: connecting fails with ECONNREFUSED. Connections there are go on. */
  | { kind: 'refuse' }
  /** Each piece arrives that many milliseconds later, in both directions. */
  | { kind: 'delay'; milliseconds: number }
  /** For each direction of each connection. */
  | { kind: 'throttle'; bytesPerSecond: number }
  /** Forwards so many bytes of this direction from now on, then resets; `up` goes to the server. */
  | { kind: 'cut'; afterBytes: number; direction: Direction };

export type Direction = 'up' | 'down';
